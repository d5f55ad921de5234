-- A token rules: whoever comes with claims (PostgREST and Supabase always set them) reaches the tenant that they name and
-- no other. A connection of its own, without claims, is trusted to say which tenant it means.
declare
    claims jsonb := nullif(current_setting('request.jwt.claims', true), '')::jsonb;
    own_tenant text := coalesce(claims ->> 'tenant_id', claims -> 'app_metadata' ->> 'tenant_id');
begin
    if claims is null then
        return coalesce(nullif(asked_tenant, ''), '{{ var("default_tenant") }}');
    elsif own_tenant is null then
        raise insufficient_privilege using
            message = 'The token names no tenant.',
            hint = 'Let the issuer add the claim tenant_id (or app_metadata.tenant_id).';
    elsif nullif(asked_tenant, '') <> own_tenant then
        raise insufficient_privilege using
            message = 'The token is for another tenant than the argument tenant_id.',
            hint = 'Leave tenant_id out: the token names the tenant.';
    end if;
    return own_tenant;
end
