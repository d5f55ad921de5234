"""The legacy tables by name: their columns in the order that rows are made in, and where a bad row is bad."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Table:
    """One legacy table."""

    schema: str
    name: str
    columns: tuple[str, ...]
    free_text: tuple[int, ...] = ()
    """Columns of unlimited text that a bad row fills with too much."""
    names: tuple[int, ...] = ()
    """Columns that a bad row puts control characters into."""
    text_dates: tuple[int, ...] = ()
    """Dates kept as text, which a bad row makes unreadable."""

    @property
    def qualified(self) -> str:
        """`schema.name`, as messages and counts use it."""
        return f"{self.schema}.{self.name}"


def _table(qualified: str, columns: str, *, free: str = "", names: str = "", dates: str = "") -> Table:
    schema, _, name = qualified.partition(".")
    listed = columns.split()
    free_text, name_columns, text_dates = (tuple(map(listed.index, wanted.split())) for wanted in (free, names, dates))
    return Table(schema, name, tuple(listed), free_text, name_columns, text_dates)


USERS = _table(
    "marketplace.users",
    """
    id tenant_id user_type full_name email phone_number city country preferred_language is_active
    created_at updated_at
    """,
    free="full_name city",
    names="full_name",
)
SERVICE_REQUESTS = _table(
    "marketplace.service_requests",
    """
    id tenant_id client_id service_type description status address city budget currency scheduled_at
    created_at updated_at
    """,
)
PROSPECTS = _table(
    "booking.prospects",
    """
    id tenant_id first_name last_name email phone status source language timezone
    preferred_contact_method tags notes created_at updated_at
    """,
    free="first_name last_name",
    names="first_name last_name",
    dates="created_at",
)
APPOINTMENTS = _table(
    "booking.appointments",
    """
    id tenant_id prospect_id customer_name customer_email customer_phone service_name appointment_date
    status notes created_at updated_at
    """,
    free="customer_name",
    names="customer_name",
    dates="appointment_date created_at",
)
OMNI_CONVERSATIONS = _table(
    "booking.omni_conversations",
    """
    id tenant_id channel customer_name customer_email customer_phone status first_message_at
    last_message_at created_at updated_at
    """,
    free="customer_name",
    names="customer_name",
    dates="first_message_at last_message_at",
)
SERVICE_TICKETS = _table(
    "field_service.service_tickets",
    """
    id tenant_id ticket_number customer_id customer_name customer_phone customer_whatsapp equipment_id
    title description status priority city state created_at updated_at resolved_at
    """,
    names="customer_name",
)
EQUIPMENT = _table(
    "field_service.equipment",
    """
    id tenant_id serial_number model customer_contact_name customer_contact_phone customer_contact_email
    organization_id organization_name organization_type registration_number gst_number website
    installation_address city state postal_code country created_at updated_at
    """,
    names="customer_contact_name",
)
CUSTOMERS = _table(
    "commerce.customers",
    "id tenant_id wa_id display_name language created_at updated_at",
    free="display_name",
    names="display_name",
)
PROFILES = _table(
    "commerce.profiles",
    "user_id tenant_id whatsapp_e164 display_name email locale created_at updated_at",
    free="display_name",
    names="display_name",
)
CARTS = _table("commerce.carts", "id tenant_id customer_id status currency total created_at updated_at")
ORDERS = _table(
    "commerce.orders",
    "id tenant_id customer_id order_code status total currency placed_at created_at updated_at",
)
SESSIONS = _table("commerce.sessions", "id tenant_id customer_id channel started_at last_seen_at created_at updated_at")
LEADS_MASTER = _table(
    "crm.leads_master",
    """
    id tenant_id customer_id full_name phone_number phone_number_normalized email company_name city
    country source_id source_name branch_id status tier assigned_to notes lead_at created_at updated_at
    """,
    free="full_name city",
    names="full_name",
    dates="lead_at",
)
TRUTH_RECORDS = _table("truth.records", "system entity source_id tenant_id person_id")
TRUTH_PEOPLE = _table("truth.people", "person_id tenant_id kind household_id region")
TRUTH_SPECIAL = _table("truth.special_identifiers", "tenant_id kind value nature household_id")

SOURCE_TABLES = (
    USERS, SERVICE_REQUESTS, PROSPECTS, APPOINTMENTS, OMNI_CONVERSATIONS, SERVICE_TICKETS, EQUIPMENT,
    CUSTOMERS, PROFILES, CARTS, ORDERS, SESSIONS, LEADS_MASTER,
)  # fmt: skip
TRUTH_TABLES = (TRUTH_PEOPLE, TRUTH_SPECIAL, TRUTH_RECORDS)
TABLES = (*SOURCE_TABLES, *TRUTH_TABLES)
SCHEMAS = ("marketplace", "booking", "field_service", "commerce", "crm", "truth")
