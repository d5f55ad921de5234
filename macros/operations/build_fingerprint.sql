{#- A hash of all that decides what a build makes of the same rows: every model, function and seed, and the
    settings in `vars`. Overrides are data and left out; so is which systems are switched off, for that only says
    which tables are read. dbt keeps no checksum of macros: raise `normalization_version` when one changes answers. -#}
{% macro build_fingerprint() %}
    {%- set parts = [] -%}
    {%- if execute -%}
        {%- for node in graph.nodes.values()
            if node.resource_type in ["model", "seed"] and node.package_name == project_name
                and node.name != "match_overrides"
        -%}
            {%- do parts.append(node.unique_id ~ "=" ~ node.checksum.checksum) -%}
        {%- endfor -%}
        {%- for node in graph.functions.values() if node.package_name == project_name -%}
            {%- do parts.append(node.unique_id ~ "=" ~ node.checksum.checksum) -%}
        {%- endfor -%}
        {%- for name in [
            "systems", "default_tenant", "normalization_version", "shared_identifier_min_name_groups",
            "shared_identifier_max_group_share", "max_cluster_records", "score_pairs", "match_model_version",
            "match_link_threshold", "match_keep_probability", "match_cohesion", "match_unscored_probability",
            "match_rarest_value", "match_largest_component", "match_smallest_population",
        ] -%}
            {%- do parts.append(name ~ "=" ~ (var(name) | tojson)) -%}
        {%- endfor -%}
    {%- endif -%}
    {{- return(local_md5(parts | sort | join("\n"))) -}}
{% endmacro %}
