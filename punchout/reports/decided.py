"""What named people decided, as the report shows it: who, when, about what, and with which words.

What a decision does is `punchout.reconciliation.rulings`. One that waives an exception is shown here alone: there is no
such exception any more.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any, Final

from punchout.reports.text import at, visible, visible_id

_WORDS: Final[Mapping[str, str]] = {
    "link": "put on a line",
    "unlink": "taken off every line",
    "waive": "waived",
    "accept_price": "price accepted",
    "close_line": "line closed",
    "ignore_doc": "document ignored",
    "acknowledge": "acknowledged",
}
"""What was decided, by the kind of a decision."""

_SHOWN_OF_A_HASH: Final = 12  # as `punchout status` and `punchout decide` show and take it
_DOCUMENT: Final = re.compile(r"([0-9a-f]{64})(#.*)?", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Who last said that they know of an exception, when, and in which words; all empty where nobody did."""

    by: str = ""
    at: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionItem:
    """A decision.

    Attributes:
        request: the place on the page of the request that it is about; None for a document that belongs to none.
        what: what was decided, as people read it.
        line: the line it is about, or on which a document was put.
        document: the beginning of the hash of the document, and the place in it.
        price: accepted for one piece, as decimal text.
    """

    request: int | None
    request_no: str
    order_id: str
    at: str
    by: str
    what: str
    code: str
    line: str
    document: str
    price: str | None
    reason: str

    @property
    def about(self) -> str:
        """What it is about, in one text."""
        parts = (
            self.code,
            self.line and f"line {self.line}",
            self.document and f"document {self.document}",
            self.price and f"at {self.price}",
        )
        return ", ".join(part for part in parts if part)


_NOBODY: Final = Known()


def decisions(report: Mapping[str, Any], zone: tzinfo) -> list[DecisionItem]:
    """Return what people decided, the latest first; also about documents that no request has, where they are known."""
    found: list[tuple[Mapping[str, Any], int | None, Mapping[str, Any] | None]] = [
        (one, place, request)
        for place, request in enumerate(report["requests"])
        for one in request.get("decisions", ())
    ]
    found += [(one, None, None) for one in report.get("decisions_apart", ())]
    found.sort(key=lambda entry: entry[0]["at"], reverse=True)
    return [_item(one, place, request, zone) for one, place, request in found]


class Acknowledgements:
    """Who knows of which exception, by its code and subject key."""

    def __init__(self, decided: Iterable[Mapping[str, Any]], zone: tzinfo) -> None:
        """Take decisions, oldest first."""
        self._known = {(one["code"], one["subject"]): _known(one, zone) for one in _acknowledging(decided)}

    def of(self, detail: Mapping[str, Any]) -> Known:
        """Return who knows of an exception of the status object."""
        return self._known.get((detail["code"], detail["subject_key"]), _NOBODY)


def _acknowledging(decided: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    return (one for one in decided if one["kind"] == "acknowledge")


def _known(decision: Mapping[str, Any], zone: tzinfo) -> Known:
    return Known(by=visible_id(decision["by"]), at=at(decision["at"], zone), reason=visible(decision["reason"]))


def _item(
    decision: Mapping[str, Any], place: int | None, request: Mapping[str, Any] | None, zone: tzinfo
) -> DecisionItem:
    line, document = _subject(decision, "" if request is None else request["request_no"])
    return DecisionItem(
        request=place,
        request_no="" if request is None else visible_id(request["request_no"]),
        order_id="" if request is None else visible_id(request["order_id"] or ""),
        at=at(decision["at"], zone),
        by=visible_id(decision["by"]),
        what=_WORDS.get(decision["kind"], visible(decision["kind"])),
        code=visible(decision["code"] or ""),
        line=visible_id(decision["line"] or line),
        document=visible_id(document),
        price=decision["price"],
        reason=visible(decision["reason"]),
    )


def _subject(decision: Mapping[str, Any], request_no: str) -> tuple[str, str]:
    """Return the line and the document that a decision is about; a request as a whole is neither."""
    subject = decision["subject"]
    if subject == request_no:
        return "", ""
    document = _DOCUMENT.fullmatch(subject)
    if document is not None:
        return "", f"{document[1][:_SHOWN_OF_A_HASH]}{document[2] or ''}"
    return subject.removeprefix(f"{request_no}/") if request_no else subject, ""
