-- Why: an attribute without a survivorship rule would be empty for every customer, without a word.
select attributes.attribute
from (
    values
    {%- for attribute in golden_attributes() %}
    ('{{ attribute }}'){{ "," if not loop.last }}
    {%- endfor %}
) as attributes (attribute)
left join {{ ref("survivorship_rules") }} as rules on rules.attribute = attributes.attribute
where rules.attribute is null
