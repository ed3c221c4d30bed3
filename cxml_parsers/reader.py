"""Bytes to a `Parsed`: the guard, the envelope, then the shape of the document's kind.

Never raises for any bytes. Nothing is stored or logged here, and nothing is compared with what is known of an order.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, tzinfo
from functools import cache
from typing import Final

from cxml_parsers import cart, confirmation, guard, invoice, order, response, ship_notice
from cxml_parsers.attributes import attributes_of
from cxml_parsers.canonical import body_sha256
from cxml_parsers.envelope import Opened, open_document
from cxml_parsers.scan import Scan
from cxml_parsers.shapes import Node, Shape
from punchout.model.codes import Code
from punchout.model.documents import Body, Envelope, Note
from punchout.model.making import maker
from punchout.model.parsed import Parsed
from punchout.model.unreadable import Refused

_SHAPES: Final[Mapping[str, Shape]] = {
    cart.KIND: cart.SHAPE,
    confirmation.KIND: confirmation.SHAPE,
    ship_notice.KIND: ship_notice.SHAPE,
    invoice.KIND: invoice.SHAPE,
    response.KIND: response.SHAPE,
    response.SETUP: response.SETUP_SHAPE,
    response.PROFILE: response.PROFILE_SHAPE,
    response.STATUS_UPDATE: response.STATUS_UPDATE_SHAPE,
    order.KIND: order.SHAPE,
}
KINDS: Final = frozenset(_SHAPES)
"""The kinds of document that are read."""
_parsed = maker(Parsed)


@dataclass(frozen=True, slots=True)
class ReadingRules:
    """What a supplier's feed allows.

    Attributes:
        max_bytes: larger files are refused before anything looks at them.
        naive_zone: the zone of times that state no offset, and of a suspect document without a usable epoch.
        kinds: the kinds that are taken; others are recognised by name and not read. None takes all that can be read.
    """

    max_bytes: int = 20 * 1024 * 1024
    naive_zone: tzinfo = UTC
    kinds: frozenset[str] | None = None


def read(data: bytes, rules: ReadingRules = ReadingRules()) -> Parsed:
    """Read one document. What cannot be used comes back with its reason, never as an exception."""
    try:
        document = guard.parse(data, rules.max_bytes)
    except Refused as refused:
        return _refused(Envelope(kind=None), refused, ())
    opened = open_document(document.root, has_doctype=document.has_doctype, naive_zone=rules.naive_zone)
    try:
        return _read_body(opened, KINDS if rules.kinds is None else KINDS & rules.kinds)
    except Refused as refused:
        return _refused(opened.envelope, refused, () if opened.scan is None else opened.scan.notes())


def _read_body(opened: Opened, kinds: frozenset[str]) -> Parsed:
    scan, kind, name = opened.scan, opened.kind, opened.envelope.kind
    if scan is not None and kind is not None and name not in kinds:
        return _unsupported(opened, scan, kind)
    if opened.problem is not None:
        raise opened.problem
    if scan is None or kind is None or name is None:
        raise Refused(Code.STRUCT_INVALID, "/cXML", "holds nothing that could be read")
    body, end = _body(scan, kind, _node(opened.around, name))
    made: Parsed = _parsed(
        opened.envelope, body, None, None, None, scan.notes(), scan.unread_paths(), body_sha256(scan, kind, end)
    )
    return made


@cache
def _node(around: str, kind: str) -> Node:
    # A Request, Message or Response around a kind that is known: few enough to keep them all.
    return Node(_SHAPES[kind], around, kind)


def _body(scan: Scan, index: int, node: Node) -> tuple[Body, int]:
    values = node.blank.copy()
    head = scan.head(index)
    if head.attributes:
        attributes_of(scan, index, head, node.shape.attributes, node).put(scan, index, values)
    piece = scan.pieces[index]
    if piece[-1] != ">" and not head.is_empty:
        scan.own_text(index, node.path)
    end = index + 1 if head.is_empty else node.fill(scan, index, piece, values)
    body: Body = node.finish(scan, index, values)
    return body, end


def _unsupported(opened: Opened, scan: Scan, kind: int) -> Parsed:
    if opened.problem is not None:
        scan.remember(opened.problem)
    end = scan.skip(kind, opened.around)
    return Parsed(
        envelope=opened.envelope,
        body=None,
        reason=Code.DOC_UNSUPPORTED,
        where=f"{opened.around}/{(opened.envelope.kind or '')[:60]}",
        detail="a kind of cXML document that is not processed",
        notes=scan.notes(),
        unread=scan.unread_paths(),
        body_sha256=body_sha256(scan, kind, end),
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
