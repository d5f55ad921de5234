"""People put into the made-up legacy systems by hand, so that a search for them finds them and nobody else."""

from __future__ import annotations

# Zebulon is in every system. His request, cart, order and session name him by key alone.
ZEBULON = "00000000-0000-4000-8000-0000000000a1"
PROFILE = "00000000-0000-4000-8000-0000000000a2"
SHOPPER = "00000000-0000-4000-8000-0000000000a3"
LEAD = "00000000-0000-4000-8000-0000000000a4"
# A second account of his, which a shared phone makes one customer with the first.
SECOND = "00000000-0000-4000-8000-0000000000a5"
# A mother and a daughter with one phone, whom a decision keeps apart.
ODALYS = "00000000-0000-4000-8000-0000000000b1"
XIMENA = "00000000-0000-4000-8000-0000000000b2"
FAMILY_PHONE = "+573009182736"

PHONE = "+573007315904"
OTHER_PHONE = "+573002846157"
EMAIL = "zeb.quillfeather@example.org"

# What must be found nowhere afterwards; digits may have anything between them.
WORDS = r"zebulon|quillfeather|3[^0-9]*0[^0-9]*0[^0-9]*7[^0-9]*3[^0-9]*1[^0-9]*5[^0-9]*9[^0-9]*0[^0-9]*4|3002846157"

INSERTS = f"""
    insert into marketplace.users
        (id, tenant_id, user_type, full_name, email, phone_number, city, is_active, created_at, updated_at)
    values
        ('{ZEBULON}', 'acme', 'client', 'Zebulon Quillfeather', '{EMAIL}', '{OTHER_PHONE}', 'Cali', true,
            '2025-01-01', '2025-12-01'),
        ('{SECOND}', 'acme', 'client', 'Quillfeather Z.', null, '+573008888777', 'Cali', true,
            '2025-02-01', '2025-02-01'),
        ('{ODALYS}', 'acme', 'client', 'Odalys Marchbanks', null, '{FAMILY_PHONE}', 'Cali', true,
            '2025-01-01', '2025-01-01'),
        ('{XIMENA}', 'acme', 'client', 'Ximena Marchbanks', null, '{FAMILY_PHONE}', 'Cali', true,
            '2025-03-01', '2025-03-01');
    insert into marketplace.service_requests
        (id, tenant_id, client_id, service_type, description, address, city, created_at, updated_at)
    values (md5('z1')::uuid, 'acme', '{ZEBULON}', 'plumbing', 'Ask for Zebulon', '1 Quillfeather Lane', 'Cali',
        '2025-05-01', '2025-05-01');
    insert into booking.prospects (id, tenant_id, first_name, last_name, email, phone, notes, created_at, updated_at)
    values ('zeb-p', 'acme', 'Zebulon', 'Quillfeather', '{EMAIL}', '{PHONE}', 'likes mornings', '2025-01-02',
        '2025-01-02');
    insert into booking.appointments
        (id, tenant_id, prospect_id, customer_name, customer_email, customer_phone, service_name, notes,
            appointment_date, created_at, updated_at)
    values
        ('zeb-a', 'acme', 'zeb-p', 'ZEBULON QUILLFEATHER', '{EMAIL}', '{PHONE}', 'cut', 'his son comes along',
            '2025-06-01', '2025-05-01', '2025-05-01'),
        -- A bad row: it goes into quarantine, and nothing but its phone says whose it is.
        ('zeb-q', 'acme', null, 'Zebulon' || chr(1), null, '{PHONE}', 'cut', null, '2025-06-02', '2025-05-02',
            '2025-05-02');
    insert into booking.omni_conversations
        (id, tenant_id, channel, customer_name, customer_phone, first_message_at, created_at, updated_at)
    values ('zeb-o', 'acme', 'whatsapp', 'Zebulon Q', '{PHONE}', '2025-06-03', '2025-06-03', '2025-06-03');
    insert into field_service.equipment
        (id, tenant_id, serial_number, customer_contact_name, customer_contact_phone, organization_name,
            installation_address, created_at, updated_at)
    values ('zeb-e', 'acme', 'SN-1', 'Mr Zebulon Quillfeather', '{PHONE}', 'Quillfeather Clinic', '1 Quillfeather Lane',
        '2025-01-05', '2025-01-05');
    insert into field_service.service_tickets
        (id, tenant_id, ticket_number, customer_name, customer_phone, title, description, created_at, updated_at)
    values ('zeb-t', 'acme', 'T-1', 'Zebulon Quillfeather', '{PHONE}', 'Zebulon calls again', 'ring 300 731 59 04',
        '2025-01-06', '2025-01-06');
    insert into commerce.customers (id, tenant_id, wa_id, display_name, created_at, updated_at)
    values ('{SHOPPER}', 'acme', '573007315904', 'Zeb Quillfeather', '2025-01-07', '2025-01-07');
    insert into commerce.profiles (user_id, tenant_id, whatsapp_e164, display_name, email, created_at, updated_at)
    values ('{PROFILE}', 'acme', '{PHONE}', 'Zeb Quillfeather', '{EMAIL}', '2025-01-08', '2025-01-08');
    insert into commerce.carts (id, tenant_id, customer_id, created_at, updated_at)
    values (md5('z2')::uuid, 'acme', '{SHOPPER}', '2025-02-01', '2025-02-01');
    insert into commerce.orders (id, tenant_id, customer_id, order_code, placed_at, created_at, updated_at)
    values (md5('z3')::uuid, 'acme', '{SHOPPER}', 'ZEB-1', '2025-02-02', '2025-02-02', '2025-02-02');
    insert into commerce.sessions (id, tenant_id, customer_id, started_at, created_at, updated_at)
    values (md5('z4')::uuid, 'acme', '{SHOPPER}', '2025-02-03', '2025-02-03', '2025-02-03');
    insert into crm.leads_master
        (id, tenant_id, full_name, phone_number, phone_number_normalized, email, notes, created_at, updated_at)
    values ('{LEAD}', 'acme', 'Quillfeather, Zebulon', '300-731-5904', '3007315904', '{EMAIL}', 'zebulon again',
        '2025-01-09', '2025-01-09');
"""

# After a first build: the number that he had, an account that turns out to be his, and decisions that name them.
CHANGES = f"""
    update marketplace.users set phone_number = '{PHONE}', updated_at = '2026-01-01' where id = '{ZEBULON}';
    update marketplace.users set phone_number = '{PHONE}', updated_at = '2026-01-01' where id = '{SECOND}';
    insert into c360_ops.match_overrides
        (decision, tenant_id, system_a, entity_a, source_id_a, system_b, entity_b, source_id_b, reason)
    values
        ('link', 'acme', 'marketplace', 'users', '{ZEBULON}', 'crm', 'leads_master', '{LEAD}', 'Zebulon says so'),
        ('separate', 'acme', 'marketplace', 'users', '{ODALYS}', 'marketplace', 'users', '{XIMENA}',
            'mother, daughter');
"""
