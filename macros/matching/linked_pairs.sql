{#- Edges out of scored pairs. Components of the edges at the link threshold are taken one by one; a component
    that is too large for that is cut into those of its edges at ever higher weights first. -#}
{% macro linked_pairs(scored, threshold=var("match_link_threshold")) %}
{%- set cuts = [none, 0.5, 1, 1.5, 2, 3, 4, 5, 6, 8, 10, 12, 16, 24, 32] -%}
with edges as (
    select
        record_no_a,
        record_no_b,
        match_weight
    from {{ scored }}
    where match_probability >= {{ threshold }}
),
{% for cut in cuts %}
components_{{ loop.index }} as (
    select
        components.record_no,
        components.cluster_no,
        count(*) over (partition by components.cluster_no) as size
    from (
        select
            {{ packed_edges("edges.record_no_a", "edges.record_no_b") }}
        from edges
        {%- if not loop.first %}
        inner join components_{{ loop.index - 1 }} as large
            on large.record_no = edges.record_no_a and large.size > {{ var("match_largest_component") }}
        where edges.match_weight >= {{ cut }}
        {%- endif %}
    ) as packed,
        {{ function("cluster_packed_edges") }}(packed.edges, packed.highest) as components
),
{% endfor %}
-- Grouped, so that the planner knows what it cannot guess of a function: that each record is there once.
members as (
    select
        record_no,
        min(component) as component,
        min(size) as size,
        min(place) as place
    from (
        {%- for cut in cuts %}
        select
            record_no,
            cluster_no * {{ cuts | length }} + {{ loop.index }} as component,
            size,
            row_number() over (partition by cluster_no order by record_no) as place
        from components_{{ loop.index }}
        where size <= {{ var("match_largest_component") }}
        {{ "union all" if not loop.last }}
        {%- endfor %}
    ) as placed
    group by record_no
),

-- Computed once, so that the planner does not pair all members of a component before it looks which pairs there are.
placed as (
    select
        pairs.record_no_a,
        pairs.record_no_b,
        pairs.match_probability,
        pairs.match_weight,
        members.component,
        members.size,
        members.place
    from {{ scored }} as pairs
    inner join members on members.record_no = pairs.record_no_a
    {{ computed_once() }}
),

matrices as (
    select
        min(a.size)::integer as size,
        array_agg(a.record_no_a) as record_nos_a,
        array_agg(a.record_no_b) as record_nos_b,
        array_agg(a.place::integer) as places_a,
        array_agg(b.place::integer) as places_b,
        array_agg(a.match_probability) as probabilities,
        array_agg(a.match_weight) as weights
    from placed as a
    inner join members as b on b.record_no = a.record_no_b and b.component = a.component
    group by a.component
)

select
    matrices.record_nos_a[links.place] as record_no_a,
    matrices.record_nos_b[links.place] as record_no_b,
    matrices.probabilities[links.place] as match_probability,
    matrices.weights[links.place] as match_weight,
    links.is_accepted
from matrices
cross join
    lateral {{ function("link_component") }}(
        matrices.size,
        matrices.places_a,
        matrices.places_b,
        matrices.probabilities,
        matrices.weights,
        {{ threshold }},
        {{ var("match_cohesion") }},
        {{ var("match_unscored_probability") }}
    ) as links
{% endmacro %}
