"""The order rules: which request a document, or one order's part of it, belongs to.

Some identifiers are known from Business Central and from our own orders: those decide first. What documents call
their things by (the supplier's order, a shipment, an invoice) is taught by other documents. A rule of some rank only
hears documents that a rule of lower rank has placed, and only those that still stand among such; so no document is
placed by what it teaches itself, not even in a circle, and the outcome does not depend on what arrived first.
Which documents stand is `teaching`; the rules are applied by `punchout.ledger.resolving.resolve`.
(`domain.md` 8, O1 to O6)
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import TypeAlias

from punchout.model.codes import Code
from punchout.model.keys import RequestKey
from punchout.reconciliation.accounts import DocumentKind

Identifier: TypeAlias = tuple[str, str]
"""Kind and value."""


@dataclass(frozen=True, slots=True)
class OrderRule:
    """A rule.

    Attributes:
        name: its code.
        kind: the kind of identifier it looks up.
        rank: 0 decides before all others, and rules of rank 0 must agree; then the lowest rank that finds one.
        taught_as: as which kind documents carry the identifier that teach it; None where Business Central and our own
            orders do.
        teachers: which documents teach it.
    """

    name: str
    kind: str
    rank: int
    taught_as: str | None = None
    teachers: frozenset[DocumentKind] = frozenset()


_ANY: frozenset[DocumentKind] = frozenset({"confirmation", "ship_notice", "invoice"})
_SHIP_NOTICE: frozenset[DocumentKind] = frozenset({"ship_notice"})
_INVOICE: frozenset[DocumentKind] = frozenset({"invoice"})

RULES: tuple[OrderRule, ...] = (
    OrderRule("O1", "payload", 0),  # DocumentReference/@payloadID is the payloadID of our OrderRequest
    OrderRule("O2", "order", 0),  # OrderReference/@orderID is the purchase order's number
    OrderRule("COOKIE", "cookie", 0),  # BuyerCookie of the request's punchout session
    OrderRule("O3", "order_form", 1),  # that orderID, written in another way
    OrderRule("O4", "confirm", 2, "confirm", _ANY),  # the supplier's order: confirmID, SupplierOrderInfo, a comment
    OrderRule("O5", "shipment", 3, "shipment", _SHIP_NOTICE),  # shipmentID, ShipNoticeIDInfo
    OrderRule("O5", "tracking", 3, "tracking", _SHIP_NOTICE),  # ShipmentIdentifier
    OrderRule("O6", "original_payload", 4, "payload_id", _INVOICE),  # DocumentReference of a credit or deletion
    OrderRule("O6", "original", 4, "invoice", _INVOICE),  # InvoiceIDInfo/@invoiceID, or a deletion's own invoiceID
)
KINDS = frozenset(rule.kind for rule in RULES)
TAUGHT = tuple(rule for rule in RULES if rule.taught_as is not None)
"""The rules that look up what documents taught, in their order."""
OUTRANKED = frozenset(rule.name for rule in RULES if rule.rank)
"""The rules that a rule of rank 0 sets aside."""


def names_below(rank: int) -> frozenset[str]:
    """Return the rules whose documents a rule of some rank may hear."""
    return frozenset(rule.name for rule in RULES if rule.rank < rank)


@dataclass(frozen=True, slots=True)
class Belonging:
    """Where a portion belongs: a request, the rule and the identifier that found it; or neither, and a code why."""

    key: RequestKey | None
    rule: str | None = None
    found_by: Identifier | None = None
    code: Code | None = None


def belonging(identifiers: AbstractSet[Identifier], owners: Mapping[Identifier, AbstractSet[RequestKey]]) -> Belonging:
    """Decide where a portion belongs.

    Args:
        identifiers: what the portion carries.
        owners: the requests each identifier is known to belong to; for what documents teach, by documents that the rule
            may hear.
    """
    firm = [one for rule in RULES if not rule.rank for one in _hits(rule, identifiers, owners)]
    if firm:
        return firm[0] if len({one.key for one in firm}) == 1 else Belonging(None, code=Code.ORDER_REF_CONFLICT)
    several = False
    for rule in RULES:
        hits = _hits(rule, identifiers, owners) if rule.rank else []
        if len({one.key for one in hits}) == 1:
            return hits[0]
        several = several or bool(hits)
    if several:
        return Belonging(None, code=Code.ORDER_REF_CONFLICT)
    is_cart = any(kind == "cookie" for kind, _ in identifiers)
    return Belonging(None, code=Code.CART_UNKNOWN_COOKIE if is_cart else Code.ORDER_NOT_FOUND)


def _hits(
    rule: OrderRule, identifiers: AbstractSet[Identifier], owners: Mapping[Identifier, AbstractSet[RequestKey]]
) -> list[Belonging]:
    found = [(key, pair) for pair in identifiers if pair[0] == rule.kind for key in owners.get(pair, ())]
    claimed = _claimed({key for key, _ in found})
    return [Belonging(key, rule.name, pair) for key, pair in sorted(found) if key in claimed]


def _claimed(keys: AbstractSet[RequestKey]) -> AbstractSet[RequestKey]:
    """Drop the stand-ins for purchase orders without a request where a request claims the order."""
    claimed = {key for key in keys if not key.is_order_without_request}
    return claimed or keys
