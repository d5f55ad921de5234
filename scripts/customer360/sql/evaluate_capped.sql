-- Blocks that their cap shut out, by rule.
select rules.rule, count(*) as blocks, max(blocks.records) as largest
from {intermediate}.int_match_blocks as blocks
inner join {seeds}.blocking_rules as rules on rules.rule_no = blocks.rule_no
where blocks.is_capped
group by rules.rule
order by rules.rule
