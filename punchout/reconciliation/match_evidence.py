"""Why the three-way match says what it says: the places of prices, tax and charges, and the tolerance that was applied.

The numbers are `three_way`'s; the reasons for quantities are in `evidence`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from punchout.model.exact import format_decimal
from punchout.reconciliation.accounts import Charge, ThreeWay
from punchout.reconciliation.assessment import Assessment, Line
from punchout.reconciliation.places import Place, Share, order_line_place, places
from punchout.reconciliation.reasons import Reason, line_reason, request_reason
from punchout.reconciliation.shares import Decision
from punchout.reconciliation.three_way import compared

_PRICE_RULES = {
    "confirmed": "as confirmed",
    "ordered": "as ordered",
    "agreed": "as a person agreed",
}
_OFF = "within"


def of_match(assessment: Assessment, line: Line) -> Iterator[Reason]:
    """Yield a reason for every value of a line's match that says something."""
    found, subject = compared(assessment, line), assessment.line_subject(line)
    billed: list[Share] = list(line.invoiced)
    if not billed:
        return
    words = f"the worst of: {', '.join(found.words)}" if len(found.words) > 1 else "nothing worse applies"
    yield line_reason(subject, "match", found.word.value, words, places(assessment, billed))
    yield from _of_price(assessment, line, found)
    yield from _of_tax(assessment, line, found)
    charged = [one for one in assessment.charges if one.line_key == line.mapped.key]
    if charged:
        rule = f"billed beside its goods, {_known(found)} confirmed"
        yield line_reason(subject, "charges", format_decimal(found.charges), rule, charge_places(assessment, charged))


def of_charges(assessment: Assessment) -> Iterator[Reason]:
    """Yield a reason for what invoices bill beside all lines."""
    whole = [one for one in assessment.charges if not one.line_key]
    if whole:
        value = format_decimal(sum(one.amount for one in whole))
        rule = "billed beside all lines"
        yield request_reason(
            assessment.history.key.request_no, "charges", value, rule, charge_places(assessment, whole)
        )


def charge_places(assessment: Assessment, charged: Iterable[Charge]) -> tuple[Place, ...]:
    """Return where charges are stated: in an invoice's summary, in a line of its own, or beside a line's goods."""
    documents = {one.body_sha256: one for one in assessment.invoices}
    return tuple(
        Place(
            document_id=documents[one.body_sha256].document_id,
            source=one.body_sha256,
            record="InvoiceLine" if one.ordinals else "Invoice",
            ordinals=one.ordinals,
            field=one.kind if one.line_key or not one.ordinals else "subtotal",
        )
        for one in charged
    )


def _of_price(assessment: Assessment, line: Line, found: ThreeWay) -> Iterator[Reason]:
    subject = assessment.line_subject(line)
    if found.price_expected is not None and found.price_base is not None:
        rule = f"{_PRICE_RULES[found.price_base]}, {_OFF} {format_decimal(found.price_tolerance or 0)}"
        stated: list[Share] = [
            share
            for share in line.confirmed
            if share.decision is Decision.ACCEPTED and share.status is not None and share.status.unit_price is not None
        ]
        ordered = order_line_place(assessment, line, sent="unit_price", stated="direct_unit_cost")
        at = _at(assessment, stated, "unit_price") or ordered
        yield line_reason(subject, "price_expected", format_decimal(found.price_expected), rule, at)
    if found.price_invoiced is not None:
        priced: list[Share] = [share for share in line.invoiced if share.quantity > 0]
        rule = "average billed, without credits"
        at = _at(assessment, priced, "unit_price")
        yield line_reason(subject, "price_invoiced", format_decimal(found.price_invoiced), rule, at)


def _of_tax(assessment: Assessment, line: Line, found: ThreeWay) -> Iterator[Reason]:
    subject = assessment.line_subject(line)
    if found.tax_expected is not None:
        rule = f"as confirmed, {_OFF} {format_decimal(found.tax_tolerance or 0)}"
        accepted: list[Share] = [share for share in line.confirmed if share.decision is Decision.ACCEPTED]
        yield line_reason(
            subject, "tax_expected", format_decimal(found.tax_expected), rule, _at(assessment, accepted, "tax")
        )
    if found.tax_invoiced is not None:
        taxed: list[Share] = [share for share in line.invoiced if share.item.tax is not None]
        rule = "sum of invoices, less credits"
        yield line_reason(
            subject, "tax_invoiced", format_decimal(found.tax_invoiced), rule, _at(assessment, taxed, "tax")
        )


def _at(assessment: Assessment, shares: list[Share], field: str) -> tuple[Place, ...]:
    return tuple(replace(place, field=field, quantity=None) for place in places(assessment, shares))


def _known(found: ThreeWay) -> str:
    return "none" if found.charges_expected is None else format_decimal(found.charges_expected)
