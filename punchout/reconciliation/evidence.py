"""Why a value is what it is: the statements it rests on, and the rule that made it of them.

The same assessment that gives the result is read here once more, so reconciliation keeps nothing for the asking.
Document ids appear here, for display, and nowhere in a result.
"""

from collections.abc import Iterator

from punchout.model.exact import Millionths, format_decimal
from punchout.model.history import RequestHistory
from punchout.model.moments import Micros
from punchout.reconciliation.assessment import Assessment, Line, assess
from punchout.reconciliation.copied_lines import number_of
from punchout.reconciliation.exceptions import exceptions
from punchout.reconciliation.line_map import Basis
from punchout.reconciliation.match_evidence import of_charges, of_match
from punchout.reconciliation.places import Place, Share, answers, field_place, id_place, order_places, places, row_place
from punchout.reconciliation.policy import ReconciliationPolicy
from punchout.reconciliation.reasons import Reason, line_reason, request_reason
from punchout.reconciliation.reconcile import stage_of
from punchout.reconciliation.shares import Decision, Movement
from punchout.reconciliation.stages import Stage

_STAGE_RULES: dict[Stage, str] = {
    Stage.NEW: "the request is known, and no cart",
    Stage.CART_RECEIVED: "a cart has come",
    Stage.PENDING_APPROVAL: "Business Central's status is pendingApproval",
    Stage.RELEASED: "Business Central's status is released, and no purchase order is known",
    Stage.PO_CREATED: "a purchase order is known, and nothing shows that the supplier has it",
    Stage.PO_QUEUED: "the order is written down, and it is not known that the supplier has it",
    Stage.PO_SENT: "the supplier has the order, and has accepted nothing yet",
    Stage.SEND_FAILED: "the supplier refused the order",
    Stage.PARTIALLY_CONFIRMED: "something is accepted, and some quantity is neither accepted nor rejected",
    Stage.ORDER_CONFIRMED: "every quantity is accepted or rejected, and something is accepted",
    Stage.REJECTED: "every line is rejected",
    Stage.PARTIALLY_SHIPPED: "something is shipped, and not every live line in full",
    Stage.SHIPPED: "every live line is shipped in full",
    Stage.PARTIALLY_INVOICED: "something is invoiced, and not every live line in full",
    Stage.INVOICED: "every live line is invoiced in full",
    Stage.CLOSED: "every live line is shipped, invoiced and received in full, and no error is open",
    Stage.CANCELLED: "the order is cancelled, and nothing was shipped",
}
_BY_INVOICE = frozenset({Stage.PARTIALLY_INVOICED, Stage.INVOICED, Stage.CLOSED})
_BY_SHIPMENT = frozenset({Stage.PARTIALLY_SHIPPED, Stage.SHIPPED})
_BY_CONFIRMATION = frozenset({Stage.PARTIALLY_CONFIRMED, Stage.ORDER_CONFIRMED, Stage.REJECTED})


def explain(history: RequestHistory, policy: ReconciliationPolicy, as_of: Micros) -> tuple[Reason, ...]:
    """Return a reason for every value of the request and its lines that says something."""
    assessment = assess(history, policy, as_of)
    reasons = [*_of_request(assessment), *of_charges(assessment)]
    for line in assessment.lines:
        reasons.extend((*_of_line(assessment, line), *of_match(assessment, line)))
    return tuple(reasons)


def _of_request(assessment: Assessment) -> Iterator[Reason]:
    key = assessment.history.key.request_no
    stage = stage_of(assessment, exceptions(assessment).open)
    yield request_reason(key, "stage", stage.value, _STAGE_RULES[stage], _stage_places(assessment, stage))
    if assessment.order_id is not None:
        copied = assessment.placement.copy is not None
        own = "as queued" if assessment.sending.order is not None else "as the copy of the order states it"
        rule = own if copied or assessment.sending.order is not None else "as Business Central states it"
        yield request_reason(key, "order_id", assessment.order_id, rule, order_places(assessment))
    if assessment.sending.state is not None:
        rule = "outbound facts of the last attempt, a person's word, and any answer of the supplier"
        yield request_reason(key, "outbox_state", assessment.sending.state.value, rule, order_places(assessment))
    if assessment.adoption is not None:
        yield request_reason(key, "adopted", "true", assessment.adoption.value, answers(assessment))
    if assessment.confirmation_ids:
        first = assessment.confirmation_ids[0]
        rule = f"earliest notice of {len(assessment.confirmation_ids)}"
        places = tuple(id_place(one) for one in assessment.confirmation_ids)
        yield request_reason(key, "order_confirmation_id", first.text, rule, places)


def _stage_places(assessment: Assessment, stage: Stage) -> tuple[Place, ...]:
    """What the stage was read from: the shares of the axis that decides, else the order or Business Central's row."""
    if stage in _BY_INVOICE:
        return places(assessment, (share for line in assessment.lines for share in line.invoiced))
    if stage in _BY_SHIPMENT:
        return places(assessment, (share for line in assessment.lines for share in line.shipped))
    if stage in _BY_CONFIRMATION:
        return places(assessment, (share for line in assessment.lines for share in line.confirmed))
    order, rows = order_places(assessment), assessment.rows
    if order or rows.request is None:
        return order
    return (row_place(rows.request.source, "BcRequest", (), "status"),)


def _of_line(assessment: Assessment, line: Line) -> Iterator[Reason]:
    subject, numbers = assessment.line_subject(line), line.quantities
    sums: tuple[tuple[str, Millionths, str, list[Share]], ...] = (
        ("accepted", numbers.confirmed.accepted, "sum of what confirmations accept", _decided(line, Decision.ACCEPTED)),
        ("rejected", numbers.confirmed.rejected, "sum of what confirmations reject", _decided(line, Decision.REJECTED)),
        (
            "backordered",
            numbers.confirmed.backordered,
            "what confirmations backorder, as far as accepted and rejected leave room",
            _decided(line, Decision.BACKORDERED),
        ),
        ("shipped", numbers.shipped, "sum of ship notices, less returns", _moved(line, Movement.PLANNED, but=True)),
        ("returned", numbers.returned, "sum of returns", _moved(line, Movement.RETURNED)),
        ("invoiced", numbers.invoiced, "sum of invoices, less credits", list(line.invoiced)),
        ("credited", numbers.credited, "sum of credits", [share for share in line.invoiced if share.quantity < 0]),
    )
    yield from _order_reasons(assessment, line)
    for field, value, rule, shares in sums:
        if shares:
            yield line_reason(subject, field, format_decimal(value), rule, places(assessment, shares))
    yield from _projected(subject, line)


def _order_reasons(assessment: Assessment, line: Line) -> Iterator[Reason]:
    """Why the ordered and received quantities are what they are."""
    subject, mapped, sent, row = assessment.line_subject(line), line.mapped, assessment.sending, assessment.rows.order
    if sent.order is not None:
        place = Place(
            document_id=None,
            source=sent.order.payload_id,
            record="OrderedLine",
            ordinals=(mapped.order_line_number or 0,),
            field="quantity",
        )
        yield line_reason(subject, "ordered", format_decimal(mapped.ordered), "frozen when queued", (place,))
    copied = _copied_places(assessment, mapped.order_line_number)
    if copied:
        yield line_reason(subject, "ordered", format_decimal(mapped.ordered), "as the copy of the order states", copied)
    if row is None:
        return
    for of_order in row.body.lines:
        if of_order.sequence == mapped.po_sequence:
            rows = (of_order.ordinal,)
            if sent.order is None and not copied:
                asked = row_place(row.source, "BcOrderLine", rows, "quantity")
                rule = "the purchase order's, in sequence"
                yield line_reason(subject, "ordered", format_decimal(mapped.ordered), rule, (asked,))
            if of_order.received_quantity is not None:
                got = row_place(row.source, "BcOrderLine", rows, "received_quantity")
                rule = "as Business Central states it"
                yield line_reason(subject, "received", format_decimal(mapped.received), rule, (got,))


def _copied_places(assessment: Assessment, line_number: int | None) -> tuple[Place, ...]:
    """Return where the copy of somebody else's order states a line's quantity."""
    copy = assessment.placement.copy
    if copy is None or assessment.basis.basis is not Basis.COPY:
        return ()
    return tuple(
        Place(
            document_id=copy.document_id,
            source=copy.body_sha256,
            record="OrderRequestLine",
            ordinals=(line.ordinal,),
            field="quantity",
        )
        for line in copy.body.lines
        if number_of(line) == line_number
    )


def _projected(subject: str, line: Line) -> Iterator[Reason]:
    shown = line.projection
    moves = (
        ("shipping_date", shown.shipping_date, "first", "shipment_date"),
        ("delivery_date", shown.delivery_date, "latest", "delivery_date"),
    )
    bills = (
        ("invoice_id", shown.invoice_id, "earliest", "invoice_id"),
        ("invoice_date", shown.invoice_date, "earliest", "invoice_date"),
    )
    for name, move, which, field in moves:
        if move.source is not None:
            place = field_place(move.source.statement, field)
            yield line_reason(subject, name, move.value, f"{which} of {move.distinct}", (place,))
    for name, bill, which, field in bills:
        if bill.source is not None:
            place = field_place(bill.source.statement, field)
            yield line_reason(subject, name, bill.value, f"{which} of {bill.distinct}", (place,))


def _decided(line: Line, decision: Decision) -> list[Share]:
    return [share for share in line.confirmed if share.decision is decision]


def _moved(line: Line, movement: Movement, *, but: bool = False) -> list[Share]:
    return [share for share in line.shipped if (share.movement is movement) is not but]
