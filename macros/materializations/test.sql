{#- A data test as dbt runs it, with the settings of the models: it looks at what the build touched, by the same indexes. -#}
{% materialization test, adapter="postgres" %}
    {%- call statement("settings") -%} {{ session_settings() }} {%- endcall -%}
    {{ return(dbt.materialization_test_default()) }}
{% endmaterialization %}
