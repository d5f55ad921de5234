select {{ organization_words() }}::jsonb
    ?| string_to_array({{ function('name_words') }}({{ function('fold_accents') }}(raw)), ' ')
