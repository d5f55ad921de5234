"""Which tenants, systems and mail providers customers of a country go to, and how often.

Every tuple is drawn from evenly: what happens more often stands in it more often.
"""

from __future__ import annotations

MERIDIAN, SAHARA, PACIFICO = "meridian", "sahara", "pacifico"
TENANTS = (MERIDIAN, SAHARA, PACIFICO)
SYSTEMS = ("marketplace", "booking", "field_service", "commerce", "crm")
NUMBER_OF_SYSTEMS = (1,) * 65 + (2,) * 25 + (3,) * 8 + (4,) * 2

_AMERICA = {"CO": 10, "MX": 5, "BR": 4, "AR": 2, "CL": 2, "PE": 1}
_AFRICA = {"KE": 7, "RW": 5, "UG": 3, "TZ": 2}
_WEIGHTS = {"IN": 42, "FR": 17} | _AMERICA | _AFRICA
COUNTRIES = tuple(code for code, weight in _WEIGHTS.items() for _ in range(weight))

TENANTS_OF = {
    "IN": (MERIDIAN,) * 8 + (SAHARA, PACIFICO),
    "FR": (MERIDIAN,) * 5 + (SAHARA,) * 4 + (PACIFICO,),
    **dict.fromkeys(_AMERICA, (PACIFICO,) * 6 + (MERIDIAN,) * 4),
    **dict.fromkeys(_AFRICA, (SAHARA,) * 6 + (MERIDIAN,) * 4),
}
HOMES_OF = {
    "IN": ("crm",) * 12 + ("field_service",) * 4 + ("marketplace", "booking", "commerce", "commerce"),
    "FR": ("booking",) * 16 + ("marketplace", "commerce", "crm", "crm"),
    **dict.fromkeys(_AMERICA, ("marketplace",) * 15 + ("booking", "commerce", "commerce", "crm", "crm")),
    **dict.fromkeys(_AFRICA, ("commerce",) * 15 + ("marketplace", "booking", "crm", "crm", "crm")),
}
_ANYWHERE = ("gmail.com",) * 6 + ("hotmail.com", "yahoo.com", "outlook.com", "icloud.com")
EMAIL_DOMAINS_OF = {
    **dict.fromkeys(_WEIGHTS, _ANYWHERE),
    "IN": ("gmail.com",) * 6 + ("yahoo.co.in", "yahoo.com", "rediffmail.com", "hotmail.com", "outlook.com"),
    "FR": ("gmail.com",) * 4 + ("orange.fr", "wanadoo.fr", "free.fr", "laposte.net", "yahoo.fr"),
    "BR": ("gmail.com",) * 4 + ("uol.com.br", "hotmail.com", "bol.com.br"),
}
ORGANIZATION_KINDS = ("hospital",) * 9 + ("clinic",) * 6 + ("lab",) * 4 + ("manufacturer", "dealer", "dealer")
MAILBOXES = ("info", "contact", "admin", "accounts")
