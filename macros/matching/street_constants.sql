{#- Words of streets that mean the same or nothing, as JSON objects for the functions street_text and street_words. -#}

{% macro ordinals() -%}
'{"first":"1st","second":"2nd","third":"3rd","fourth":"4th","fifth":"5th","sixth":"6th","seventh":"7th","eighth":"8th","ninth":"9th","tenth":"10th"}'
{%- endmacro %}

{% macro street_fillers() -%}
'{"street":"","st":"","str":"","avenue":"","ave":"","av":"","road":"","rd":"","boulevard":"","blvd":"","drive":"","dr":"","place":"","pl":"","lane":"","ln":"","court":"","ct":"","parkway":"","pkwy":"","square":"","sq":"","north":"","n":"","south":"","s":"","east":"","e":"","west":"","w":"","ne":"","nw":"","se":"","sw":"","suite":"","ste":"","the":"","of":"","and":"","in":"","at":"","between":"","near":"","rue":"","calle":"","carrera":"","cra":"","cl":"","avenida":"","chemin":"","de":"","del":"","la":"","du":"","des":""}'
{%- endmacro %}
