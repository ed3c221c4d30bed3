"""What a person asked for, word by word, and the decision that it is: subjects found, code and price read.

Where the words come from (a command line, a file) is the command line's business.
"""

import re
from dataclasses import dataclass
from typing import get_args

from punchout.ledger.decisions.subjects import Subjects, UnknownSubjectError
from punchout.ledger.errors import NotPossibleError
from punchout.ledger.resolving.references import LONGEST_IDENTIFIER
from punchout.model.codes import Code
from punchout.model.decisions import AnalystDecision, DecisionKind
from punchout.model.exact import Millionths, parse_decimal
from punchout.model.moments import Micros, iso_utc
from punchout.model.unreadable import Unreadable

KINDS: tuple[DecisionKind, ...] = get_args(DecisionKind)

_LONGEST_REASON = 10_000
_PLACE = r"[0-9a-f]{64}#(?:[0-9]+(?:\.[0-9]+)*)?"
_LINE_KEY = r"[0-9]+|order:[0-9]+|cart:[0-9]+"
# Names that mean the same in every ledger, whatever has come to it.
_STABLE: dict[DecisionKind, str] = {
    "link": _PLACE,
    "unlink": _PLACE,
    "ignore_doc": r"[0-9a-f]{64}",
    "accept_price": rf".+/(?:{_LINE_KEY})",
    "close_line": rf".+/(?:{_LINE_KEY})",
    "waive": r".+",
    "acknowledge": r".+",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A decision in a person's words: link has a line, waive and acknowledge a code, accept_price a price."""

    kind: DecisionKind
    subject: str
    by: str
    at: Micros
    reason: str
    line: str | None = None
    code: str | None = None
    price: str | None = None


def understood(asked: Asked, subjects: Subjects, latest: Micros, *, ahead: bool = False) -> AnalystDecision:
    """Return the decision that was asked for.

    Args:
        asked: in a person's words.
        subjects: of the ledger.
        latest: the present; a decision cannot have been taken later.
        ahead: take names that mean the same in every ledger also where nothing is known by them yet.

    Raises:
        UnknownSubjectError: what it is about is not known.
        NotPossibleError: something that belongs to it is missing or cannot be read.
    """
    _check(asked, latest)
    try:
        subject, line_key, code = _found(asked, subjects)
    except UnknownSubjectError:
        if not ahead or not _is_stable(asked):
            raise
        code = None if asked.code is None else Code[asked.code.strip().upper()].value
        subject, line_key = asked.subject, asked.line
    return AnalystDecision(
        kind=asked.kind,
        subject=subject,
        by=asked.by.strip(),
        at=asked.at,
        reason=asked.reason.strip(),
        line_key=line_key,
        code=code,
        price=_price(asked.price) if asked.kind == "accept_price" else None,
    )


# What a decision needs beside its subject, who took it and why.
_NEEDED: dict[DecisionKind, str] = {
    "link": "line",
    "waive": "code",
    "acknowledge": "code",
    "accept_price": "price",
}


def _check(asked: Asked, latest: Micros) -> None:
    names = ["subject", "by", "reason", *([_NEEDED[asked.kind]] if asked.kind in _NEEDED else [])]
    missing = [name for name in names if not (getattr(asked, name) or "").strip()]
    if missing:
        raise NotPossibleError(f"{asked.kind} needs {', '.join(missing)}")
    for name in ("subject", "by", "reason", "line", "code"):
        _check_text(name, getattr(asked, name) or "")
    if asked.at > latest:
        raise NotPossibleError(f"it cannot have been decided at {iso_utc(asked.at)}: now is {iso_utc(latest)}")


def _check_text(name: str, text: str) -> None:
    """Refuse what no database keeps, and what is too long to be looked up or read."""
    if "\0" in text or any("\ud800" <= char <= "\udfff" for char in text):
        raise NotPossibleError(f"{name} holds a character that cannot be kept")
    longest = _LONGEST_REASON if name == "reason" else LONGEST_IDENTIFIER
    if len(text.encode()) > longest:
        raise NotPossibleError(f"{name} is longer than {longest} bytes")


def _found(asked: Asked, subjects: Subjects) -> tuple[str, str | None, str | None]:
    """Return subject, line key and code."""
    match asked.kind:
        case "link":
            subject, line_key = subjects.place_and_line(asked.subject, asked.line or "")
            return subject, line_key, None
        case "unlink":
            return subjects.place(asked.subject), None, None
        case "waive" | "acknowledge":
            subject, code = subjects.exception(asked.subject, asked.code or "")
            return subject, None, code
        case "accept_price" | "close_line":
            return subjects.line(asked.subject), None, None
        case "ignore_doc":
            return subjects.document(asked.subject), None, None


def _is_stable(asked: Asked) -> bool:
    if asked.code is not None and asked.code.strip().upper() not in Code.__members__:
        return False
    if asked.kind == "link" and re.fullmatch(_LINE_KEY, asked.line or "") is None:
        return False
    return re.fullmatch(_STABLE[asked.kind], asked.subject, re.DOTALL) is not None


def _price(text: str | None) -> Millionths:
    try:
        price = parse_decimal(text or "")
    except Unreadable as unreadable:
        raise NotPossibleError(f"the price cannot be read: {unreadable}") from None
    if price <= 0:
        raise NotPossibleError(f"a price is more than nothing, and {text} is not")
    return price
