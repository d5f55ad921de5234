{#- Makes a full run sort its pairs to find each once, rather than hash them: workers sort, and who reads the pairs finds
    the first record of one where that of the last pair was. -#}
{% macro sorted_pairs() %}
set local enable_hashagg = {{ "off" if is_full_run() or var("match_training") else "on" }}
{% endmacro %}
