"""What a person should know of: every rule there is, in one list.

A rule that no longer holds finds nothing, and the ledger closes what it had found. The rules themselves are in
`findings`. Codes about documents that belong to no order, and about documents delivered twice, are `punchout.ledger`'s;
what a person should do is in `punchout.model.codes`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from punchout.model.codes import Severity
from punchout.reconciliation.assessment import Assessment
from punchout.reconciliation.findings import (
    amounts,
    business_central,
    carts,
    confirmations,
    dates,
    decisions,
    documents,
    invoices,
    orders,
    refunds,
    shipments,
)
from punchout.reconciliation.results import ExceptionFound
from punchout.reconciliation.rulings import CLOSED

RULES: tuple[Callable[[Assessment], Iterator[ExceptionFound]], ...] = (
    carts.empty,
    carts.wrong_total,
    carts.ageing,
    orders.cannot_be_ordered,
    orders.unlike_the_cart,
    orders.adopted,
    orders.sending_trouble,
    orders.ordered_twice,
    orders.confirmation_overdue,
    orders.several_values,
    documents.on_no_line,
    documents.likely_line,
    documents.other_currency,
    confirmations.order_rejected,
    confirmations.line_rejected,
    confirmations.rejected_after_acceptance,
    confirmations.quantities,
    confirmations.sums,
    confirmations.prices,
    confirmations.substituted,
    shipments.shipped_over,
    shipments.shipped_though_rejected,
    shipments.whole_order_implied,
    shipments.without_tracking,
    shipments.withdrawn_after_receipt,
    dates.slipped,
    dates.shipment_overdue,
    dates.impossible_order,
    dates.in_the_future,
    invoices.invoiced_over,
    invoices.invoiced_though_rejected,
    invoices.invoiced_before_shipment,
    invoices.not_received,
    amounts.prices,
    amounts.tax,
    amounts.charges,
    amounts.totals,
    amounts.line_sums,
    refunds.unreferenced,
    refunds.header_only,
    refunds.credited_over,
    refunds.expected,
    refunds.withdrawal_without_invoice,
    refunds.suspected_duplicates,
    business_central.cancelled_here_only,
    business_central.purchase_order_missing,
    business_central.status_unexpected,
    business_central.changed_after_sending,
    decisions.unplaced,
)


@dataclass(frozen=True, slots=True)
class Findings:
    """What rules found, sorted by code and subject: what is open, and what a person decided to let be."""

    open: tuple[ExceptionFound, ...]
    waived: tuple[ExceptionFound, ...]


def exceptions(assessment: Assessment) -> Findings:
    """Return everything that any rule finds, as far as no decision settles it."""
    rulings = assessment.rulings
    closed = {assessment.line_subject(line) for line in assessment.lines if line.quantities.closed}
    found = [
        replace(one, acknowledged_by=rulings.acknowledged.get((one.code.value, one.subject_key)))
        for rule in RULES
        for one in rule(assessment)
        if not (one.code in CLOSED and one.subject_key in closed)
    ]
    found.sort(key=lambda one: (one.code.value, one.subject_kind, one.subject_key))
    waived = [one for one in found if (one.code.value, one.subject_key) in rulings.waived]
    return Findings(tuple(one for one in found if one not in waived), tuple(waived))


def has_errors(found: tuple[ExceptionFound, ...]) -> bool:
    """Tell whether anything found must be settled before the request is closed."""
    return any(one.severity in {Severity.ERROR, Severity.CRITICAL} for one in found)
