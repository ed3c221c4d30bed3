"""The order rules: which request a document, or one order's part of it, belongs to.

Rules are tried in order; the first that finds exactly one request decides. A document whose payload reference and
order number point at different requests is tied to neither. What an identifier belongs to is learned from Business
Central and from our own orders only, so the answer does not depend on the order in which documents arrive.
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from punchout.model.codes import Code
from punchout.model.keys import RequestKey


@dataclass(frozen=True, slots=True)
class OrderRule:
    """A rule: its name, and the kind of identifier it looks up."""

    name: str
    kind: str


RULES: tuple[OrderRule, ...] = (
    OrderRule("O1", "payload"),  # DocumentReference/@payloadID is the payloadID of our OrderRequest
    OrderRule("O2", "order"),  # OrderReference/@orderID is the purchase order's number
    OrderRule("COOKIE", "cookie"),  # BuyerCookie of the request's punchout session
)
KINDS = frozenset(rule.kind for rule in RULES)


@dataclass(frozen=True, slots=True)
class Belonging:
    """Where a portion belongs: a request and the rule that found it, or neither and a code that says why."""

    key: RequestKey | None
    rule: str | None = None
    code: Code | None = None


def belonging(
    identifiers: AbstractSet[tuple[str, str]], owners: Mapping[tuple[str, str], AbstractSet[RequestKey]]
) -> Belonging:
    """Decide where a portion belongs.

    Args:
        identifiers: (kind, value) pairs that the portion carries.
        owners: the requests each identifier is known to belong to.
    """
    hits: list[tuple[str, RequestKey]] = []
    for rule in RULES:
        found = _claimed({key for pair in identifiers if pair[0] == rule.kind for key in owners.get(pair, ())})
        if len(found) > 1:
            return Belonging(None, code=Code.ORDER_REF_CONFLICT)
        hits.extend((rule.name, key) for key in found)
    if not hits:
        code = Code.CART_UNKNOWN_COOKIE if any(kind == "cookie" for kind, _ in identifiers) else Code.ORDER_NOT_FOUND
        return Belonging(None, code=code)
    if len({key for _, key in hits}) > 1:
        return Belonging(None, code=Code.ORDER_REF_CONFLICT)
    rule_name, key = hits[0]
    return Belonging(key, rule_name)


def _claimed(keys: AbstractSet[RequestKey]) -> AbstractSet[RequestKey]:
    """Drop the stand-ins for purchase orders without a request where a request claims the order."""
    claimed = {key for key in keys if not key.is_order_without_request}
    return claimed or keys
