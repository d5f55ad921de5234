-- Equal keys may be one phone written in two ways that no rule can decide: with and without Argentina's mobile 9 or
-- Brazil's ninth digit. Proposes a pair, never links one.
select regexp_replace(e164 collate "C", '^([+]54)9(?=[0-9]{10}$)|^([+]55[0-9]{2})9(?=[0-9]{8}$)', '\1\2')
