-- Keys of the truth, built once its rows are in.

alter table truth.people add primary key (person_id);
alter table truth.special_identifiers add primary key (tenant_id, kind, value);
alter table truth.records add primary key (system, entity, source_id);
create index records_person_id_idx on truth.records (person_id);
