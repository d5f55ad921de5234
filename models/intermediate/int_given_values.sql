-- Grain: one row per (record, attribute): what each record of an identified cluster says of its customer, before
-- anything is chosen. A shared number is kept apart, and a placeholder is left out.
{{ config(materialized="ephemeral") }}

{{ given_values() }}
