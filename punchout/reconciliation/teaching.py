"""Which documents teach what they call their things by: those that stand, and of invoices those that are no credit.

What a document taught is withdrawn with it: where another version replaces or deletes it, nothing is found by what it
alone had said. Only documents that rules of lower rank placed are looked at, here as in `order_rules`.
"""

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from punchout.model.documents import Confirmation, Invoice, ShipNotice
from punchout.model.history import Stated
from punchout.reconciliation.versions import (
    CREDITS,
    confirmation_versions,
    invoice_versions,
    ship_notice_versions,
)

_ZONE = ZoneInfo("UTC")
"""Versions are ordered by their instants; which zone cuts a bare date is the same for all."""


def teaching_bodies(
    confirmations: Iterable[Stated[Confirmation]],
    ship_notices: Iterable[Stated[ShipNotice]],
    invoices: Iterable[Stated[Invoice]],
) -> frozenset[str]:
    """Return the content hashes of the documents of one request that teach."""
    agreed = confirmation_versions(confirmations, _ZONE).current
    moved = ship_notice_versions(ship_notices, _ZONE).current
    billed = (one for one in invoice_versions(invoices, _ZONE).current if one.body.purpose not in CREDITS)
    return frozenset(one.body_sha256 for part in (agreed, moved, billed) for one in part)
