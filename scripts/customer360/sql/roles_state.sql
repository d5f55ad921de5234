-- Grain: one row per role of the project: whether it is there, how much it may read and call, and who has it.
select
    wanted.role,
    pg_roles.oid is not null as is_there,
    (
        select count(*)
        from pg_class as c
        cross join lateral aclexplode(c.relacl) as granted
        where granted.grantee = pg_roles.oid and granted.privilege_type = 'SELECT'
    ) as relations,
    (
        select count(*)
        from pg_proc as p
        cross join lateral aclexplode(p.proacl) as granted
        where granted.grantee = pg_roles.oid
    ) as functions,
    array(
        select members.rolname::text
        from pg_auth_members as membership
        inner join pg_roles as members on members.oid = membership.member
        where membership.roleid = pg_roles.oid
        order by members.rolname
    ) as members
from (values (1, 'c360_reader'), (2, 'c360_app'), (3, 'c360_admin')) as wanted (place, role)
left join pg_roles on pg_roles.rolname = wanted.role
order by wanted.place
