{#- Stops before anything is written when the model is not set up for `upsert`. -#}
{% macro upsert_check_setup(existing, key, options) %}
    {%- if not config.get("contract").enforced -%}
        {%- do exceptions.raise_compiler_error(
            "upsert creates " ~ this.identifier ~ " from its contract: set contract.enforced and describe its columns."
        ) -%}
    {%- endif -%}
    {%- for column in key + [options.identity] + (options.touched or {}).keys() | list if column and column not in model.columns -%}
        {%- do exceptions.raise_compiler_error(
            "The contract of " ~ this.identifier ~ " has no column '" ~ column ~ "', which its upsert settings name. "
            ~ "It has: " ~ model.columns | join(", ") ~ "."
        ) -%}
    {%- endfor -%}
    {%- if options.scope | default("all") not in ["all", "changes"] -%}
        {%- do exceptions.raise_compiler_error(
            "meta.upsert.scope of " ~ this.identifier ~ " is '" ~ options.scope ~ "'; it must be 'all' or 'changes'."
        ) -%}
    {%- endif -%}
    {%- if existing is not none and existing.type != "table" -%}
        {%- do exceptions.raise_compiler_error(
            this ~ " is a " ~ existing.type ~ ", and upsert never drops. Rename or drop it, then build again."
        ) -%}
    {%- endif -%}
{% endmacro %}
