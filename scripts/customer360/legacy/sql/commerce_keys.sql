-- Keys, foreign keys and indexes of commerce, built once its rows are in.

alter table commerce.customers add primary key (id);
alter table commerce.customers add constraint customers_wa_id_key unique (wa_id);
alter table commerce.profiles add primary key (user_id);
create index idx_profiles_whatsapp on commerce.profiles (whatsapp_e164);

alter table commerce.carts add primary key (id);
create index idx_carts_customer_status on commerce.carts (customer_id, status);
alter table commerce.orders add primary key (id);
create unique index idx_orders_order_code on commerce.orders (order_code);
create index idx_orders_customer on commerce.orders (customer_id, created_at);
alter table commerce.sessions add primary key (id);
create index idx_sessions_customer on commerce.sessions (customer_id);

alter table commerce.carts
add constraint carts_customer_id_fkey foreign key (customer_id) references commerce.customers (id);
alter table commerce.orders
add constraint orders_customer_id_fkey foreign key (customer_id) references commerce.customers (id);
alter table commerce.sessions
add constraint sessions_customer_id_fkey foreign key (customer_id) references commerce.customers (id);
