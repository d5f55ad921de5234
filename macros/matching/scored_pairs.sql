{#- Match weight, probability and the weight of each attribute of each pair in `vectors` (comparison vectors). The weight
    of a level is log2(m / u); where both have the same value, u is how common that very value is among other entities:
    looked up once for each record, since pairs are many times more. The prior is the share of matches among all pairs
    of the tenant. Pairs that are related instead (relatives, namesakes, branches) are alike in several attributes at
    once: `related_weight` is what it takes off that the pair may be one of these. -#}
{% macro scored_pairs(vectors) %}
{%- set attributes = match_attributes() -%}
{%- set keep = var("match_keep_probability") -%}
{%- set hopeless = "log(2, (" ~ keep ~ " / (1.0 - " ~ keep ~ "))::numeric)::double precision" -%}
select
    weighted.*,
    1 / (1 + power(2::double precision, -greatest(least(weighted.match_weight, 200), -200))) as match_probability
from (
    select
        alike.*,
        alike.alike_weight + alike.related_weight as match_weight
    from (
        -- It only takes off, so what is hopeless without it need not ask.
        select
            summed.*,
            case
                when summed.alike_weight < {{ hopeless }} then 0
                else -ln(
                    1
                    {%- for class_no in [1, 2] %}
                    + case
                        when summed.related_priors[{{ class_no }}] is null then 0
                        else power(
                            2::double precision,
                            greatest(
                                least(
                                    summed.related_priors[{{ class_no }}]
                                    {%- for attribute in attributes if attribute.is_shared %}
                                    + coalesce(
                                        summed.{{ attribute.name }}_weight
                                        + summed.related_weights[{{ class_no }}][{{ attributes.index(attribute) + 1 }}][
                                            summed.{{ attribute.name }}_level + 1
                                        ],
                                        0
                                    )
                                    {%- endfor %},
                                    200
                                ),
                                -200
                            )
                        )
                    end
                    {%- endfor %}
                ) / ln(2::double precision)
            end as related_weight
        from (
            select
                levels.*,
                levels.prior_weight
                {%- for attribute in attributes %}
                + coalesce(levels.{{ attribute.name }}_weight, 0)
                {%- endfor %} as alike_weight
            from (
                select
                    v.record_no_a,
                    v.record_no_b,
                    v.tenant_id,
                    v.kind,
                    {%- for attribute in attributes %}
                    v.{{ attribute.name }} as {{ attribute.name }}_level,
                    coalesce(
                        case when v.{{ attribute.name }} = {{ attribute.top }} then shared.{{ attribute.name }} end,
                        p.weights[{{ loop.index }}][v.{{ attribute.name }} + 1]
                    ) as {{ attribute.name }}_weight,
                    {%- endfor %}
                    p.prior_weight,
                    p.related_priors,
                    p.related_weights,
                    p.model_version
                from {{ vectors }} as v
                inner join {{ ref("int_match_priors") }} as p on p.tenant_id = v.tenant_id and p.kind = v.kind
                inner join (
                    select
                        {%- for attribute in attributes %}
                        {{ attribute.name }}_counts.weight as {{ attribute.name }},
                        {%- endfor %}
                        a.record_no
                    from {{ ref("int_match_features") }} as a
                    {%- for attribute in attributes %}
                    left join {{ ref("int_match_value_counts") }} as {{ attribute.name }}_counts
                        on
                            {{ attribute.name }}_counts.tenant_id = a.tenant_id
                            and {{ attribute.name }}_counts.kind = a.kind
                            and {{ attribute.name }}_counts.attribute = '{{ attribute.name }}'
                            and {{ attribute.name }}_counts.key_hash = hashtextextended(a.{{ attribute.value }} collate "C", 0)
                    {%- endfor %}
                    {%- if not is_full_run() %}
                    where a.record_no in (select record_no_a from {{ vectors }})
                    {%- endif %}
                    {{ computed_once() }}
                ) as shared on shared.record_no = v.record_no_a
                {{ computed_once() }}
            ) as levels
            {{ computed_once() }}
        ) as summed
        {{ computed_once() }}
    ) as alike
    {{ computed_once() }}
) as weighted
{% endmacro %}
