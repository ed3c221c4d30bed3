"""The three-way match: what was ordered and confirmed, what came, and what is billed for it, line by line.

A unit price is measured against the confirmed one, else the ordered one; a quantity against what was accepted, else
ordered; receipts count where they are in scope. The numbers and one word a line are given here; what is worth an
exception, and how bad, is `findings.amounts` and `findings.invoices`.
"""

from dataclasses import dataclass

from punchout.model.codes import Code, Severity
from punchout.model.exact import ONE, Millionths, times
from punchout.reconciliation.accounts import MatchWord, PriceBase, ThreeWay
from punchout.reconciliation.assessment import Assessment, Line
from punchout.reconciliation.shares import Decision, InvoicedShare

_UNITS = frozenset({Code.UOM_CHANGED, Code.UOM_UNMAPPED})


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceDifference:
    """A billed price that is not the expected one beyond tolerance; `amount` is what it costs more."""

    price: Millionths
    base: Millionths
    severity: Severity
    amount: Millionths


def three_way(assessment: Assessment) -> tuple[ThreeWay, ...]:
    """Return the comparison of every line, in the order of the lines."""
    return tuple(compared(assessment, line) for line in assessment.lines)


def base_prices(assessment: Assessment, line: Line) -> tuple[Millionths, ...]:
    """Return the prices that a bill may state: those of the acceptances, as ordered where they state none.

    Where one line was confirmed at several prices, in several of the supplier's orders, each of them will be billed. So
    may be a price that a person agreed to.
    """
    known = {*(confirmed_prices(assessment, line) or [line.mapped.unit_price]), line.accepted_price}
    return tuple(sorted(price for price in known if price is not None))


def confirmed_prices(assessment: Assessment, line: Line) -> list[Millionths | None]:
    """Return the price of every acceptance; one that states none was accepted as ordered."""
    accepted = [share for share in line.confirmed if share.decision is Decision.ACCEPTED]
    stated = [share.status.unit_price if share.status is not None else None for share in accepted]
    return [
        line.mapped.unit_price if price is None else price.amount
        for price in stated
        if price is None or not assessment.is_foreign(line, price)
    ]


def billed_price(share: InvoicedShare) -> Millionths | None:
    """Return the price of one piece, computed from the amount where only that is stated."""
    item = share.item
    if item.unit_price is not None:
        return abs(item.unit_price.amount)
    if item.subtotal is None or not share.quantity:
        return None
    return (abs(item.subtotal.amount) * ONE * 2 + abs(share.quantity)) // (2 * abs(share.quantity))


def price_differences(assessment: Assessment, line: Line) -> tuple[PriceDifference, ...]:
    """Return the bills at another price than any expected one, measured against the nearest."""
    bases, tolerances = base_prices(assessment, line), assessment.policy.tolerances
    found = []
    for share in line.invoiced:
        price = billed_price(share)
        if share.quantity <= 0 or price is None or not bases or assessment.bills_foreign(line, share):
            continue
        base = min(bases, key=lambda one: (abs(price - one), one))
        if tolerances.price_differs(price, base):
            severity = tolerances.price_severity(price, base)
            amount = max(0, times(share.quantity, price - base))
            found.append(PriceDifference(price=price, base=base, severity=severity, amount=amount))
    return tuple(found)


def taxes(line: Line) -> tuple[Millionths | None, Millionths | None]:
    """Return the tax that confirmations promise for what is billed, and the tax that is billed; None where not stated.

    A status states the tax of its quantity, not of a piece (cXML `ConfirmationStatus/Tax`).
    """
    accepted = [share for share in line.confirmed if share.decision is Decision.ACCEPTED]
    promised = [share.status.tax if share.status is not None else None for share in accepted]
    billed = [(share.quantity, share.item.tax.amount) for share in line.invoiced if share.item.tax is not None]
    total = sum(share.quantity for share in accepted)
    expected = None
    if promised and total > 0 and None not in promised:
        expected = sum(tax.amount for tax in promised if tax is not None) * line.quantities.invoiced // total
    return expected, sum(abs(tax) if quantity > 0 else -abs(tax) for quantity, tax in billed) if billed else None


def compared(assessment: Assessment, line: Line) -> ThreeWay:
    """Return the comparison of one line."""
    numbers, bases = line.quantities, base_prices(assessment, line)
    differing = price_differences(assessment, line)
    words = _words(assessment, line, bases, differing)
    tax_expected, tax_billed = taxes(line)
    amount = sum(_amount(share) for share in line.invoiced)
    base = bases[-1] if bases else None
    tolerances = assessment.policy.tolerances
    return ThreeWay(
        line_key=line.mapped.key,
        word=words[0],
        words=words,
        ordered=numbers.ordered,
        confirmed=numbers.confirmed.accepted,
        effective=numbers.effective,
        shipped=numbers.shipped,
        received=numbers.received if assessment.policy.receipts_in_scope else None,
        invoiced=numbers.invoiced,
        credited=numbers.credited,
        price_expected=base,
        price_base=_base_of(assessment, line, base),
        price_tolerance=None if base is None else tolerances.of_price(base),
        price_invoiced=_average(line),
        amount_invoiced=amount,
        amount_at_variance=sum(one.amount for one in differing),
        tax_expected=tax_expected,
        tax_tolerance=None if tax_expected is None else tolerances.of_tax(tax_expected),
        tax_invoiced=tax_billed,
        charges=sum(one.amount for one in assessment.charges if one.line_key == line.mapped.key),
        charges_expected=_confirmed_shipping(line),
        charges_tolerance=tolerances.charges,
        currency=assessment.currency_of(line),
    )


def _base_of(assessment: Assessment, line: Line, base: Millionths | None) -> PriceBase | None:
    """Say where the expected price comes from; what a person agreed to is said only where nothing else states it."""
    if base is None:
        return None
    if base in confirmed_prices(assessment, line):
        return "confirmed"
    return "ordered" if base == line.mapped.unit_price else "agreed"


def _confirmed_shipping(line: Line) -> Millionths | None:
    """Return the sum of cXML `ConfirmationStatus/Shipping` over what is accepted."""
    accepted = [share.status for share in line.confirmed if share.decision is Decision.ACCEPTED]
    stated = [status.shipping.amount for status in accepted if status is not None and status.shipping is not None]
    return sum(stated) if stated else None


def _average(line: Line) -> Millionths | None:
    priced = [(share.quantity, billed_price(share)) for share in line.invoiced if share.quantity > 0]
    known = [(quantity, price) for quantity, price in priced if price is not None]
    pieces = sum(quantity for quantity, _ in known)
    return sum(quantity * price for quantity, price in known) // pieces if pieces else None


def _amount(share: InvoicedShare) -> Millionths:
    stated = share.item.subtotal
    amount = abs(stated.amount) if stated is not None else times(abs(share.quantity), billed_price(share) or 0)
    return amount if share.quantity > 0 else -amount


def _words(
    assessment: Assessment, line: Line, bases: tuple[Millionths, ...], differing: tuple[PriceDifference, ...]
) -> tuple[MatchWord, ...]:
    """Return every word that applies, the worst first."""
    numbers, key = line.quantities, line.mapped.key
    is_dear = any(one.severity is not Severity.INFO for one in differing)
    rules = (
        (not assessment.basis.is_order, MatchWord.NO_ORDER),
        (any(assessment.bills_foreign(line, share) for share in line.invoiced), MatchWord.CURRENCY),
        (any(one.code in _UNITS and one.likely_key == key for one in assessment.unmatched), MatchWord.UNIT),
        (numbers.invoiced > numbers.effective, MatchWord.QUANTITY_OVER),
        (is_dear, MatchWord.PRICE),
        (assessment.policy.receipts_in_scope and numbers.invoiced > numbers.received, MatchWord.NOT_RECEIVED),
        (0 < numbers.invoiced < numbers.effective, MatchWord.QUANTITY_SHORT),
        (numbers.invoiced <= 0 < numbers.effective, MatchWord.NOT_INVOICED),
        (not is_dear and _is_off(assessment, line, bases), MatchWord.WITHIN_TOLERANCE),
    )
    return tuple(word for holds, word in rules if holds) or (MatchWord.MATCHED,)


def _is_off(assessment: Assessment, line: Line, bases: tuple[Millionths, ...]) -> bool:
    """Tell whether any price is not exactly an expected one."""
    compared = [share for share in line.invoiced if share.quantity > 0 and not assessment.bills_foreign(line, share)]
    return any(billed_price(share) not in (None, *bases) for share in compared)
