"""How an exception names what it is about: subject, money at risk, since when, and the words for a person.

When an exception holds is `exceptions`; what to do about it is in `punchout.model.codes`.
"""

from punchout.model.codes import Code, Severity
from punchout.model.documents import Confirmation, Invoice, ShipNotice
from punchout.model.exact import Millionths, round_to_currency
from punchout.model.moments import Micros
from punchout.reconciliation.assessment import Assessment, Line
from punchout.reconciliation.placing import PlaceKey, Unmatched
from punchout.reconciliation.results import ExceptionFound
from punchout.reconciliation.shares import ConfirmedShare, Decision
from punchout.reconciliation.statements import Statement, stated_at


def of_line(
    assessment: Assessment,
    line: Line,
    code: Code,
    *,
    detail: str,
    quantity: Millionths = 0,
    amount: Millionths | None = None,
    severity: Severity | None = None,
    since: Micros | None = None,
) -> ExceptionFound:
    """Report something about a line; at risk is `amount`, else what `quantity` of it costs at the ordered price."""
    currency = assessment.currency_of(line)
    return ExceptionFound(
        code=code,
        severity=severity or code.severity,
        subject_kind="line",
        subject_key=assessment.line_subject(line),
        amount_at_risk=round_to_currency(line.worth(quantity) if amount is None else amount, currency),
        currency=currency,
        detail=detail,
        since=since,
    )


def of_request(
    assessment: Assessment,
    code: Code,
    *,
    detail: str,
    severity: Severity | None = None,
    at_risk: Millionths | None = None,
    since: Micros | None = None,
) -> ExceptionFound:
    """Report something about the request; at risk is the whole order unless `at_risk` says otherwise."""
    return ExceptionFound(
        code=code,
        severity=severity or code.severity,
        subject_kind="request",
        subject_key=assessment.history.key.request_no,
        amount_at_risk=round_to_currency(assessment.value, assessment.currency) if at_risk is None else at_risk,
        currency=assessment.currency,
        detail=detail,
        since=since,
    )


def of_place(
    assessment: Assessment,
    code: Code,
    place: PlaceKey,
    *,
    detail: str,
    amount: Millionths = 0,
    currency: str | None = None,
    severity: Severity | None = None,
    since: Micros | None = None,
) -> ExceptionFound:
    """Report something about a place of a document; at risk is `amount`, in the order's currency unless stated."""
    body_sha256, ordinals = place
    meant = currency or assessment.currency
    return ExceptionFound(
        code=code,
        severity=severity or code.severity,
        subject_kind="document",
        subject_key=f"{body_sha256}#{'.'.join(map(str, ordinals))}",
        amount_at_risk=round_to_currency(amount, meant),
        currency=meant,
        detail=detail,
        since=since,
    )


def whole_document(one: Statement[Confirmation] | Statement[ShipNotice] | Statement[Invoice]) -> PlaceKey:
    """Return the place that stands for a document as a whole: its first part that belongs to this request."""
    match one.body:
        case ShipNotice(portions=parts):
            return one.body_sha256, (min((part.ordinal for part in parts), default=0),)
        case Invoice(orders=orders):
            return one.body_sha256, (min((part.ordinal for part in orders), default=0),)
        case _:
            return one.body_sha256, ()


def decided_since(line: Line, decision: Decision) -> Micros | None:
    """Return the earliest notice time of a confirmation that decides so."""
    return min((noticed_at(share) for share in line.confirmed if share.decision is decision), default=None)


def noticed_at(share: ConfirmedShare) -> Micros:
    """Return when a confirmation says it was made."""
    return stated_at(share.statement.body.notice, share.statement.received)


def error_codes(line: Line) -> list[str]:
    """Return the supplier's codes for a rejection; the line's own outranks the header's."""
    rejections = [share for share in line.confirmed if share.decision is Decision.REJECTED]
    stated = [
        (share.status.error_code if share.status is not None else None) or share.statement.body.error_code
        for share in rejections
    ]
    return sorted({f"code {code}" for code in stated if code})


def answer(assessment: Assessment) -> tuple[tuple[str, int | None], ...]:
    """Return the codes with which the supplier answered the last attempt."""
    result = assessment.sending.result
    return () if result is None else (("HTTP", result.http_status), ("cXML", result.cxml_code))


def unmatched_detail(assessment: Assessment, one: Unmatched) -> str:
    """Say what a place names that could not be put on a line."""
    if not assessment.basis.is_order:
        return "the lines of the order are not known yet"
    clue, unit = one.mention.clue, one.mention.unit
    part_id = clue.part.supplier_part_id if clue.part is not None else None
    words = [
        "no line number" if clue.line_number is None else f"line number {clue.line_number}",
        "no part id" if part_id is None else f"part id {part_id}",
    ]
    words += [f"unit {unit}"] if one.code in {Code.UOM_CHANGED, Code.UOM_UNMAPPED} else []
    words += [f"likely line {one.likely_key}"] if one.likely_key is not None else []
    return ", ".join(words)
