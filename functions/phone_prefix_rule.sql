-- What a region's plan says of the first digits dialled (see scripts/phone_plan.py). Inlined into its callers.
select ({{ function('phone_prefix_rules') }}())[width_bucket(
    (left(region_key, 5) || left(digits || '00000000', 8))::bigint, {{ function('phone_prefixes') }}()
)]::int
