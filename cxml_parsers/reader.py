"""Bytes to a `Parsed`: the guard, the envelope, then the module of the document's kind.

Never raises for any bytes. Nothing is stored or logged here, and nothing is compared with what is known of an order.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, tzinfo
from typing import Final

from cxml_parsers import cart, confirmation, guard, invoice, response, ship_notice
from cxml_parsers.canonical import body_sha256
from cxml_parsers.envelope import Opened, open_document
from cxml_parsers.places import Element
from cxml_parsers.walk import Reading
from punchout.model.codes import Code
from punchout.model.documents import Body, Envelope, Note
from punchout.model.parsed import Parsed
from punchout.model.unreadable import Refused

_READERS: Final[Mapping[str, Callable[[Reading, Element, str], Body]]] = {
    cart.KIND: cart.read,
    confirmation.KIND: confirmation.read,
    ship_notice.KIND: ship_notice.read,
    invoice.KIND: invoice.read,
    response.KIND: response.read,
}


@dataclass(frozen=True, slots=True)
class ReadingRules:
    """What a supplier's feed allows.

    Attributes:
        max_bytes: larger files are refused before anything looks at them.
        naive_zone: the zone of times that state no offset, and of a suspect document without a usable epoch.
    """

    max_bytes: int = 20 * 1024 * 1024
    naive_zone: tzinfo = UTC


def read(data: bytes, rules: ReadingRules = ReadingRules()) -> Parsed:
    """Read one document. What cannot be used comes back with its reason, never as an exception."""
    try:
        document = guard.parse(data, rules.max_bytes)
    except Refused as refused:
        return _refused(Envelope(kind=None), refused, ())
    opened = open_document(document.root, has_doctype=document.has_doctype, naive_zone=rules.naive_zone)
    try:
        return _read_body(opened)
    except Refused as refused:
        return _refused(opened.envelope, refused, _notes(opened.reading))


def _read_body(opened: Opened) -> Parsed:
    reading, kind = opened.reading, opened.kind
    reader = None if kind is None else _READERS.get(kind.tag)
    if kind is not None and reader is None:
        return _unsupported(opened, kind)
    if opened.problem is not None:
        raise opened.problem
    if kind is None or reader is None:
        raise Refused(Code.STRUCT_INVALID, "/cXML", "holds nothing that could be read")
    body = reader(reading, kind, opened.path)
    return Parsed(
        envelope=opened.envelope,
        body=body,
        notes=_notes(reading),
        unread=tuple(sorted(reading.unread)),
        body_sha256=body_sha256(kind, reading.clock, reading.repairs),
    )


def _unsupported(opened: Opened, kind: Element) -> Parsed:
    reading = opened.reading
    if opened.problem is not None:
        where = opened.problem.where or ""
        reading.notes.append(Note(opened.problem.code, where, opened.problem.detail))
    reading.skip(kind, opened.path)
    return Parsed(
        envelope=opened.envelope,
        body=None,
        reason=Code.DOC_UNSUPPORTED,
        where=f"{opened.path}/{kind.tag[:60]}",
        detail="a kind of cXML document that is not processed",
        notes=_notes(reading),
        unread=tuple(sorted(reading.unread)),
        body_sha256=body_sha256(kind, reading.clock, reading.repairs),
    )


def _refused(envelope: Envelope, refused: Refused, notes: tuple[Note, ...]) -> Parsed:
    return Parsed(
        envelope=envelope,
        body=None,
        reason=refused.code,
        where=refused.where,
        detail=refused.detail,
        notes=notes,
    )


def _notes(reading: Reading) -> tuple[Note, ...]:
    if not reading.left_out:
        return tuple(reading.notes)
    further = Note(Code.STRUCT_DEVIATION, "/cXML", f"{reading.left_out} further notes are left out")
    return (*reading.notes, further)
