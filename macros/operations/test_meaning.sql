{#- The kind of a test, and what it is for in one sentence: its description, else the `-- Why:` that it opens with. A
    test of one column says it by its name. -#}
{% macro test_meaning(node) %}
    {%- set first_line = (node.raw_code or "").strip().split("\n")[0] -%}
    {%- if node.resource_type == "unit_test" -%}
        {{- return({"kind": "rule", "meaning": node.description or ""}) -}}
    {%- elif node.test_metadata is defined -%}
        {{- return({"kind": "column", "meaning": node.description or ""}) -}}
    {%- endif -%}
    {{- return({
        "kind": "warning" if node.config.severity | lower == "warn" else "truth",
        "meaning": node.description or first_line.removeprefix("-- Why:").strip(),
    }) -}}
{% endmacro %}
