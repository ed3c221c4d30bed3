"""Which version of a document stands that comes in versions; of rows and carts: `punchout.model.versions`.

cXML replaces as a whole: an `update` with the same confirmID or shipmentID and a DocumentReference to the version
before it, a `delete` (ship notices and invoices only) likewise. The DocumentReference decides where it is given; else
an OrderRequest's orderVersion, the notice's own time, the operation (a deletion repeats the date of what it deletes),
and the content's hash. Which confirmations that are no versions of each other stand together is a policy.
The time of arrival is never looked at.
"""

from collections.abc import Callable, Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo

from punchout.model.documents import Confirmation, Invoice, ShipNotice
from punchout.model.history import RequestHistory, Stated
from punchout.model.moments import Moment
from punchout.model.order_documents import OrderRequest
from punchout.reconciliation.accounts import DocumentKind
from punchout.reconciliation.results import Standing, VersionState
from punchout.reconciliation.statements import Statement, distinct, moment_order

T = TypeVar("T", Confirmation, ShipNotice, Invoice, OrderRequest)
Order = tuple[int, tuple[str, int], int, str]

CREDITS = frozenset({"creditMemo", "lineLevelCreditMemo"})
_DEBITS = frozenset({"debitMemo", "lineLevelDebitMemo"})
_DISCARDS_PREVIOUS = frozenset({"accept", "except", "reject"})
_OPERATIONS = {"new": 0, "update": 1, "delete": 2}


@dataclass(frozen=True, slots=True)
class Versions(Generic[T]):
    """The statements that count and every one but deletions, both oldest first, and how every statement stands."""

    current: tuple[Statement[T], ...]
    every: tuple[Statement[T], ...]
    states: tuple[VersionState, ...]


@dataclass(frozen=True, slots=True)
class _Kind(Generic[T]):
    """How a kind of document names itself, the version before it, its time, and its number where versions have one."""

    name: DocumentKind
    business_key: Callable[[T], str | None]
    previous: Callable[[T], str | None]
    notice: Callable[[T], Moment | None]
    number: Callable[[T], int] = lambda _: 0


def _invoice_key(body: Invoice) -> str | None:
    if body.invoice_id is None:
        return None
    side = "credit" if body.purpose in CREDITS else "debit" if body.purpose in _DEBITS else "invoice"
    return f"{side}:{body.invoice_id}"


_CONFIRMATION: _Kind[Confirmation] = _Kind(
    "confirmation", lambda body: body.confirm_id, lambda body: body.previous_payload_id, lambda body: body.notice
)
_SHIP_NOTICE: _Kind[ShipNotice] = _Kind(
    "ship_notice", lambda body: body.shipment_id, lambda body: body.previous_payload_id, lambda body: body.notice
)
_INVOICE: _Kind[Invoice] = _Kind(
    "invoice", _invoice_key, lambda body: body.original_payload_id, lambda body: body.invoice_date
)


_ORDER_REQUEST: _Kind[OrderRequest] = _Kind(
    "order_request",
    lambda body: body.order_id,
    lambda body: body.previous_payload_id,
    lambda body: body.order_date,
    lambda body: body.order_version or 1,
)


def order_request_versions(statements: Iterable[Statement[OrderRequest]], zone: ZoneInfo) -> Versions[OrderRequest]:
    """Return the OrderRequests that stand, one an orderID, without deleted ones."""
    return _stand(_ORDER_REQUEST, tuple(statements), zone)


def confirmation_versions(stated: Iterable[Stated[Confirmation]], zone: ZoneInfo) -> Versions[Confirmation]:
    """Return the confirmations that stand, one a confirmID; under `strict_cxml` see `without_superseded`."""
    return _stand(_CONFIRMATION, distinct(stated), zone)


def without_superseded(versions: Versions[Confirmation]) -> Versions[Confirmation]:
    """Return the confirmations of one order that stand under `strict_cxml`.

    cXML (Fulfill.dtd, ConfirmationRequest) lets only one of type accept, except or reject stand for an order; it
    discards every confirmation before it in version order, whichever arrived first. Those of type detail and allDetail
    add to what stands, and the rule names neither backordered nor replace. A replaced version discards nothing.
    """
    current = versions.current
    place = max((at for at, one in enumerate(current) if one.body.type in _DISCARDS_PREVIOUS), default=0)
    gone = {one.body_sha256: current[place].body_sha256 for one in current[:place]}
    states = (
        replace(state, standing="superseded", by=gone[state.body_sha256]) if state.body_sha256 in gone else state
        for state in versions.states
    )
    return replace(versions, current=current[place:], states=tuple(states))


def ship_notice_versions(stated: Iterable[Stated[ShipNotice]], zone: ZoneInfo) -> Versions[ShipNotice]:
    """Return the ship notices that stand, one a shipmentID, without deleted ones."""
    return _stand(_SHIP_NOTICE, distinct(stated), zone)


def invoice_versions(stated: Iterable[Stated[Invoice]], zone: ZoneInfo) -> Versions[Invoice]:
    """Return the invoices that stand, one an invoiceID and kind of purpose, without deleted ones."""
    return _stand(_INVOICE, distinct(stated), zone)


def ignored_states(history: RequestHistory, ignored: AbstractSet[str]) -> tuple[VersionState, ...]:
    """Return the documents that a person decided to ignore."""
    parts = (
        (_ORDER_REQUEST.name, history.order_requests),
        (_CONFIRMATION.name, history.confirmations),
        (_SHIP_NOTICE.name, history.ship_notices),
        (_INVOICE.name, history.invoices),
    )
    known = {(name, one.source.body_sha256) for name, part in parts for one in part}
    return tuple(VersionState(kind=name, body_sha256=sha, standing="ignored") for name, sha in known if sha in ignored)


def _stand(kind: _Kind[T], statements: tuple[Statement[T], ...], zone: ZoneInfo) -> Versions[T]:
    order = {one.body_sha256: _order(kind, one, zone) for one in statements}
    replaced = _replaced_by_reference(kind, statements, order)
    groups: dict[str, list[Statement[T]]] = {}
    for one in statements:
        if one.body_sha256 not in replaced:
            groups.setdefault(kind.business_key(one.body) or f"#{one.body_sha256}", []).append(one)
    standing: list[Statement[T]] = []
    for group in groups.values():
        last = max(group, key=lambda one: order[one.body_sha256])
        standing.append(last)
        replaced.update({one.body_sha256: last for one in group if one is not last})
    stands = {one.body_sha256 for one in standing}
    ordered = sorted(statements, key=lambda one: order[one.body_sha256])
    every = tuple(one for one in ordered if one.body.operation != "delete")
    current = tuple(one for one in every if one.body_sha256 in stands)
    return Versions(current, every, tuple(_state(kind, one, replaced.get(one.body_sha256)) for one in statements))


def _order(kind: _Kind[T], one: Statement[T], zone: ZoneInfo) -> Order:
    number, moment = kind.number(one.body), moment_order(kind.notice(one.body), zone)
    return number, moment, _OPERATIONS.get(one.body.operation, 0), one.body_sha256


def _replaced_by_reference(
    kind: _Kind[T], statements: tuple[Statement[T], ...], order: dict[str, Order]
) -> dict[str, Statement[T]]:
    """Return what each statement was replaced by, as far as DocumentReferences say; of two claims the later stands."""
    by_payload = {payload_id: one for one in statements for payload_id in one.payload_ids}
    refers: dict[str, Statement[T]] = {}
    for one in statements:
        target = by_payload.get(kind.previous(one.body) or "")
        if one.body.operation in {"update", "delete"} and target is not None:
            refers[one.body_sha256] = target
    replaced: dict[str, Statement[T]] = {}
    for one in sorted(statements, key=lambda one: order[one.body_sha256]):
        if one.body_sha256 in refers and not _in_a_circle(one.body_sha256, refers):
            replaced[refers[one.body_sha256].body_sha256] = one
    return replaced


def _in_a_circle(start: str, refers: dict[str, Statement[T]]) -> bool:
    """Tell whether following the references from a document leads back to it: then they say nothing."""
    seen: set[str] = set()
    at = refers[start].body_sha256
    while at != start and at in refers and at not in seen:
        seen.add(at)
        at = refers[at].body_sha256
    return at == start


def _state(kind: _Kind[T], one: Statement[T], by: Statement[T] | None) -> VersionState:
    if by is not None:
        gone: Standing = "deleted" if by.body.operation == "delete" else "replaced"
        return VersionState(kind=kind.name, body_sha256=one.body_sha256, standing=gone, by=by.body_sha256)
    stands: Standing = "deletes" if one.body.operation == "delete" else "current"
    return VersionState(kind=kind.name, body_sha256=one.body_sha256, standing=stands)
