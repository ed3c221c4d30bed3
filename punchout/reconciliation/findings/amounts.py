"""Findings about the money of invoices: prices, tax, charges, and sums that do not add up."""

from collections.abc import Iterator

from punchout.model.codes import Code, Severity
from punchout.model.documents import Confirmation, Invoice
from punchout.model.exact import Millionths, format_decimal, times
from punchout.reconciliation.assessment import Assessment
from punchout.reconciliation.results import ExceptionFound
from punchout.reconciliation.statements import in_place
from punchout.reconciliation.subjects import of_line, of_place, of_request, whole_document
from punchout.reconciliation.three_way import price_differences, taxes
from punchout.reconciliation.versions import CREDITS

Found = Iterator[ExceptionFound]

_SEVERITIES = (Severity.INFO, Severity.WARNING, Severity.ERROR)
_CHARGES = frozenset({"shipping", "handling", "other"})


def prices(assessment: Assessment) -> Found:
    """Report lines that are billed at another price than was confirmed, or ordered; a lower one is good to know."""
    for line in assessment.lines:
        differences = price_differences(assessment, line)
        if differences:
            shown = sorted({f"{format_decimal(one.price)} for {format_decimal(one.base)}" for one in differences})
            yield of_line(
                assessment,
                line,
                Code.INV_PRICE_VARIANCE,
                severity=max((one.severity for one in differences), key=_SEVERITIES.index),
                amount=sum(one.amount for one in differences),
                detail=f"billed at {', '.join(shown)}",
            )


def tax(assessment: Assessment) -> Found:
    """Report tax that is not the confirmed one, by line where both sides state it so, else for the whole order."""
    by_line = [(line, *taxes(line)) for line in assessment.lines]
    judged = False
    for line, expected, billed in by_line:
        if expected is None or billed is None:
            continue
        judged = True
        if assessment.policy.tolerances.tax_differs(billed, expected):
            detail = f"{format_decimal(billed)} billed, {format_decimal(expected)} confirmed"
            amount = max(0, billed - expected)
            yield of_line(assessment, line, Code.INV_TAX_VARIANCE, amount=amount, detail=detail)
    if not judged:
        yield from _tax_of_order(assessment)


def _tax_of_order(assessment: Assessment) -> Found:
    """Compare the sums; less than was confirmed says nothing before everything is billed."""
    promised = [one.body.tax.amount for one in assessment.confirmations if one.body.tax is not None]
    billed = [
        -abs(one.body.tax.amount) if one.body.purpose in CREDITS else one.body.tax.amount
        for one in assessment.own_invoices
        if one.body.tax is not None
    ]
    if not promised or not billed:
        return
    expected, total = sum(promised), sum(billed)
    complete = all(line.quantities.invoiced == line.quantities.effective for line in assessment.lines)
    if assessment.policy.tolerances.tax_differs(total, expected) and (complete or total > expected):
        detail = f"{format_decimal(total)} billed, {format_decimal(expected)} confirmed"
        yield of_request(assessment, Code.INV_TAX_VARIANCE, at_risk=max(0, total - expected), detail=detail)


def charges(assessment: Assessment) -> Found:
    """Report charges beyond what was confirmed, or shown in the cart where no confirmation states any."""
    billed = sum(one.amount for one in assessment.charges if one.kind in _CHARGES)
    known = _known_charges(assessment)
    if billed - known > assessment.policy.tolerances.charges:
        detail = f"{format_decimal(billed)} billed, {format_decimal(known)} known before"
        yield of_request(assessment, Code.INV_CHARGE_UNEXPECTED, at_risk=billed - known, detail=detail)


def _known_charges(assessment: Assessment) -> Millionths:
    confirmed = [amount for one in assessment.confirmations for amount in _confirmed_shipping(one.body)]
    if confirmed or assessment.rows.cart is None:
        return sum(confirmed)
    cart = assessment.rows.cart.body
    in_lines = [line.shipping.amount for line in cart.lines if line.shipping is not None]
    return cart.shipping.amount if cart.shipping is not None else sum(in_lines)


def _confirmed_shipping(body: Confirmation) -> list[Millionths]:
    """The header's sum covers what its statuses state."""
    stated = [status.shipping for item in body.items for status in item.statuses]
    return [money.amount for money in ([body.shipping] if body.shipping is not None else stated) if money is not None]


def totals(assessment: Assessment) -> Found:
    """Report an invoice whose summary contradicts itself or its lines, and by how much."""
    for statement in assessment.own_invoices:
        gaps = [
            (name, stated - computed)
            for name, stated, computed in _identities(statement.body)
            if abs(stated - computed) > assessment.policy.tolerances.total
        ]
        if gaps:
            yield of_place(
                assessment,
                Code.INV_TOTAL_MISMATCH,
                whole_document(statement),
                detail=", ".join(f"{name} is off by {format_decimal(gap)}" for name, gap in gaps),
                amount=max(abs(gap) for _, gap in gaps),
                currency=next((money.currency for money in (statement.body.net, statement.body.gross) if money), None),
            )


def _identities(body: Invoice) -> Iterator[tuple[str, Millionths, Millionths]]:
    """Yield what is stated and what it should be (cXML `InvoiceDetailSummary`); what is absent counts as nothing."""
    lines = [item.subtotal for order in body.orders for item in order.lines]
    if body.subtotal is not None and lines and None not in lines:
        summed = sum(money.amount for money in lines if money is not None)
        # A credit may state its sums without the sign of its lines, or the other way round.
        yield ("the subtotal", abs(body.subtotal.amount), abs(summed))
    parts = [body.subtotal, body.tax, body.handling, body.shipping]
    gross = sum(money.amount for money in parts if money is not None)
    if body.gross is not None and body.subtotal is not None:
        yield "the gross amount", body.gross.amount, gross
    if body.net is not None and (body.gross is not None or body.subtotal is not None):
        whole = body.gross.amount if body.gross is not None else gross
        less = abs(body.discount.amount) if body.discount is not None else 0
        yield "the net amount", body.net.amount, whole - less if whole >= 0 else whole + less


def line_sums(assessment: Assessment) -> Found:
    """Report a line whose amount is not quantity times price."""
    for statement in assessment.invoices:
        for order in in_place(statement.body.orders):
            for item in in_place(order.lines):
                if item.subtotal is None or item.unit_price is None:
                    continue
                computed = times(abs(item.quantity.value), abs(item.unit_price.amount))
                stated = abs(item.subtotal.amount)
                if assessment.policy.tolerances.line_amount_differs(stated, computed, item.quantity.value):
                    yield of_place(
                        assessment,
                        Code.INV_LINE_MATH,
                        (statement.body_sha256, (order.ordinal, item.ordinal)),
                        detail=f"{format_decimal(stated)} stated, {format_decimal(computed)} computed",
                        amount=abs(stated - computed),
                        currency=item.subtotal.currency,
                    )
