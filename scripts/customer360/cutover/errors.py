"""What can stop a cutover; each says where it stands and what to do next."""

from __future__ import annotations

from customer360.errors import C360Error


class CutoverError(C360Error):
    """A step could not be done or undone; all steps before it stand, and the same command goes on from there."""


class BusyError(CutoverError):
    """Another operator is at work on this database."""


class LockBudgetError(CutoverError):
    """A lock could not be had in the time given without making the application wait."""


class VerifyError(CutoverError):
    """What a step left is not what it has to leave."""


class RefusedError(CutoverError):
    """A condition for going on does not hold."""
