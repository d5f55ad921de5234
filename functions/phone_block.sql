-- The label of the block that holds a number: more than 0 if the number exists. Inlined into its callers.
-- (Of 19 digits there are only Japanese numbers, and what begins with a 9 would overflow.)
select case
    when digits collate "C" >= '1' and (octet_length(digits) < 19 or (octet_length(digits) = 19 and digits collate "C" < '9')) then
        ({{ function('phone_block_labels') }}())[width_bucket(digits::bigint, {{ function('phone_blocks') }}())]
end
