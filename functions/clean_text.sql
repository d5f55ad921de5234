select nullif(btrim(regexp_replace(raw, '\s+', ' ', 'g')), '')
