"""Which document a document is: by the sender's payloadID, and by the number it goes by in business.

Same key and same content: a duplicate, counted. Same key and another content: a conflict, kept apart and never
applied. The keys are held by a unique constraint, so that two workers cannot both be first.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from punchout.ledger.sql import chunks, insert_new, key_in
from punchout.ledger.tables.control import IDENTITY
from punchout.model.codes import Code
from punchout.model.documents import Body, Cart, Confirmation, Invoice, ShipNotice
from punchout.model.keys import Account
from punchout.model.order_documents import OrderRequest

_SEPARATOR = "\x1f"


@dataclass(frozen=True, slots=True)
class Claim:
    """A document's claim to its keys."""

    document_id: int
    account: Account
    payload_id: str | None
    body: Body
    body_sha256: str


@dataclass(frozen=True, slots=True)
class Clash:
    """Why a claim does not stand: the code, and the document that holds the key."""

    code: Code
    holder: int


def clashes(connection: sa.Connection, claims: Sequence[Claim]) -> dict[int, Clash]:
    """Enter claims in their order and return those that met an earlier holder, by document.

    The business key is only claimed by documents whose payloadID stands: a forgery must not take the number of the
    genuine document that comes after it.
    """
    found = _enter(connection, [(claim, "payload", claim.payload_id) for claim in claims])
    standing = {claim.document_id: claim for claim in claims if claim.document_id not in found}
    met = _enter(connection, [(c, "business", business_key(c.body, c.body_sha256)) for c in standing.values()])
    found.update({i: clash for i, clash in met.items() if not _is_sent_again(standing[i].body, clash)})
    return found


def _is_sent_again(body: Body, clash: Clash) -> bool:
    """Tell an order that was sent again under another payloadID from a repetition: the supplier may have it twice."""
    return isinstance(body, OrderRequest) and clash.code is Code.DOC_DUPLICATE


def release(connection: sa.Connection, document_id: int) -> None:
    """Give up a document's claims, so that it may be read again or another may take its place."""
    connection.execute(sa.delete(IDENTITY).where(IDENTITY.c.document_id == document_id))


def _enter(connection: sa.Connection, wanted: Sequence[tuple[Claim, str, str | None]]) -> dict[int, Clash]:
    keyed = [(claim, scope, key) for claim, scope, key in wanted if key]
    insert_new(connection, IDENTITY, [_row(claim, scope, key) for claim, scope, key in keyed])
    holders = _holders(connection, [(*_account(claim), scope, key) for claim, scope, key in keyed])
    found: dict[int, Clash] = {}
    for claim, scope, key in keyed:
        holder, body_sha256 = holders[(*_account(claim), scope, key)]
        if holder != claim.document_id:
            is_same = body_sha256 == claim.body_sha256
            found[claim.document_id] = Clash(_code(claim.body, scope, is_same=is_same), holder)
    return found


def business_key(body: Body, body_sha256: str) -> str | None:
    """Return the key a document goes by in business, None where it has none."""
    parts: tuple[str | None, ...] | None = None
    match body:
        case Cart():
            parts = ("cart", body.buyer_cookie) if body.buyer_cookie else None
        case Confirmation():
            parts = _confirmation_key(body, body_sha256)
        case ShipNotice():
            parts = ("shipment", body.shipment_id, body.operation, *_version(body)) if body.shipment_id else None
        case Invoice():
            parts = (
                ("invoice", body.invoice_id, body.purpose, body.operation, *_version(body)) if body.invoice_id else None
            )
        case OrderRequest():
            parts = ("order request", body.order_id, str(body.order_version or 1), body.type, *_version(body))
        case _:
            # A short answer has no number. Of two that say the same, each may have been said at its own time.
            pass
    return None if parts is None else _SEPARATOR.join(part or "" for part in parts)


def _confirmation_key(body: Confirmation, body_sha256: str) -> tuple[str | None, ...]:
    order = body.order.order_id or body.order.payload_id
    if body.confirm_id is None:
        return ("confirmation", order, body.notice.text, body_sha256)
    return ("confirmation", order, body.confirm_id, body.operation, *_version(body))


def _version(body: Confirmation | ShipNotice | Invoice | OrderRequest) -> tuple[str, ...]:
    """Return what tells one update or deletion from another; nothing for a first version."""
    if isinstance(body, OrderRequest):
        return () if body.type == "new" else (body.previous_payload_id or body.order_date.text,)
    if body.operation == "new":
        return ()
    if isinstance(body, Invoice):
        return (body.original_payload_id or body.invoice_date.text,)
    return (body.previous_payload_id or (body.notice.text if body.notice else ""),)


def _code(body: Body, scope: str, *, is_same: bool) -> Code:
    if is_same:
        return Code.INV_DUPLICATE if scope == "business" and isinstance(body, Invoice) else Code.DOC_DUPLICATE
    if scope == "payload":
        return Code.PAYLOAD_REUSED
    if isinstance(body, Invoice):
        return Code.INV_ID_REUSED
    return Code.CART_REPLAYED if isinstance(body, Cart) else Code.DOC_CONFLICT


def _account(claim: Claim) -> tuple[str, str]:
    return claim.account.company, claim.account.supplier


def _row(claim: Claim, scope: str, key: str) -> Mapping[str, object]:
    company, supplier = _account(claim)
    return {
        "company": company,
        "supplier": supplier,
        "scope": scope,
        "key": key,
        "document_id": claim.document_id,
        "body_sha256": claim.body_sha256,
    }


def _holders(
    connection: sa.Connection, keys: Sequence[tuple[str, str, str, str]]
) -> dict[tuple[str, str, str, str], tuple[int, str]]:
    columns = (IDENTITY.c.company, IDENTITY.c.supplier, IDENTITY.c.scope, IDENTITY.c.key)
    found: dict[tuple[str, str, str, str], tuple[int, str]] = {}
    for chunk in chunks(keys):
        query = sa.select(*columns, IDENTITY.c.document_id, IDENTITY.c.body_sha256).where(key_in(columns, chunk))
        for row in connection.execute(query):
            found[row[0], row[1], row[2], row[3]] = (row[4], row[5])
    return found
