"""What wants a person's attention: the worklist of exceptions, and the documents that were refused or found no order.

Worst first: by severity, then by money at risk. The texts of meaning and action are those of `punchout.model.codes`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any

from punchout.model.codes import Code, Severity
from punchout.reports import commands
from punchout.reports.amounts import LOCAL_CURRENCY, millionths, money_in
from punchout.reports.decided import Acknowledgements, Known
from punchout.reports.text import at, visible_id

RANK: Mapping[str, int] = {severity.value: rank for rank, severity in enumerate(Severity)}
"""0 is the worst."""

_UNKNOWN_RANK = len(RANK)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkItem:
    """An exception of a request or of one of its lines. `request` is the request's place on the page.

    `at_risk` is `amount` and `currency` as people write them; all three say nothing where no money is in question.
    `known` is who said that they know of it. In `action` a command stands between backquotes.
    """

    request: int
    request_no: str
    line: str
    order_id: str
    code: str
    severity: str
    meaning: str
    detail: str
    at_risk: str
    amount: str | None
    currency: str
    since: str
    known: Known
    action: str
    command: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentItem:
    """A document that wants a person: refused, or waiting for its order. `identifiers` are what it is searched by."""

    identifiers: Sequence[str]
    title: str
    code: str
    severity: str
    meaning: str
    place: str
    detail: str
    kind: str
    received: str
    known: Known
    action: str
    command: str


def worklist(requests: Sequence[Mapping[str, Any]], zone: tzinfo) -> list[WorkItem]:
    """Return the open exceptions of all requests, worst first; of equals the oldest."""
    found = [
        (place, request, detail)
        for place, request in enumerate(requests)
        for detail in request.get("exception_details", ())
    ]
    known = [Acknowledgements(request.get("decisions", ()), zone) for request in requests]
    found.sort(key=lambda entry: (*_weight(entry[2]), entry[1]["request_no"], entry[2]["subject_key"]))
    return [_work_item(place, request, detail, known[place].of(detail), zone) for place, request, detail in found]


def documents(report: Mapping[str, Any], zone: tzinfo) -> list[DocumentItem]:
    """Return the documents that want a person, worst first.

    What is known of them beside the exception they raised is in `quarantine` and `waiting`, where the report has these.
    """
    refused = report.get("quarantine", ())
    waiting = {row["body_sha256"]: row for row in report.get("waiting", ())}
    listed = {row["received_sha256"] for row in refused}
    others = [row for row in report.get("document_exceptions", ()) if row["subject_key"] not in listed]
    known = Acknowledgements(report.get("decisions_apart", ()), zone)
    items = [
        *(_refused(row, zone) for row in refused),
        *(_waiting(row, waiting.get(row["subject_key"].partition("#")[0], {}), known.of(row), zone) for row in others),
    ]
    return sorted(items, key=lambda item: (RANK.get(item.severity, _UNKNOWN_RANK), item.code, item.title))


def severity_of(code: str) -> str:
    """Return a code's usual severity; a code of a later version is taken for a warning."""
    known = _known(code)
    return Severity.WARNING.value if known is None else known.severity.value


def meaning_of(code: str) -> str:
    """Return what a code stands for, nothing where it is of a later version."""
    known = _known(code)
    return "" if known is None else known.meaning


def _known(code: str) -> Code | None:
    return Code.__members__.get(code)


def _weight(detail: Mapping[str, Any]) -> tuple[int, int, str]:
    rank = RANK.get(detail["severity"], _UNKNOWN_RANK)
    return rank, -millionths(detail["amount_at_risk"]), detail["since"] or "9999"


def _work_item(
    place: int, request: Mapping[str, Any], detail: Mapping[str, Any], known: Known, zone: tzinfo
) -> WorkItem:
    at_risk = millionths(detail["amount_at_risk"])
    number = detail.get("line_number")
    line = "" if detail["subject"] != "line" else _line_name(number, detail["subject_key"])
    return WorkItem(
        request=place,
        request_no=visible_id(request["request_no"]),
        line=line,
        order_id=visible_id(request["order_id"] or ""),
        code=detail["code"],
        severity=detail["severity"],
        meaning=meaning_of(detail["code"]),
        detail=detail["detail"] or "",
        at_risk=money_in(at_risk, detail["currency"]) if at_risk else "",
        amount=detail["amount_at_risk"] if at_risk else None,
        currency=(detail["currency"] or LOCAL_CURRENCY) if at_risk else "",
        since=at(detail["since"], zone),
        known=known,
        action=detail["action"],
        command=commands.about_exception(detail["code"], request["request_no"]),
    )


def _line_name(number: int | None, subject_key: str) -> str:
    return visible_id(subject_key.rpartition("/")[2] if number is None else str(number))


def _refused(row: Mapping[str, Any], zone: tzinfo) -> DocumentItem:
    code, content = row["reason"], row["received_sha256"]
    return DocumentItem(
        identifiers=[str(row["document_id"]), content, *row["names"]],
        title=_name_of(row["names"], content),
        code=code,
        severity=severity_of(code),
        meaning=meaning_of(code),
        place=row["place"] or "",
        detail=row["detail"] or "",
        kind=row["kind"] or row["content"],
        received=at(row["received_at"], zone),
        # What is refused is dismissed or read again, not acknowledged.
        known=Known(),
        action="" if (known := _known(code)) is None else known.action,
        command=commands.about_document(row["document_id"]),
    )


def _waiting(row: Mapping[str, Any], document: Mapping[str, Any], known: Known, zone: tzinfo) -> DocumentItem:
    orders = document.get("orders", ())
    return DocumentItem(
        identifiers=[row["subject_key"], *document.get("names", ()), *document.get("identifiers", ())],
        title=_name_of(document.get("names", ()), row["subject_key"]),
        code=row["code"],
        severity=row["severity"],
        meaning=meaning_of(row["code"]),
        place="".join(f"order {visible_id(order)} " for order in orders).rstrip(),
        # It often merely repeats what the code means.
        detail="" if row["detail"] == meaning_of(row["code"]) else row["detail"] or "",
        kind=document.get("kind") or "",
        received=at(document.get("received_at") or row["since"], zone),
        known=known,
        action=row["action"],
        command=commands.about_waiting(orders[0] if orders else row["subject_key"].partition("#")[0]),
    )


def _name_of(names: Sequence[str], content: str) -> str:
    """Name a document as it was last delivered, else by the beginning of its hash."""
    return visible_id(names[-1] if names else content[:12])
