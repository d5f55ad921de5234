select string_to_array(nullif({{ function('name_words') }}({{ function('fold_accents') }}(left(name, 500))), ''), ' ')
