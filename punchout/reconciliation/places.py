"""Places: which record of which document states something, and by which rule it was tied to its line.

A place is a record's name and ordinals; `cxml_parsers` turns it into a path. Which places a value rests on is
`evidence`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from punchout.model.documents import Confirmation, Invoice, ShipNotice
from punchout.model.exact import Millionths
from punchout.model.history import Source
from punchout.model.order_documents import OrderRequest
from punchout.reconciliation.assessment import Assessment, Line
from punchout.reconciliation.matching import MEANINGS
from punchout.reconciliation.projection import ConfirmedId
from punchout.reconciliation.shares import ConfirmedShare, InvoicedShare, ShippedShare
from punchout.reconciliation.statements import Statement

AnyStatement: TypeAlias = Statement[OrderRequest] | Statement[Confirmation] | Statement[ShipNotice] | Statement[Invoice]
Share: TypeAlias = ConfirmedShare | ShippedShare | InvoicedShare


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place that states something.

    Attributes:
        document_id: the document's surrogate; None for a fact of our own sending.
        source: the document's content hash, or our payloadID.
        record: name of the record in `punchout.model`.
        ordinals: where in the document; for a row of an export its row, then the line.
        field: the record's field.
        rule: how the place was matched to the line, as `rule/confidence`; None where nothing had to be matched.
        quantity: what the place adds, signed.
    """

    document_id: int | None
    source: str
    record: str
    ordinals: tuple[int, ...]
    field: str
    rule: str | None = None
    quantity: Millionths | None = None

    @property
    def meaning(self) -> str | None:
        """The matching rule in words."""
        return MEANINGS.get(self.rule) if self.rule is not None else None


def order_places(assessment: Assessment) -> tuple[Place, ...]:
    """Return the facts of sending, else the copy of somebody else's order, else the row that names the purchase order.

    What the supplier said of an order later stands beside it.
    """
    sent, rows, copy = assessment.sending, assessment.rows, assessment.placement.copy
    if sent.order is not None:
        facts = ["OrderQueued", *(["SendMarked"] if sent.attempt else []), *(["SendResult"] if sent.result else [])]
        facts += ["SendResolved"] if sent.resolution else []
        own = (
            Place(document_id=None, source=sent.order.payload_id, record=fact, ordinals=(), field="at")
            for fact in facts
        )
        return (*own, *_word_place(assessment))
    if copy is not None:
        return (field_place(copy, "order_id"), *_word_place(assessment))
    if rows.order is not None:
        return (row_place(rows.order.source, "BcOrder", (), "number"),)
    if rows.request is not None and rows.order_id is not None:
        return (row_place(rows.request.source, "BcRequest", (), "purchase_order_number"),)
    return ()


def _word_place(assessment: Assessment) -> tuple[Place, ...]:
    word = assessment.placement.word
    if word is None:
        return ()
    source = word.source
    place = Place(
        document_id=source.document_id, source=source.body_sha256, record="StatusUpdate", ordinals=(), field="code"
    )
    return (place,)


def order_line_place(assessment: Assessment, line: Line, *, sent: str, stated: str) -> tuple[Place, ...]:
    """Return a field of a line of the order: as written down (`sent`), else as the purchase order has it (`stated`)."""
    order, row = assessment.sending.order, assessment.rows.order
    if order is not None:
        ordinals = (line.mapped.order_line_number or 0,)
        return (Place(document_id=None, source=order.payload_id, record="OrderedLine", ordinals=ordinals, field=sent),)
    rows = () if row is None else row.body.lines
    return tuple(
        row_place(row.source, "BcOrderLine", (one.ordinal,), stated)
        for one in rows
        if row is not None and one.sequence == line.mapped.po_sequence
    )


def answers(assessment: Assessment) -> tuple[Place, ...]:
    """Return the documents that answer the order, else the row that says it was ordered already."""
    found = (
        *(field_place(one, "order") for one in assessment.confirmations),
        *(field_place(one, "order") for one in assessment.ship_notices),
        *(field_place(one, "order") for one in assessment.invoices),
    )
    if not found and assessment.rows.request is not None:
        return (row_place(assessment.rows.request.source, "BcRequest", (), "released"),)
    return found


def field_place(one: AnyStatement, field: str) -> Place:
    """Return a field of a document's own record."""
    record = type(one.body).__name__
    return Place(document_id=one.document_id, source=one.body_sha256, record=record, ordinals=(), field=field)


def places(assessment: Assessment, shares: Iterable[Share]) -> tuple[Place, ...]:
    """Return the places of shares, each with the rule that tied it to its line."""
    links = {(one.body_sha256, one.ordinals, one.line_key): one for one in assessment.links}
    found = []
    for share in shares:
        record, ordinals, field = _stated_in(share)
        linked = ordinals[:1] if isinstance(share, ConfirmedShare) else ordinals
        link = links[share.statement.body_sha256, linked, share.line_key]
        found.append(
            Place(
                document_id=share.statement.document_id,
                source=share.statement.body_sha256,
                record=record,
                ordinals=ordinals,
                field=field,
                rule=f"{link.rule}/{link.confidence}",
                quantity=share.quantity,
            )
        )
    return tuple(found)


def _stated_in(share: Share) -> tuple[str, tuple[int, ...], str]:
    """Name the record, place and field that state a share."""
    if isinstance(share, ConfirmedShare):
        named = share.status is not None
        return ("ConfirmationStatus" if named else "Confirmation", share.ordinals, "quantity" if named else "type")
    if isinstance(share, ShippedShare):
        is_item = len(share.ordinals) > 1
        return ("ShipItem" if is_item else "ShipPortion", share.ordinals, "quantity" if is_item else "order")
    return "InvoiceLine", share.ordinals, "quantity"


def id_place(one: ConfirmedId) -> Place:
    """Return the place that states an Order Confirmation ID."""
    by_status = one.text != one.statement.body.confirm_id
    return Place(
        document_id=one.statement.document_id,
        source=one.statement.body_sha256,
        record="ConfirmationStatus" if by_status else "Confirmation",
        ordinals=one.place if by_status else (),
        field="confirm_id",
    )


def row_place(source: Source, record: str, line: tuple[int, ...], field: str) -> Place:
    """Return a place in a row of an export, or in one of its lines."""
    return Place(
        document_id=source.document_id,
        source=source.body_sha256,
        record=record,
        ordinals=(source.row, *line),
        field=field,
    )
