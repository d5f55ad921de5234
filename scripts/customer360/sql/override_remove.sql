delete from {ops}.match_overrides where override_id = %(override_id)s
