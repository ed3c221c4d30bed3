"""How single values are shown in the JSON of a read document: numbers, money, times, parties, comments, notes.

Which of them stand where is in `inspection`.
"""

from collections.abc import Iterable
from typing import Any, Final, TypeAlias

from cxml_parsers.clauses import clause_of
from cxml_parsers.leaves import REPAIR_CODES
from punchout.model.codes import Code
from punchout.model.documents import Note
from punchout.model.exact import format_decimal
from punchout.model.moments import Moment, iso_utc
from punchout.model.parsed import Parsed
from punchout.model.values import Comment, Credential, Extrinsic, Money, Number, OrderReference

Json: TypeAlias = dict[str, Any]

_OF_STRUCTURE: Final = frozenset({Code.STRUCT_INVALID, Code.TS_INVALID, Code.NUMBER_RANGE})


def note_shown(note: Note) -> Json:
    """Show a deviation with the clause it is about."""
    clause = clause_of(note)
    return {
        "code": str(note.code),
        "where": note.where,
        "detail": note.detail,
        "severity": str(clause.severity),
        "clause": clause.text,
    }


def clause_shown(parsed: Parsed) -> str | None:
    """Show the clause that a document is refused for; None where it is not refused, or for more than one clause."""
    if parsed.reason not in _OF_STRUCTURE or parsed.detail is None:
        return None
    return clause_of(Note(parsed.reason, parsed.where or "/cXML", parsed.detail)).text


def order_shown(reference: OrderReference) -> Json:
    """Show which order a document answers."""
    return {
        "order_id": reference.order_id,
        "payload_id": reference.payload_id,
        "order_date": instant_shown(reference.order_date),
    }


def credentials_shown(credentials: Iterable[Credential]) -> list[Json]:
    """Show parties."""
    return [{"domain": each.domain, "identity": each.identity} for each in credentials]


def comments_shown(comments: Iterable[Comment]) -> list[Json]:
    """Show comments in their order."""
    return [{"type": each.type, "text": each.text} for each in comments]


def extrinsics_shown(extrinsics: Iterable[Extrinsic]) -> Json:
    """Show Extrinsics by name."""
    # Of a name that is given twice the first stands here; the facts keep both.
    return {each.name: each.value for each in reversed(tuple(extrinsics))}


def number_shown(number: Number | None) -> str | None:
    """Show a number as plain text."""
    return None if number is None else format_decimal(number.value)


def money_shown(money: Money | None) -> Json | None:
    """Show an amount with its currency."""
    return None if money is None else {"amount": format_decimal(money.amount), "currency": money.currency}


def instant_shown(moment: Moment | None) -> Json | None:
    """Show a time as it was stated, in UTC, and what had to be done to read it."""
    if moment is None:
        return None
    return {
        "text": moment.text,
        "utc": None if moment.utc is None else iso_utc(moment.utc),
        "repair": None if moment.repair is None else str(REPAIR_CODES[moment.repair]),
    }
