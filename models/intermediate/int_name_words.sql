-- Grain: one row per word that ever stood in a customer's name: the spellings that a search for a misspelt name tries.
-- Far fewer than names, so that comparing a word with all of them is quick.
{{ config(
    materialized="upsert",
    unlogged=false,
    unique_key="word",
    contract={"enforced": true},
    meta={
        "upsert": {"scope": "changes", "worklist": "int_touched_customers"},
        "indexes": [{"name": "int_name_words_trgm", "columns": "word gin_trgm_ops", "type": "gin", "with": "fastupdate = off"}]
    }
) }}

select distinct unnest({{ function("search_words") }}(name)) as word
from {{ ref("customers") }}
where {{ touched("anchor_no", "int_touched_customers") }}
