"""How single values are read from what is stated: text, identifiers, numbers, times, choices.

A reader is given the piece of the element, the place below it (`@name` for an attribute, None for the element's own
text) and the text stated there. It returns None for what is there and empty, with a note; what is there and cannot be
read ends the reading, because a document is only used as a whole. Notes name what deviated; nothing is repaired
silently.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from typing import Any, Final, TypeAlias

from cxml_parsers import quick
from cxml_parsers.scan import XML_SPACE, Scan
from punchout.model.codes import Code
from punchout.model.exact import Millionths
from punchout.model.making import maker
from punchout.model.moments import Moment, parse_moment
from punchout.model.unreadable import Unreadable, excerpt
from punchout.model.values import Number

Read: TypeAlias = Callable[[Scan, int, str | None, str], Any]

_INTEGER = re.compile(r"\d{1,9}", re.ASCII)
# cXML Reference Guide, "date and time": W3C profile of ISO 8601 with seconds and a numeric offset.
_AS_PRESCRIBED = re.compile(
    r"\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:[+-]\d{2}:\d{2}|Z)?)?", re.ASCII
)  # fmt: skip
_number = maker(Number)

READ_AS_ABSENT: Final = "; read as absent"
REPAIR_CODES: dict[str, Code] = {
    "z": Code.STRUCT_DEVIATION,
    "no_colon": Code.STRUCT_DEVIATION,
    "naive": Code.TS_NAIVE,
    "bogus_offset": Code.TS_OFFSET_REPAIRED,
}
"""What a repair of `punchout.model.moments` is called in the vocabulary of reasons."""


def string(scan: Scan, index: int, place: str | None, stated: str) -> str | None:
    """Read text, without the white space around it."""
    value = stated.strip(XML_SPACE)
    if not value:
        scan.note(index, place, "empty, read as absent")
        return None
    if place is not None and len(value) != len(stated):
        scan.note(index, place, "white space around the value")
    return value


def identifier(scan: Scan, index: int, place: str | None, stated: str) -> str | None:
    """Read text that identifies something; characters that cannot be seen are noted, never removed."""
    value = string(scan, index, place, stated)
    if value is not None and not value.isascii() and _looks_other_than_it_is(value):
        detail = f"characters that cannot be seen, or a form that compares unequal: {ascii(value)[:80]}"
        scan.note(index, place, detail, Code.CHARSET_SUSPECT)
    return value


def decimal(scan: Scan, index: int, place: str | None, stated: str) -> Number | None:
    """Read an exact number."""
    plain = quick.plain(stated)
    if plain is None:
        if string(scan, index, place, stated) is None:
            return None
        plain = exact(scan, index, place, stated)
    value: Number = _number(stated, plain)
    return value


def exact(scan: Scan, index: int, place: str | None, stated: str) -> Millionths:
    """Read plain decimal text into millionths, or end the reading."""
    try:
        return quick.decimal(stated)
    except Unreadable as error:
        scan.refuse(index, place, error)


def integer(scan: Scan, index: int, place: str | None, stated: str) -> int | None:
    """Read a whole number of at most nine digits, as line numbers and status codes are."""
    text = string(scan, index, place, stated)
    if text is None:
        return None
    if _INTEGER.fullmatch(text) is None:
        scan.refuse(index, place, Unreadable(Code.STRUCT_INVALID, f"not a whole number: {excerpt(text)}"))
    return int(text)


def moment(scan: Scan, index: int, place: str | None, stated: str) -> Moment | None:
    """Read a time, by the document's clock."""
    return _moment(scan, index, place, stated, Scan.refuse)


def optional_moment(scan: Scan, index: int, place: str | None, stated: str) -> Moment | None:
    """Read a time that decides no amount, quantity, identity or order: one that cannot be read is noted and absent."""
    return _moment(scan, index, place, stated, _leave_out)


def optional_decimal(scan: Scan, index: int, place: str | None, stated: str) -> Number | None:
    """Read a number that decides nothing, as `optional_moment` does."""
    if string(scan, index, place, stated) is None:
        return None
    try:
        value: Number = _number(stated, quick.decimal(stated))
    except Unreadable as error:
        _leave_out(scan, index, place, error)
        return None
    return value


def optional_integer(scan: Scan, index: int, place: str | None, stated: str) -> int | None:
    """Read a whole number that decides nothing, as `optional_moment` does."""
    text = string(scan, index, place, stated)
    if text is not None and _INTEGER.fullmatch(text) is None:
        _leave_out(scan, index, place, Unreadable(Code.STRUCT_INVALID, f"not a whole number: {excerpt(text)}"))
        return None
    return None if text is None else int(text)


def _moment(
    scan: Scan, index: int, place: str | None, stated: str, give_up: Callable[[Scan, int, str | None, Unreadable], None]
) -> Moment | None:
    value = quick.usual_moment(stated, scan.clock)
    if value is None:
        if string(scan, index, place, stated) is None:
            return None
        try:
            value = parse_moment(stated, scan.clock)
        except Unreadable as error:
            give_up(scan, index, place, error)
            return None
        if value.repair is None and _AS_PRESCRIBED.fullmatch(stated.strip(XML_SPACE)) is None:
            scan.note(index, place, f"not written as cXML prescribes: {excerpt(stated)}")
    if value.repair is not None:
        scan.repairs.add(value.repair)
        scan.note(index, place, _repair_detail(value), REPAIR_CODES[value.repair])
    return value


def _leave_out(scan: Scan, index: int, place: str | None, error: Unreadable) -> None:
    scan.note(index, place, f"{error.detail}{READ_AS_ABSENT}", error.code)


def choice(words: Iterable[str], default: str | None = None) -> Read:
    """Make a reader for what decides something: one of `words`, in any case; anything else is refused."""
    spellings = {word.casefold(): word for word in words}

    def read(scan: Scan, index: int, place: str | None, stated: str) -> str | None:
        text = string(scan, index, place, stated)
        if text is None:
            return default
        word = spellings.get(text.casefold())
        if word is None:
            detail = f"not one of {', '.join(spellings.values())}: {excerpt(text)}"
            scan.refuse(index, place, Unreadable(Code.STRUCT_INVALID, detail))
        if word != text:
            scan.note(index, place, f"{excerpt(text)} was read as {word}")
        return word

    return read


def hint(words: Iterable[str]) -> Read:
    """Make a reader for what decides nothing: any text, with a note where it is none of `words`."""
    known = frozenset(words)

    def read(scan: Scan, index: int, place: str | None, stated: str) -> str | None:
        text = string(scan, index, place, stated)
        if text is not None and text not in known:
            scan.note(index, place, f"not a value cXML knows: {excerpt(text)}")
        return text

    return read


def indicator(scan: Scan, index: int, place: str | None, stated: str) -> bool:
    """Read an indicator: cXML knows only `yes` and absence (DTD, InvoiceDetailHeaderIndicator)."""
    text = string(scan, index, place, stated)
    if text is not None and text != "yes":
        scan.note(index, place, f"only `yes` is legal, read as not set: {excerpt(text)}")
    return text == "yes"


CLOCKED: Final = frozenset({moment, optional_moment})
"""Readers whose result depends on more than the text."""


def _looks_other_than_it_is(value: str) -> bool:
    return not unicodedata.is_normalized("NFC", value) or any(
        unicodedata.category(character) in {"Cf", "Zs"} and character != " " for character in value
    )


def _repair_detail(value: Moment) -> str:
    stated = excerpt(value.text)
    match value.repair:
        case "bogus_offset":
            return f"the offset of {stated} merely repeats its clock; the document's own offset was used"
        case "naive":
            return f"{stated} has no offset; the configured zone was used"
        case "z":
            return f"{stated} ends in Z, where cXML prescribes a numeric offset"
        case _:
            return f"the offset of {stated} lacks its colon"
