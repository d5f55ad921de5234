-- What a build needs to know about the database before it starts.
select
    current_setting('server_version_num')::integer as version_number,
    current_setting('server_version') as version,
    current_setting('server_encoding') as encoding,
    current_setting('transaction_read_only')::boolean as is_read_only,
    current_database() as database,
    current_user::text as username,
    has_database_privilege(current_database(), 'CREATE') as may_create_schemas,
    (
        select count(*) = 2 from pg_available_extensions where name in ('pg_trgm', 'fuzzystrmatch')
    ) as has_extensions
