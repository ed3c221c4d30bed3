"""The one function: what the facts of a request come to, at one moment, under one policy.

Pure and total: the same facts in any order, and any fact any number of times, give the same result.
"""

from punchout.model.history import RequestHistory
from punchout.model.moments import Micros
from punchout.reconciliation.assessment import Assessment, Line, assess
from punchout.reconciliation.deadlines import next_due_at
from punchout.reconciliation.exceptions import exceptions, has_errors
from punchout.reconciliation.policy import ReconciliationPolicy
from punchout.reconciliation.positions import price_confirmed
from punchout.reconciliation.results import ExceptionFound, LinePosition, Reconciled
from punchout.reconciliation.stages import HeaderFacts, Stage, header_stage
from punchout.reconciliation.timeline import timeline


def reconcile(
    history: RequestHistory, policy: ReconciliationPolicy, as_of: Micros, order_refusals: tuple[str, ...] = ()
) -> Reconciled:
    """Return stage, positions, links, exceptions and timeline of a request.

    Args:
        history: its facts, in any order.
        policy: the company's decisions.
        as_of: the moment to judge deadlines at, microseconds UTC.
        order_refusals: why ordering could not build its order, one line each; it may not have tried.
    """
    assessment = assess(history, policy, as_of, order_refusals)
    found = exceptions(assessment)
    ids = assessment.confirmation_ids
    return Reconciled(
        key=history.key,
        stage=stage_of(assessment, found),
        order_id=assessment.order_id,
        outbox_state=assessment.sending.state.value if assessment.sending.state is not None else None,
        adopted=assessment.adoption is not None,
        order_confirmation_id=ids[0].text if ids else None,
        order_confirmation_ids=tuple(sorted(one.text for one in ids)),
        lines=tuple(_position(line) for line in assessment.lines),
        links=assessment.links,
        versions=assessment.versions,
        exceptions=found,
        timeline=timeline(assessment),
        next_due_at=next_due_at(assessment),
    )


def stage_of(assessment: Assessment, found: tuple[ExceptionFound, ...]) -> Stage:
    """Return the stage that the header shows."""
    request, policy = assessment.rows.request, assessment.policy
    listed = request is not None and bool(request.body.lines)
    return header_stage(
        HeaderFacts(
            cart=assessment.rows.cart is not None or (policy.received_by == "bc" and listed),
            bc_status=request.body.status if request is not None else None,
            purchase_order=assessment.order_id is not None,
            sending=assessment.sending.state,
            at_supplier=assessment.at_supplier,
            lines=tuple(line.quantities.state for line in assessment.lines),
            receipts_in_scope=policy.receipts_in_scope,
            open_errors=has_errors(found),
        )
    )


def _position(line: Line) -> LinePosition:
    mapped, numbers, shown = line.mapped, line.quantities, line.projection
    return LinePosition(
        key=mapped.key,
        line_number=mapped.bc_line_number,
        order_line_number=mapped.order_line_number,
        po_sequence=mapped.po_sequence,
        cart_position=mapped.cart_position,
        inferred=mapped.inferred,
        supplier_part_id=mapped.supplier_part_id,
        supplier_part_aux_id=mapped.supplier_part_aux_id,
        description=mapped.description,
        unit=mapped.unit,
        currency=mapped.currency,
        requested=mapped.requested,
        ordered=numbers.ordered,
        accepted=numbers.confirmed.accepted,
        rejected=numbers.confirmed.rejected,
        backordered=numbers.confirmed.backordered,
        shipped=numbers.shipped,
        returned=numbers.returned,
        received=numbers.received,
        invoiced=numbers.invoiced,
        credited=numbers.credited,
        named=numbers.confirmed.named,
        effective=numbers.effective,
        price_ordered=mapped.unit_price,
        price_confirmed=price_confirmed(line.confirmed),
        order_axis=numbers.order_axis,
        ship_axis=numbers.ship_axis,
        receipt_axis=numbers.receipt_axis,
        invoice_axis=numbers.invoice_axis,
        shipping_date=shown.shipping_date.value,
        delivery_date=shown.delivery_date.value,
        invoice_id=shown.invoice_id.value,
        invoice_date=shown.invoice_date.value,
        shipping_dates=shown.shipping_date.distinct,
        delivery_dates=shown.delivery_date.distinct,
        invoice_ids=shown.invoice_id.distinct,
        invoice_dates=shown.invoice_date.distinct,
        amazon_orders=len({share.confirm_id for share in line.confirmed} - {None}),
        shipments=len(
            {_shipment(share.statement.body.shipment_id, share.statement.body_sha256) for share in line.shipped}
        ),
    )


def _shipment(shipment_id: str | None, body_sha256: str) -> str:
    return shipment_id or f"#{body_sha256}"
