"""One cell of an export becomes one value. Places are added by the caller, which knows rows and columns."""

import re
from typing import TypeAlias

from punchout.model.codes import Code
from punchout.model.exact import parse_decimal
from punchout.model.moments import Moment, parse_moment
from punchout.model.unreadable import Unreadable, excerpt
from punchout.model.values import Number
from resources.business_central.columns import Column, Holds
from resources.business_central.raw import Numeral

Value: TypeAlias = str | int | Number | Moment | None

# What Business Central's API writes for a blank Date or DateTime.
_BLANK_DATE = re.compile(r"0001-01-01(T00:00:00(\.0+)?(Z|\+00:00)?)?", re.ASCII)
_WHOLE = re.compile(r"\d{1,10}", re.ASCII)
_LARGEST_LINE_NUMBER = 2**31 - 1
# PostgreSQL takes no NUL, and no encoding takes half a surrogate pair.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_NUMERALS = frozenset({Holds.DECIMAL, Holds.LINE_NUMBER})


def read_cell(column: Column, raw: object) -> Value:
    """Read one cell; blank is None: a JSON null, an empty or white text, and Business Central's own blank date.

    Raises:
        Unreadable: the value is not what the column holds, or is blank where it must not be.
    """
    text = None if raw is None else _text_of(column, raw)
    value = None if text is None else _read(column, text)
    if value is None and column.required:
        raise Unreadable(Code.EXPORT_INVALID, "must not be blank")
    return value


def _text_of(column: Column, raw: object) -> str | None:
    if not isinstance(raw, str):
        raise Unreadable(Code.EXPORT_INVALID, "neither text nor number")
    if isinstance(raw, Numeral) and column.holds not in _NUMERALS:
        # A number has lost its leading zeros before it came here: 0596007973 and 596007973 are two books.
        raise Unreadable(Code.EXPORT_INVALID, f"must be text, not a JSON number: {excerpt(raw)}")
    if len(raw) > column.limit:
        raise Unreadable(Code.EXPORT_INVALID, f"longer than {column.limit} characters: {excerpt(raw)}")
    # What Python calls printable can be stored, and is told much faster than by looking at each character.
    if not raw.isprintable() and _UNSTORABLE.search(raw):
        raise Unreadable(Code.EXPORT_INVALID, f"holds a character that cannot be stored: {excerpt(raw)}")
    return raw if raw.strip() else None


def _read(column: Column, text: str) -> Value:
    match column.holds:
        case Holds.TEXT:
            return _word(column, text)
        case Holds.DECIMAL:
            return Number(str(text), parse_decimal(text))
        case Holds.LINE_NUMBER:
            return _line_number(column, text)
        case Holds.DAY | Holds.INSTANT | Holds.MOMENT:
            return _moment(column, text)


def _word(column: Column, text: str) -> str:
    if column.words and text not in column.words:
        raise Unreadable(Code.EXPORT_INVALID, f"{excerpt(text)} is none of {', '.join(sorted(column.words))}")
    return text


def _line_number(column: Column, text: str) -> int | None:
    number = int(text) if _WHOLE.fullmatch(text) else -1
    if number == 0 and not column.required:
        # An Integer field of Business Central has no blank but 0.
        return None
    if not 1 <= number <= _LARGEST_LINE_NUMBER:
        raise Unreadable(Code.EXPORT_INVALID, f"not a whole number from 1: {excerpt(text)}")
    return number


def _moment(column: Column, text: str) -> Moment | str | None:
    if _BLANK_DATE.fullmatch(text.strip()):
        return None
    moment = parse_moment(text)
    if column.holds is Holds.INSTANT and moment.utc is None:
        raise Unreadable(Code.EXPORT_INVALID, f"a day without a time: {excerpt(text)}")
    if column.holds is not Holds.DAY:
        return moment
    if moment.day is None:
        raise Unreadable(Code.EXPORT_INVALID, f"a day is wanted, not a date and time: {excerpt(text)}")
    return moment.day
