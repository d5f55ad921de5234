"""What can go wrong, in words."""

from __future__ import annotations

from typing import Any

from customer360.errors import C360Error


class PrivacyError(C360Error):
    """A customer cannot be found, exported or erased."""


class AlreadyErasedError(PrivacyError):
    """The customer was erased before; the certificate of that is kept."""

    def __init__(self, reference: str, certificate: dict[str, Any]) -> None:
        """Keep the certificate for whoever wants to print it."""
        self.certificate = certificate
        super().__init__(
            f"{reference} was erased on {certificate['erased_at']} (erasure {certificate['erasure_id']}).",
            hint="its certificate is kept in the table erasures of the schema for operations (c360_ops).",
        )
