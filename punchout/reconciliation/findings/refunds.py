"""Findings about what takes a bill back: credits, withdrawals, and bills that look like another one."""

from collections.abc import Iterator

from punchout.model.codes import Code
from punchout.model.documents import Invoice
from punchout.model.exact import Millionths, format_decimal
from punchout.model.moments import DAY, Micros
from punchout.reconciliation.assessment import Assessment
from punchout.reconciliation.results import ExceptionFound
from punchout.reconciliation.statements import Statement, distinct, stated_at
from punchout.reconciliation.subjects import of_line, of_place, whole_document
from punchout.reconciliation.versions import CREDITS

Found = Iterator[ExceptionFound]


def unreferenced(assessment: Assessment) -> Found:
    """Report a credit that names no invoice of this order."""
    known = distinct(assessment.history.invoices)
    bills = [one for one in known if one.body.purpose not in CREDITS]
    payload_ids = {payload_id for one in bills for payload_id in one.payload_ids}
    invoice_ids = {one.body.invoice_id for one in bills}
    for credit in _credits(assessment):
        body = credit.body
        if body.original_payload_id in payload_ids or (body.original_invoice_id or "") in invoice_ids:
            continue
        named = body.original_invoice_id or body.original_payload_id
        yield of_place(
            assessment,
            Code.CREDIT_UNREFERENCED,
            whole_document(credit),
            detail=f"names {named}" if named else "names no invoice",
            amount=_worth(body),
            since=stated_at(body.invoice_date, credit.received),
        )


def header_only(assessment: Assessment) -> Found:
    """Report a credit without lines, which a person must allocate."""
    for credit in _credits(assessment):
        if not any(order.lines for order in credit.body.orders):
            yield of_place(
                assessment,
                Code.CREDIT_HEADER_ONLY,
                whole_document(credit),
                detail=f"credit {credit.body.invoice_id or 'without id'} of {format_decimal(_worth(credit.body))}",
                amount=_worth(credit.body),
            )


def credited_over(assessment: Assessment) -> Found:
    """Report a line of which more was credited than billed."""
    for line in assessment.lines:
        excess = -line.quantities.invoiced
        if excess > 0:
            billed = line.quantities.credited - excess
            detail = f"{format_decimal(line.quantities.credited)} credited, {format_decimal(billed)} billed"
            yield of_line(assessment, line, Code.CREDIT_OVER, quantity=excess, detail=detail)


def expected(assessment: Assessment) -> Found:
    """Say that what went back is still billed."""
    for line in assessment.lines:
        numbers = line.quantities
        owed = min(numbers.returned, numbers.invoiced, numbers.invoiced - numbers.shipped)
        if owed > 0:
            detail = f"{format_decimal(numbers.returned)} went back, {format_decimal(owed)} of it is billed"
            yield of_line(assessment, line, Code.CREDIT_EXPECTED, quantity=owed, detail=detail)


def withdrawal_without_invoice(assessment: Assessment) -> Found:
    """Report the withdrawal of an invoice that is not known here."""
    invoices = [state for state in assessment.versions if state.kind == "invoice"]
    used = {state.by for state in invoices}
    orphans = {state.body_sha256 for state in invoices if state.standing == "deletes"} - used
    for one in distinct(assessment.history.invoices):
        if one.body_sha256 in orphans:
            named = one.body.original_invoice_id or one.body.original_payload_id or one.body.invoice_id
            yield of_place(assessment, Code.INV_DELETE_ORPHAN, whole_document(one), detail=f"withdraws {named}")


def suspected_duplicates(assessment: Assessment) -> Found:
    """Report an invoice that bills what an earlier one bills, within the policy's days, and more than was shipped.

    Equal parcels billed one by one are no duplicates; so it counts only where shipments do not cover both.
    """
    unshipped = {
        line.mapped.key
        for line in assessment.lines
        if line.quantities.invoiced > line.quantities.shipped + line.quantities.returned
    }
    billed = _billed(assessment)
    bills = [one for one in assessment.invoices if one.body.purpose not in CREDITS and one.body_sha256 in billed]
    for place, later in enumerate(bills):
        lines = billed[later.body_sha256]
        alike = [one for one in bills[:place] if billed[one.body_sha256] == lines and _near(one, later, assessment)]
        if alike and unshipped & {key for key, *_ in lines}:
            yield of_place(
                assessment,
                Code.INV_SUSPECT_DUPLICATE,
                whole_document(later),
                detail=f"bills the same as {alike[0].body.invoice_id or 'an invoice without id'}",
                amount=sum(amount for *_, amount in lines),
                since=_dated(later),
            )


def _billed(assessment: Assessment) -> dict[str, list[tuple[str, Millionths, Millionths]]]:
    """Return line, quantity and amount of everything that each invoice bills, sorted."""
    billed: dict[str, list[tuple[str, Millionths, Millionths]]] = {}
    for line in assessment.lines:
        for share in line.invoiced:
            amount = share.item.subtotal.amount if share.item.subtotal is not None else 0
            billed.setdefault(share.statement.body_sha256, []).append((line.mapped.key, share.quantity, amount))
    return {sha: sorted(lines) for sha, lines in billed.items()}


def _near(one: Statement[Invoice], other: Statement[Invoice], assessment: Assessment) -> bool:
    return abs(_dated(other) - _dated(one)) <= assessment.policy.duplicate_days * DAY


def _credits(assessment: Assessment) -> list[Statement[Invoice]]:
    return [one for one in assessment.invoices if one.body.purpose in CREDITS and not one.body.is_information_only]


def _dated(one: Statement[Invoice]) -> Micros:
    return stated_at(one.body.invoice_date, one.received)


def _worth(body: Invoice) -> Millionths:
    stated = next((money for money in (body.due, body.net, body.gross, body.subtotal) if money is not None), None)
    return abs(stated.amount) if stated is not None else 0
