{#- Settings of one model's transaction: enough memory for its sorts, parallel workers for whatever is not
    tiny, no JIT (it costs more than it saves here), indexes rather than scans for a few thousand rows (solid-state
    disks, or tables in memory), and UTC wherever a time becomes text. Where policies bind the role that builds,
    reading fails: rows that it does not see would count as deleted. -#}
{% macro session_settings() %}
set local work_mem = '{{ var("work_mem") }}';
set local min_parallel_table_scan_size = '256kB';
set local jit = off;
set local random_page_cost = 1.1;
set local timezone = 'UTC';
set local row_security = off
{% endmacro %}
