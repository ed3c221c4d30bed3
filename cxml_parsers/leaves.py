"""How single values are read: text, identifiers, numbers, times, choices, from attributes and from elements.

Each reader returns None for what is there and empty, with a note; what is there and cannot be read ends the reading,
because a document is only used as a whole. Notes name what deviated; nothing is repaired silently.
"""

import re
import unicodedata
from collections.abc import Iterable

from cxml_parsers.places import Element, attribute_step
from cxml_parsers.walk import XML_SPACE, ReadAttribute, Reading
from punchout.model.codes import Code
from punchout.model.exact import Millionths, parse_decimal
from punchout.model.moments import Moment, parse_moment
from punchout.model.unreadable import Unreadable, excerpt
from punchout.model.values import Number

_INTEGER = re.compile(r"\d{1,9}", re.ASCII)
# cXML Reference Guide, "date and time": W3C profile of ISO 8601 with seconds and a numeric offset.
_AS_PRESCRIBED = re.compile(
    r"\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:[+-]\d{2}:\d{2}|Z)?)?", re.ASCII
)  # fmt: skip

REPAIR_CODES: dict[str, Code] = {
    "z": Code.STRUCT_DEVIATION,
    "no_colon": Code.STRUCT_DEVIATION,
    "naive": Code.TS_NAIVE,
    "bogus_offset": Code.TS_OFFSET_REPAIRED,
}
"""What a repair of `punchout.model.moments` is called in the vocabulary of reasons."""


def string(reading: Reading, element: Element, name: str) -> str | None:
    """Read an attribute as text."""
    value = element.get(name)
    if value is None:
        return None
    return _trimmed(reading, element, attribute_step(name), value)


def identifier(reading: Reading, element: Element, name: str) -> str | None:
    """Read an attribute that identifies something; characters that cannot be seen are noted, never removed."""
    return _watched(reading, element, attribute_step(name), string(reading, element, name))


def decimal(reading: Reading, element: Element, name: str) -> Number | None:
    """Read an attribute as an exact number."""
    text = element.get(name)
    if text is None or string(reading, element, name) is None:
        return None
    return Number(text, exact(reading, element, attribute_step(name), text))


def integer(reading: Reading, element: Element, name: str) -> int | None:
    """Read an attribute as a whole number of at most nine digits, as line numbers and status codes are."""
    text = string(reading, element, name)
    if text is None:
        return None
    if _INTEGER.fullmatch(text) is None:
        detail = f"not a whole number: {excerpt(text)}"
        reading.refuse(element, attribute_step(name), Unreadable(Code.STRUCT_INVALID, detail))
    return int(text)


def moment(reading: Reading, element: Element, name: str) -> Moment | None:
    """Read an attribute as a time, by the document's clock."""
    text = element.get(name)
    if text is None or string(reading, element, name) is None:
        return None
    try:
        value = parse_moment(text, reading.clock)
    except Unreadable as error:
        reading.refuse(element, attribute_step(name), error)
    if value.repair is not None:
        reading.repairs.add(value.repair)
        reading.note(element, attribute_step(name), _repair_detail(value), REPAIR_CODES[value.repair])
    elif _AS_PRESCRIBED.fullmatch(text.strip(XML_SPACE)) is None:
        reading.note(element, attribute_step(name), f"not written as cXML prescribes: {excerpt(text)}")
    return value


def choice(words: Iterable[str], default: str | None = None) -> ReadAttribute:
    """Make a reader for an attribute that decides something: one of `words`, in any case; anything else is refused."""
    spellings = {word.casefold(): word for word in words}

    def read(reading: Reading, element: Element, name: str) -> str | None:
        stated = string(reading, element, name)
        if stated is None:
            return default
        word = spellings.get(stated.casefold())
        if word is None:
            detail = f"not one of {', '.join(spellings.values())}: {excerpt(stated)}"
            reading.refuse(element, attribute_step(name), Unreadable(Code.STRUCT_INVALID, detail))
        if word != stated:
            reading.note(element, attribute_step(name), f"{excerpt(stated)} was read as {word}")
        return word

    return read


def hint(words: Iterable[str]) -> ReadAttribute:
    """Make a reader for an attribute that decides nothing: any text, with a note where it is none of `words`."""
    known = frozenset(words)

    def read(reading: Reading, element: Element, name: str) -> str | None:
        stated = string(reading, element, name)
        if stated is not None and stated not in known:
            reading.note(element, attribute_step(name), f"not a value cXML knows: {excerpt(stated)}")
        return stated

    return read


def indicator(reading: Reading, element: Element, name: str) -> bool:
    """Read an indicator: cXML knows only `yes` and absence (DTD, InvoiceDetailHeaderIndicator)."""
    stated = string(reading, element, name)
    if stated is not None and stated != "yes":
        reading.note(element, attribute_step(name), f"only `yes` is legal, read as not set: {excerpt(stated)}")
    return stated == "yes"


def text(reading: Reading, element: Element, path: str, known: tuple[str, ...] = ()) -> str | None:
    """Read an element that holds text only. `known` are attributes that the caller reads.

    Raises:
        Refused: an element stands inside, so that the text around it would be cut or glued.
    """
    reading.leave_attributes(element, path, known)
    if len(element):
        detail = f"an element stands inside the text: {element[0].tag[:60]}"
        reading.refuse(element, None, Unreadable(Code.STRUCT_INVALID, detail))
    return _trimmed(reading, element, None, element.text or "")


def identifying_text(reading: Reading, element: Element, path: str) -> str | None:
    """Read an element's text that identifies something; characters that cannot be seen are noted, never removed."""
    return _watched(reading, element, None, text(reading, element, path))


def whole_text(reading: Reading, element: Element, path: str, known: tuple[str, ...] = ()) -> str | None:
    """Read prose: all text of an element and of what stands inside it, so that nothing is cut; None where blank."""
    if not len(element):
        return text(reading, element, path, known)
    reading.leave_attributes(element, path, known)
    reading.note(element, None, "elements stand inside the text; all of their text was read")
    for child in element.iterdescendants():
        reading.leave_attributes(child, f"{path}/{element.tag}")
    return " ".join("".join(map(str, element.itertext())).split()) or None


def exact(reading: Reading, element: Element, place: str | None, stated: str) -> Millionths:
    """Read plain decimal text into millionths, or end the reading."""
    try:
        return parse_decimal(stated)
    except Unreadable as error:
        reading.refuse(element, place, error)


def _trimmed(reading: Reading, element: Element, place: str | None, stated: str) -> str | None:
    value = stated.strip(XML_SPACE)
    if not value:
        reading.note(element, place, "empty, read as absent")
        return None
    if place is not None and len(value) != len(stated):
        reading.note(element, place, "white space around the value")
    return value


def _watched(reading: Reading, element: Element, place: str | None, value: str | None) -> str | None:
    if value is not None and not value.isascii() and _looks_other_than_it_is(value):
        detail = f"characters that cannot be seen, or a form that compares unequal: {ascii(value)[:80]}"
        reading.note(element, place, detail, Code.CHARSET_SUSPECT)
    return value


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
