"""The envelope that every cXML document shares: root attributes, Header, and the element below Request or Message.

It is read before anything else and as far as it can be, also where the document is refused. What lies inside the
element is the business of the module of its kind.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import tzinfo
from typing import Final, NamedTuple, TypeAlias

from lxml import etree

from cxml_parsers import leaves
from cxml_parsers.attributes import Values
from cxml_parsers.clock import clock_of
from cxml_parsers.header import AT, ENVELOPE, KnownHeader, known_header, read_header
from cxml_parsers.keeping import keep
from cxml_parsers.places import Element, attribute_step
from cxml_parsers.response import status
from cxml_parsers.scan import XML_SPACE, Scan, stated_attributes, unescaped
from cxml_parsers.shapes import Node, Shape
from punchout.model.codes import Code
from punchout.model.documents import Envelope
from punchout.model.making import maker
from punchout.model.moments import Moment
from punchout.model.unreadable import Refused

_ROOT: Final = "cXML"
_WRAPPERS: Final = frozenset({"Request", "Message", "Response"})
_envelope = maker(Envelope)

Part: TypeAlias = Callable[["_Opening"], None]


class Opened(NamedTuple):
    """A document whose envelope is read.

    Attributes:
        envelope: as far as it could be read.
        scan: the document; its clock is the document's. None where it is not cXML.
        kind: the piece of the element whose content the body's hash covers and that a kind module reads; None where
            there is none.
        around: the path of the element above it.
        problem: why the document is refused whatever its body says, None where it is not.
    """

    envelope: Envelope
    scan: Scan | None
    kind: int | None
    around: str
    problem: Refused | None


@dataclass(slots=True)
class _Opening:
    """An envelope on its way: the pieces of its parts, and what was met."""

    scan: Scan
    values: Values
    header: int | None = None
    wrapper: int | None = None
    kind: int | None = None
    is_response: bool = False
    is_message: bool = False


class _Child(NamedTuple):
    """A child of the root: its pieces from start to before the end, and what it says where its like was read before."""

    tag: str
    start: int
    end: int
    known: KnownHeader | None


@dataclass(frozen=True, slots=True)
class _Root:
    """Where among the parts of a root's tag, cut at quotes, its attributes are stated, and the paths of the others."""

    version: int | None
    payload_id: int | None
    timestamp: int | None
    unread: tuple[str, ...]


def open_document(root: Element, *, has_doctype: bool, naive_zone: tzinfo) -> Opened:
    """Read the envelope. Never raises: what is wrong with it is the result's `problem`."""
    if root.tag != _ROOT:
        if not root.tag.endswith("}" + _ROOT):
            problem = Refused(Code.STRUCT_INVALID, "/" + root.tag[:60], "not a cXML document")
            return Opened(Envelope(kind=None), None, None, "", problem)
        _drop_namespace(root)
    scan = Scan(root, clock_of(root.get("timestamp"), root.get("payloadID"), naive_zone))
    if not has_doctype:
        scan.note(0, None, "no DOCTYPE")
    opening = _Opening(scan, ENVELOPE.blank.copy())
    problems = [found for part in (_root, _children) if (found := _tried(part, opening)) is not None]
    if opening.kind is None:
        problems.insert(0, Refused(Code.STRUCT_INVALID, "/cXML", "neither Request, Message nor Response with content"))
    # From here on they tell what was done to the times of the body.
    scan.repairs.clear()
    return _opened(opening, problems[0] if problems else None)


def _tried(part: Part, opening: _Opening) -> Refused | None:
    try:
        part(opening)
    except Refused as refused:
        return refused
    return None


def _opened(opening: _Opening, problem: Refused | None) -> Opened:
    values, kind, wrapper = opening.values, opening.kind, opening.wrapper
    for position in _LISTS:
        if values[position] is None:
            values[position] = ()
    around = "/cXML"
    if kind is not None and wrapper is not None:
        values[AT["kind"]] = _tag(opening.scan, kind)
        if kind != wrapper:
            around = f"/cXML/{_tag(opening.scan, wrapper)}"
    return Opened(_envelope(*values), opening.scan, kind, around, problem)


def _tag(scan: Scan, index: int) -> str:
    name: str = scan.pieces[index].partition(">")[0].partition(" ")[0]
    return name[:-1] if name[-1] == "/" else name


def _root(opening: _Opening) -> None:
    scan, values = opening.scan, opening.values
    parts = scan.pieces[0].partition(">")[0].split('"')
    names = '"'.join(parts[::2])
    known = _ROOTS.get(names) or _known_root(scan, names)
    version, payload_id, timestamp = [
        None if at is None else unescaped(parts[at]) for at in (known.version, known.payload_id, known.timestamp)
    ]
    if version is not None:
        values[AT["version"]] = leaves.string(scan, 0, "@version", version)
    if known.unread:
        scan.leave(known.unread)
    if payload_id is None:
        scan.note(0, "@payloadID", "missing")
    if timestamp is None:
        scan.note(0, "@timestamp", "missing")
    if payload_id is not None:
        values[AT["payload_id"]] = _payload_id(scan, payload_id)
    if timestamp is not None:
        values[AT["timestamp"]] = _timestamp(scan, timestamp)


def _known_root(scan: Scan, names: str) -> _Root:
    """Remember where the attributes of a root stand whose tag has these names."""
    head = scan.head(0)
    at = {name: 2 * index + 1 for index, (name, _) in enumerate(stated_attributes(head))}
    unread = tuple(f"/cXML/{attribute_step(name)}" for name, _ in head.attributes if name not in _READ)
    known = _Root(at.get("version"), at.get("payloadID"), at.get("timestamp"), unread)
    keep(_ROOTS, names, known)
    return known


def _payload_id(scan: Scan, stated: str) -> str | None:
    payload_id = leaves.identifier(scan, 0, "@payloadID", stated)
    if payload_id is not None and "@" not in payload_id:
        scan.note(0, "@payloadID", "has no @host")
    return payload_id


def _timestamp(scan: Scan, stated: str) -> Moment | None:
    try:
        return leaves.moment(scan, 0, "@timestamp", stated)
    except Refused as refused:
        # It decides nothing: a document without it is read, and so is one whose timestamp cannot be read.
        scan.note(0, "@timestamp", f"{refused.detail}{leaves.READ_AS_ABSENT}", refused.code)
        return None


def _children(opening: _Opening) -> None:
    """Find the root's children and read the Header; the others are left unread."""
    scan, pieces = opening.scan, opening.scan.pieces
    problem: Refused | None = None
    if pieces[0][-1] != ">" and pieces[0].partition(">")[2].strip(XML_SPACE):
        scan.stray(0, "/cXML")
    children = _found(scan)
    opening.is_message = any(child.tag == "Message" for child in children)
    for ordinal, child in enumerate(children):
        try:
            _child(opening, child, ordinal)
        except Refused as refused:
            problem = problem or refused
        if pieces[child.end - 1][-1] != ">":
            scan.tail(child.end, child.start, "/cXML")
    if problem is not None:
        raise problem
    if opening.header is None and not opening.is_response:
        raise Refused(Code.STRUCT_INVALID, "/cXML/Header", "missing, and needed")


def _found(scan: Scan) -> list[_Child]:
    """Find where the root's children begin and end."""
    children, start, last = [], 1, len(scan.root) - 1
    for ordinal in range(last + 1):
        known = known_header(scan, start)
        # The last child ends just before the root does: nearly the whole document need not be counted through.
        end = len(scan.pieces) - 1 if ordinal == last else _behind(scan, start) if known is None else known.end
        children.append(_Child(_tag(scan, start), start, end, known))
        start = end
    return children


def _child(opening: _Opening, child: _Child, ordinal: int) -> None:
    scan, start = opening.scan, child.start
    if child.tag == "Header" and opening.header is None:
        opening.header = start
        read_header(scan, start, child.end, opening.values, child.known, is_message=opening.is_message)
    elif child.tag in _WRAPPERS and opening.wrapper is None:
        opening.wrapper = start
        _wrapper(opening, start, child.end, scan.root[ordinal])
    else:
        scan.skip(start, "/cXML")


def _behind(scan: Scan, index: int) -> int:
    """Return the index behind the end of an element."""
    depth, at = 0, index
    while True:
        piece = scan.pieces[at]
        if piece[0] == "/":
            depth -= 1
        elif piece.partition(">")[0][-1] != "/":
            depth += 1
        at += 1
        if depth == 0:
            return at


def _wrapper(opening: _Opening, index: int, end: int, element: Element) -> None:
    """Find the element that names the kind: `Response` itself where nothing but `Status` stands in it."""
    scan, tag = opening.scan, _tag(opening.scan, index)
    path, opening.is_response = f"/cXML/{tag}", tag == "Response"
    at, others, children = index + 1, [], len(element)
    scan.wrapper = index, element
    for inner in range(children):
        start = at
        if opening.kind is None and _tag(scan, at) != "Status":
            opening.kind = at
        else:
            others.append(at)
        at = end - 1 if inner == children - 1 else _behind(scan, at)
        if scan.pieces[at - 1][-1] != ">":
            scan.tail(at, start, path)
    _wrapper_attributes(opening, index, path)
    if opening.kind is None:
        # A Response of nothing but its Status is read as a whole by its own shape.
        opening.kind = index if opening.is_response and children else None
        return
    if scan.pieces[index][-1] != ">":
        scan.own_text(index, path)
    for other in others:
        _beside(opening, other, path)


def _wrapper_attributes(opening: _Opening, index: int, path: str) -> None:
    scan = opening.scan
    if " " not in scan.pieces[index]:
        return
    for name, stated in scan.head(index).attributes:
        if name == "deploymentMode":
            opening.values[AT["deployment_mode"]] = _deployment_mode(scan, index, "@deploymentMode", stated)
        elif name == "inReplyTo":
            opening.values[AT["in_reply_to"]] = leaves.identifier(scan, index, "@inReplyTo", stated)
        elif opening.kind is not None:
            scan.leave(f"{path}/{attribute_step(name)}")


def _beside(opening: _Opening, index: int, path: str) -> None:
    """Read the Status that stands beside the kind, and leave all else unread."""
    scan, node = opening.scan, _STATUS_NODES.get(path)
    if node is None or _tag(scan, index) != "Status":
        scan.skip(index, path)
    else:
        node.learn(scan, index)(scan, index, scan.pieces[index], opening.values)


def _drop_namespace(root: Element) -> None:
    """Take names out of the namespace that a root `cXML` declares; cXML itself has none."""
    prefix = root.tag[: -len(_ROOT)]
    for element in root.iter():
        element.tag = element.tag.removeprefix(prefix)
    # What is left of the declaration would show in the body's canonical form.
    etree.cleanup_namespaces(root)


_READ: Final = ("version", "payloadID", "timestamp")
_ROOTS: Final[dict[str, _Root]] = {}
_deployment_mode = leaves.hint(("production", "test"))
_STATUS: Final = Shape(children={"Status": status("status_message", "status_code", "status_text")})
_STATUS_NODES: Final = {
    f"/cXML/{wrapper}": Node(_STATUS, "/cXML", wrapper, ENVELOPE.at) for wrapper in ("Message", "Response")
}
_LISTS: Final = frozenset(AT[name] for name in ("sent_from", "sent_to", "sender"))
