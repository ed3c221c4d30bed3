"""Findings about places of documents: those on no line, what they may mean, and those in another currency."""

from collections.abc import Iterator

from punchout.model.codes import Code
from punchout.model.exact import Millionths
from punchout.model.values import Money
from punchout.reconciliation.accounts import Suggestion
from punchout.reconciliation.assessment import Assessment, Line
from punchout.reconciliation.matching import MEANINGS
from punchout.reconciliation.results import ExceptionFound
from punchout.reconciliation.rulings import place_key
from punchout.reconciliation.subjects import of_line, of_place, unmatched_detail

Found = Iterator[ExceptionFound]

_HASH_SHOWN = 12


def on_no_line(assessment: Assessment) -> Found:
    """Report a place that was put on no line, with the reason: not found, in conflict, ambiguous, another unit."""
    for one in assessment.unmatched:
        mention = one.mention
        yield of_place(
            assessment,
            one.code,
            mention.key,
            detail=unmatched_detail(assessment, one),
            amount=mention.amount,
            currency=mention.currency,
            since=mention.since,
        )


def likely_line(assessment: Assessment) -> Found:
    """Report a line that a place is likely to mean, for a person to confirm or refuse."""
    mentions = {one.mention.key: one.mention for one in assessment.unmatched}
    for one in assessment.suggestions:
        mention = mentions[one.body_sha256, one.ordinals]
        yield of_place(
            assessment,
            Code.MATCH_LOW_CONFIDENCE,
            mention.key,
            detail=(
                f"likely line {one.line_key} ({one.rule}: {MEANINGS[f'{one.rule}/{one.confidence}']}); "
                f"to put it there: `punchout decide link {_named(one)} {one.line_key}`"
            ),
            amount=mention.amount,
            currency=mention.currency,
            since=mention.since,
        )


def _named(one: Suggestion) -> str:
    """Name a place as a person types it: enough of the document's hash to tell it from the others."""
    return place_key(one.body_sha256[:_HASH_SHOWN], one.ordinals)


def other_currency(assessment: Assessment) -> Found:
    """Report a line that was confirmed or invoiced in another currency than it was ordered in."""
    for line in assessment.lines:
        ordered = assessment.currency_of(line)
        stated = {money.currency: quantity for money, quantity in _priced(line) if money.currency is not None}
        foreign = sorted(currency for currency in stated if currency != ordered)
        if ordered is not None and foreign:
            yield of_line(
                assessment,
                line,
                Code.CURRENCY_MISMATCH,
                quantity=max(abs(stated[currency]) for currency in foreign),
                detail=f"ordered in {ordered}, stated in {', '.join(foreign)}",
            )


def _priced(line: Line) -> Iterator[tuple[Money, Millionths]]:
    """Yield every price and amount that is stated of a line, with the quantity it is for, smallest quantity first."""
    confirmed = [
        (share.status.unit_price, share.quantity)
        for share in line.confirmed
        if share.status is not None and share.status.unit_price is not None
    ]
    billed = [
        (money, share.quantity)
        for share in line.invoiced
        for money in (share.item.unit_price, share.item.subtotal)
        if money is not None
    ]
    yield from sorted((*confirmed, *billed), key=lambda one: abs(one[1]))
