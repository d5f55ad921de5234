{#- Match weight, probability and evidence of each pair in `vectors` (comparison vectors). The weight of a level is
    log2(m / u); where both have the same value, u is how common that very value is among other entities. The prior
    is the share of matches among all pairs of the tenant. -#}
{% macro scored_pairs(vectors) %}
{%- set attributes = match_attributes() -%}
select
    v.record_no_a,
    v.record_no_b,
    v.tenant_id,
    v.kind,
    scores.match_weight,
    1 / (1 + power(2::double precision, -greatest(least(scores.match_weight, 200), -200))) as match_probability,
    {%- for attribute in attributes %}
    v.{{ attribute.name }} as {{ attribute.name }}_level,
    scores.{{ attribute.name }}_weight,
    {%- endfor %}
    p.prior_weight,
    p.model_version
from {{ vectors }} as v
inner join {{ ref("int_match_priors") }} as p on p.tenant_id = v.tenant_id and p.kind = v.kind
inner join {{ ref("int_match_features") }} as a on a.record_no = v.record_no_a
{%- for attribute in attributes %}
left join {{ ref("int_match_value_counts") }} as {{ attribute.name }}_counts
    on
        v.{{ attribute.name }} = {{ attribute.top }}
        and {{ attribute.name }}_counts.tenant_id = v.tenant_id
        and {{ attribute.name }}_counts.kind = v.kind
        and {{ attribute.name }}_counts.attribute = '{{ attribute.name }}'
        and {{ attribute.name }}_counts.key_hash = hashtextextended(a.{{ attribute.value }} collate "C", 0)
{%- endfor %}
cross join
    lateral (
        select
            {%- for attribute in attributes %}
            case
                when {{ attribute.name }}_counts.weight is not null then {{ attribute.name }}_counts.weight
                else p.weights[{{ loop.index }}][v.{{ attribute.name }} + 1]
            end as {{ attribute.name }}_weight{{ "," if not loop.last }}
            {%- endfor %}
    ) as evidence
cross join
    lateral (
        select
            p.prior_weight
            {%- for attribute in attributes %}
            + coalesce(evidence.{{ attribute.name }}_weight, 0)
            {%- endfor %} as match_weight,
            {%- for attribute in attributes %}
            evidence.{{ attribute.name }}_weight{{ "," if not loop.last }}
            {%- endfor %}
    ) as scores
{% endmacro %}
