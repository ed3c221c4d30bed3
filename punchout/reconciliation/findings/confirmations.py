"""Findings about what the supplier confirmed: rejections, missing and surplus quantities, prices, substitutes."""

from collections.abc import Callable, Iterator

from punchout.model.codes import Code, Severity
from punchout.model.exact import Millionths, format_decimal, times
from punchout.reconciliation.assessment import Assessment, Line
from punchout.reconciliation.positions import Quantities
from punchout.reconciliation.results import ExceptionFound
from punchout.reconciliation.shares import Decision
from punchout.reconciliation.subjects import decided_since, error_codes, noticed_at, of_line, of_request

Found = Iterator[ExceptionFound]


def order_rejected(assessment: Assessment) -> Found:
    """Report that nothing of the order will come."""
    ordered = [line for line in assessment.lines if line.quantities.ordered > 0]
    if ordered and all(line.quantities.state.is_rejected for line in ordered):
        since = [decided_since(line, Decision.REJECTED) for line in ordered]
        yield of_request(
            assessment,
            Code.CONF_REJECTED_ORDER,
            detail=f"all {len(ordered)} lines rejected",
            since=max(at for at in since if at is not None),
        )


def line_rejected(assessment: Assessment) -> Found:
    """Report a rejected quantity."""
    for line in assessment.lines:
        rejected = line.quantities.confirmed.rejected
        if rejected > 0:
            detail = f"{format_decimal(rejected)} of {format_decimal(line.quantities.ordered)} rejected"
            yield of_line(
                assessment,
                line,
                Code.CONF_REJECTED_LINE,
                quantity=rejected,
                detail=", ".join([detail, *error_codes(line)]),
                since=decided_since(line, Decision.REJECTED),
            )


def rejected_after_acceptance(assessment: Assessment) -> Found:
    """Report a rejection of the whole order that came to nothing, because lines were accepted by others."""
    empty = {link.body_sha256 for link in assessment.links if (link.kind, link.rule) == ("confirmation", "ORDER")}
    late = [one for one in assessment.confirmations if one.body.type == "reject" and one.body_sha256 in empty]
    if late and any(line.quantities.confirmed.accepted > 0 for line in assessment.lines):
        detail = f"{len(late)} rejection{'s' if len(late) > 1 else ''} of the whole order changed nothing"
        yield of_request(assessment, Code.CONF_REJECT_AFTER_ACCEPT, detail=detail)


def _less_than_ordered(numbers: Quantities) -> Millionths:
    accepted = numbers.confirmed.accepted
    return numbers.ordered - accepted if 0 < accepted < numbers.ordered else 0


def _more_than_ordered(numbers: Quantities) -> Millionths:
    return numbers.confirmed.accepted + numbers.confirmed.rejected - numbers.ordered


def _waiting(numbers: Quantities) -> Millionths:
    return numbers.confirmed.backordered


_QUANTITIES: tuple[tuple[Code, Callable[[Quantities], Millionths], str, Decision], ...] = (
    (Code.CONF_PARTIAL_QTY, _less_than_ordered, "not accepted", Decision.ACCEPTED),
    (Code.CONF_OVER_ORDERED, _more_than_ordered, "too many confirmed", Decision.ACCEPTED),
    (Code.CONF_BACKORDER, _waiting, "backordered", Decision.BACKORDERED),
)
"""Code, the quantity it is about (it fires above 0), its word, and the decision it dates from."""


def quantities(assessment: Assessment) -> Found:
    """Report lines of which less or more was confirmed than ordered, or some waits at the supplier."""
    for line in assessment.lines:
        for code, about, word, decision in _QUANTITIES:
            quantity = about(line.quantities)
            if line.quantities.ordered > 0 and line.quantities.confirmed.named and quantity > 0:
                yield of_line(
                    assessment,
                    line,
                    code,
                    quantity=quantity,
                    detail=f"{format_decimal(quantity)} of {format_decimal(line.quantities.ordered)} {word}",
                    since=decided_since(line, decision),
                )


def sums(assessment: Assessment) -> Found:
    """Report a line whose status quantities do not add up to what its confirmation says they are of.

    A line that is split over several confirmations may repeat its whole quantity in each: then all of them must add up.
    """
    stated = _stated_sums(assessment)
    for line in assessment.lines:
        pairs = stated.get(line.mapped.key, [])
        together = sum(total for _, total in pairs)
        off = [(whole, total) for whole, total in pairs if total > whole or (total < whole and together < whole)]
        if off:
            words = {
                f"statuses sum to {format_decimal(total)}, the item says {format_decimal(whole)}"
                for whole, total in off
            }
            missing = sum(abs(whole - total) for whole, total in off)
            yield of_line(assessment, line, Code.CONF_QTY_SUM, quantity=missing, detail="; ".join(sorted(words)))


def _stated_sums(assessment: Assessment) -> dict[str, list[tuple[Millionths, Millionths]]]:
    """Return what each item says it is of and what its statuses sum to, by line key."""
    line_keys = assessment.line_keys
    found: dict[str, list[tuple[Millionths, Millionths]]] = {}
    for statement in assessment.confirmations:
        for item in statement.body.items:
            key = line_keys.get((statement.body_sha256, (item.ordinal,)))
            total = sum(status.quantity.value for status in item.statuses)
            found.setdefault(key or "", []).append((item.quantity.value, total))
    return found


def prices(assessment: Assessment) -> Found:
    """Report lines that were accepted above or below the ordered price, beyond tolerance."""
    for line in assessment.lines:
        for code, differences in _price_differences(assessment, line).items():
            severity = max((severity for severity, *_ in differences), key=_SEVERITIES.index)
            ordered = format_decimal(line.mapped.unit_price or 0)
            shown = ", ".join(sorted({format_decimal(price) for _, price, _, _ in differences}))
            yield of_line(
                assessment,
                line,
                code,
                severity=severity,
                amount=sum(amount for _, _, amount, _ in differences),
                detail=f"confirmed at {shown}, ordered at {ordered}",
                since=min(since for *_, since in differences),
            )


_SEVERITIES = (Severity.INFO, Severity.WARNING, Severity.ERROR)


def _price_differences(
    assessment: Assessment, line: Line
) -> dict[Code, list[tuple[Severity, Millionths, Millionths, int]]]:
    """Return severity, price, money and time of each acceptance at another price, by code."""
    base, tolerances = line.mapped.unit_price, assessment.policy.tolerances
    found: dict[Code, list[tuple[Severity, Millionths, Millionths, int]]] = {}
    for share in line.confirmed:
        stated = share.status.unit_price if share.status is not None else None
        if share.decision is not Decision.ACCEPTED or stated is None or base is None:
            continue
        if assessment.is_foreign(line, stated) or not tolerances.price_differs(stated.amount, base):
            continue
        if line.accepted_price is not None and stated.amount <= line.accepted_price:
            continue
        code = Code.CONF_PRICE_UP if stated.amount > base else Code.CONF_PRICE_DOWN
        amount = times(share.quantity, abs(stated.amount - base)) if stated.amount > base else 0
        severity = tolerances.price_severity(stated.amount, base)
        found.setdefault(code, []).append((severity, stated.amount, amount, noticed_at(share)))
    return found


def substituted(assessment: Assessment) -> Found:
    """Report a line for which another part was confirmed."""
    for line in assessment.lines:
        swapped = [
            share
            for share in line.confirmed
            if share.status is not None and share.status.substitute is not None and share.decision is Decision.ACCEPTED
        ]
        if swapped:
            parts = {
                share.status.substitute.supplier_part_id
                for share in swapped
                if share.status and share.status.substitute
            }
            names = ", ".join(sorted(part or "a part without id" for part in parts))
            yield of_line(
                assessment,
                line,
                Code.SUBSTITUTION,
                quantity=sum(share.quantity for share in swapped),
                detail=f"{names} instead of {line.mapped.supplier_part_id or 'a part without id'}",
                since=min(noticed_at(share) for share in swapped),
            )
