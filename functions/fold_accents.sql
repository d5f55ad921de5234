select case
    when octet_length(raw) = char_length(raw) then lower(raw collate "C")
    else {{ function('fold_unicode_text') }}(raw)
end
