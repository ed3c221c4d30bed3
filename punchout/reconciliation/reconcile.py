"""The one function: what the facts of a request come to, at one moment, under one policy.

Pure and total: the same facts in any order, and any fact any number of times, give the same result.
"""

from punchout.model.history import RequestHistory
from punchout.model.moments import Micros
from punchout.reconciliation.accounts import Allocation
from punchout.reconciliation.allocation import allocations
from punchout.reconciliation.assessment import Assessment, OrderRefusal, OrderRemark, assess
from punchout.reconciliation.deadlines import next_due_at
from punchout.reconciliation.exceptions import exceptions, has_errors
from punchout.reconciliation.line_positions import line_position
from punchout.reconciliation.policy import ReconciliationPolicy
from punchout.reconciliation.results import ExceptionFound, Reconciled
from punchout.reconciliation.stages import HeaderFacts, Stage, header_stage
from punchout.reconciliation.three_way import three_way
from punchout.reconciliation.timeline import timeline


def reconcile(
    history: RequestHistory,
    policy: ReconciliationPolicy,
    as_of: Micros,
    order_refusals: tuple[OrderRefusal, ...] = (),
    order_remarks: tuple[OrderRemark, ...] = (),
) -> Reconciled:
    """Return stage, positions, links, exceptions and timeline of a request.

    Args:
        history: its facts, in any order.
        policy: the company's decisions.
        as_of: the moment to judge deadlines at, microseconds UTC.
        order_refusals: why ordering could not build its order, each with its code; it may not have tried.
        order_remarks: what its order says otherwise than its cart.
    """
    assessment = assess(history, policy, as_of, order_refusals, order_remarks)
    found = exceptions(assessment)
    ids = assessment.confirmation_ids
    return Reconciled(
        key=history.key,
        stage=stage_of(assessment, found.open),
        order_id=assessment.order_id,
        outbox_state=assessment.sending.state.value if assessment.sending.state is not None else None,
        adopted=assessment.adoption is not None,
        order_confirmation_id=ids[0].text if ids else None,
        order_confirmation_ids=tuple(sorted(one.text for one in ids)),
        lines=tuple(line_position(line) for line in assessment.lines),
        links=assessment.links,
        versions=assessment.versions,
        exceptions=found.open,
        waived=found.waived,
        timeline=timeline(assessment),
        next_due_at=next_due_at(assessment),
        suggestions=assessment.suggestions,
        charges=assessment.charges,
        three_way=three_way(assessment),
        allocations=_allocations(assessment),
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


def _allocations(assessment: Assessment) -> tuple[Allocation, ...]:
    zone = assessment.policy.zone_info
    return tuple(
        sorted(
            one
            for line in assessment.lines
            for one in allocations(line.mapped.key, line.quantities, line.shipped, line.invoiced, zone)
        )
    )
