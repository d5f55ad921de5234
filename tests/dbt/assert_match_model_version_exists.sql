-- Why: with a version that the seed lacks, a build would score nothing and say nothing.
select '{{ var("match_model_version") }}' as match_model_version
where
    {{ "true" if var("score_pairs") else "false" }}
    and not exists (
        select from {{ ref("match_weights") }} as weights
        where weights.model_version = '{{ var("match_model_version") }}'
    )
