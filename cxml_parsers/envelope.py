"""The envelope that every cXML document shares: root attributes, Header, and the element below Request or Message.

It is read before anything else and as far as it can be, also where the document is refused. What lies inside the
element is the business of the module of its kind.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any, Final, TypeAlias

from lxml import etree

from cxml_parsers import leaves
from cxml_parsers.clock import clock_of
from cxml_parsers.making import maker
from cxml_parsers.places import Element, attribute_step
from cxml_parsers.response import status
from cxml_parsers.scan import XML_SPACE, Head, Scan
from cxml_parsers.shapes import Act, Into, Leaf, Many, Node, Shape, Site, Values
from punchout.model.codes import Code
from punchout.model.documents import Envelope
from punchout.model.moments import Clock
from punchout.model.unreadable import Refused
from punchout.model.values import Credential

_ROOT: Final = "cXML"
_WRAPPERS: Final = frozenset({"Request", "Message", "Response"})
_MOST_REMEMBERED = 256
_envelope = maker(Envelope)

Part: TypeAlias = Callable[["_Opening"], None]


@dataclass(frozen=True, slots=True)
class Opened:
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
    """An envelope on its way."""

    scan: Scan
    root: Head
    values: Values
    header: int | None = None
    wrapper: int | None = None
    kind: int | None = None
    is_response: bool = False


def open_document(root: Element, *, has_doctype: bool, naive_zone: tzinfo) -> Opened:
    """Read the envelope. Never raises: what is wrong with it is the result's `problem`."""
    tag = root.tag
    if tag != _ROOT:
        if not tag.endswith("}" + _ROOT):
            problem = Refused(Code.STRUCT_INVALID, "/" + tag[:60], "not a cXML document")
            return Opened(Envelope(kind=None), None, None, "", problem)
        _drop_namespace(root)
    scan = Scan(root, clock_of(root.get("timestamp"), root.get("payloadID"), naive_zone))
    if not has_doctype:
        scan.note(0, None, "no DOCTYPE")
    values: Values = _ENVELOPE.blank.copy()
    problems: list[Refused] = []
    opening: _Opening | None = None
    try:
        opening = _Opening(scan, scan.head(0), values)
        for part in _PARTS:
            try:
                part(opening)
            except Refused as refused:
                problems.append(refused)
    except Refused as refused:
        problems.append(refused)
    kind = None if opening is None else opening.kind
    if kind is None:
        problems.insert(0, Refused(Code.STRUCT_INVALID, "/cXML", "neither Request, Message nor Response with content"))
    for position in _LISTS:
        if values[position] is None:
            values[position] = ()
    around = "/cXML"
    if kind is not None and opening is not None:
        values[_AT["kind"]] = _tag(scan, kind)
        if opening.wrapper is not None and kind != opening.wrapper:
            around = f"/cXML/{_tag(scan, opening.wrapper)}"
    # From here on they tell what was done to the times of the body.
    scan.repairs.clear()
    return Opened(_envelope(*values), scan, kind, around, problems[0] if problems else None)


def _tag(scan: Scan, index: int) -> str:
    return scan.pieces[index].partition(">")[0].partition(" ")[0].rstrip("/")


def _payload_id(opening: _Opening) -> None:
    scan, stated = opening.scan, dict(opening.root.attributes).get("payloadID")
    if stated is None:
        scan.note(0, "@payloadID", "missing")
        return
    payload_id = leaves.identifier(scan, 0, "@payloadID", stated)
    opening.values[_AT["payload_id"]] = payload_id
    if payload_id is not None and "@" not in payload_id:
        scan.note(0, "@payloadID", "has no @host")


def _timestamp(opening: _Opening) -> None:
    scan, stated = opening.scan, dict(opening.root.attributes).get("timestamp")
    if stated is None:
        scan.note(0, "@timestamp", "missing")
        return
    try:
        opening.values[_AT["timestamp"]] = leaves.moment(scan, 0, "@timestamp", stated)
    except Refused as refused:
        # It decides nothing: a document without it is read, and so is one whose timestamp cannot be read.
        scan.note(0, "@timestamp", f"{refused.detail}; read as absent", refused.code)


def _other_attributes(opening: _Opening) -> None:
    for name, stated in opening.root.attributes:
        if name == "version":
            opening.values[_AT["version"]] = leaves.string(opening.scan, 0, "@version", stated)
        elif name not in ("payloadID", "timestamp"):
            opening.scan.leave(f"/cXML/{attribute_step(name)}")


def _children(opening: _Opening) -> None:
    """Find the root's children and read the Header; the others are left unread."""
    scan, pieces = opening.scan, opening.scan.pieces
    if opening.root.is_empty:
        raise Refused(Code.STRUCT_INVALID, "/cXML/Header", "missing, and needed")
    at, ordinal, problem = 1, -1, None
    if pieces[0][-1] != ">" and pieces[0].partition(">")[2].strip(XML_SPACE):
        scan.stray(0, "/cXML")
    while pieces[at][0] != "/":
        tag, start, ordinal = _tag(scan, at), at, ordinal + 1
        if tag == "Header" and opening.header is None:
            opening.header = at
            try:
                at = _read_header(opening, at)
            except Refused as refused:
                problem, at = refused, _behind(scan, at)
        elif tag in _WRAPPERS and opening.wrapper is None:
            opening.wrapper = at
            at = _read_wrapper(opening, at, ordinal)
        else:
            at = scan.skip(at, "/cXML")
        if pieces[at - 1][-1] != ">":
            scan.tail(at, start, "/cXML")
    if problem is not None:
        raise problem
    if opening.header is None and not opening.is_response:
        raise Refused(Code.STRUCT_INVALID, "/cXML/Header", "missing, and needed")


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


def _read_wrapper(opening: _Opening, index: int, ordinal: int) -> int:
    """Find the element that names the kind: `Response` itself where nothing but `Status` stands in it.

    What is the last of its siblings ends just before them: nearly the whole document need not be counted through.
    """
    scan, tag = opening.scan, _tag(opening.scan, index)
    path, opening.is_response = f"/cXML/{tag}", tag == "Response"
    element, pieces = scan.root[ordinal], scan.pieces
    end = len(pieces) - 1 if ordinal == len(scan.root) - 1 else _behind(scan, index)
    at, others, last = index + 1, [], len(element) - 1
    for inner in range(last + 1):
        if opening.kind is None and _tag(scan, at) != "Status":
            opening.kind = at
        else:
            others.append(at)
        start, at = at, end - 1 if inner == last else _behind(scan, at)
        if pieces[at - 1][-1] != ">":
            scan.tail(at, start, path)
    if " " in pieces[index]:
        for name, stated in scan.head(index).attributes:
            if name == "deploymentMode":
                opening.values[_AT["deployment_mode"]] = _deployment_mode(scan, index, "@deploymentMode", stated)
            elif name == "inReplyTo":
                opening.values[_AT["in_reply_to"]] = leaves.identifier(scan, index, "@inReplyTo", stated)
            elif opening.kind is not None:
                scan.leave(f"{path}/{attribute_step(name)}")
    if opening.kind is None:
        # A Response of nothing but its Status is read as a whole by its own shape.
        opening.kind = index if opening.is_response and last >= 0 else None
        return end
    if pieces[index][-1] != ">":
        scan.own_text(index, path)
    for other in others:
        _beside(opening, other, path)
    return end


def _beside(opening: _Opening, index: int, path: str) -> None:
    """Read the Status that stands beside the kind, and leave all else unread."""
    node = _STATUS_NODES.get(path)
    if node is None or _tag(opening.scan, index) != "Status":
        opening.scan.skip(index, path)
        return
    piece = opening.scan.pieces[index]
    node.learn(opening.scan, index)(opening.scan, index, piece, opening.values)


def _read_header(opening: _Opening, index: int) -> int:
    """Read the Header; a sender's is the same on every document, and is then not read again."""
    scan, values = opening.scan, opening.values
    try:
        end = scan.pieces.index("/Header>", index) + 1
    except ValueError:
        end = _behind(scan, index)
    key = hashlib.sha256("<".join(scan.pieces[index:end]).encode()).digest()
    known = _HEADERS.get(key)
    if known is None:
        known = _learn_header(opening, index, end, key)
    read, unread, notes, has_secret = known
    for position, value in read:
        values[position] = value
    scan.unread.update(unread)
    for offset, place, detail, code in notes:
        scan.note(index + offset, place, detail, code)
    if has_secret:
        _look_at_secret(opening, index, end)
    return end


def _learn_header(opening: _Opening, index: int, end: int, key: bytes) -> Any:  # noqa: ANN401 - see `_HEADERS`
    scan = opening.scan
    aside = Scan.beside(scan)
    values: Values = _ENVELOPE.blank.copy()
    try:
        node = _ENVELOPE_HEADER
        if scan.head(index).is_empty:
            stop = index + 1
        else:
            stop = node.fill(aside, index, values)
        if stop != end:
            raise Refused(Code.STRUCT_INVALID, "/cXML/Header", "holds a Header")
    finally:
        # Credentials that were read before something could not be read are still shown.
        for position, value in enumerate(values):
            if value is not None:
                opening.values[position] = tuple(value) if isinstance(value, list) else value
    for name, place in _EXPECTED.items():
        if values[_AT[name]] is None and (id(values), _AT[name]) not in aside.absent:
            aside.note(index, place, "missing")
    read = [(at, tuple(each) if isinstance(each, list) else each) for at, each in enumerate(values) if each is not None]
    notes = [(at - index, place, detail, code) for at, place, detail, code in aside.noted_pieces()]
    has_secret = any(piece.startswith("SharedSecret") for piece in scan.pieces[index:end])
    known = (read, frozenset(aside.unread), notes, has_secret)
    if len(_HEADERS) >= _MOST_REMEMBERED:
        _HEADERS.clear()
    _HEADERS[key] = known
    return known


def _look_at_secret(opening: _Opening, index: int, end: int) -> None:
    scan = opening.scan
    if scan.root.find("Message") is None:
        return
    for at in range(index, end):
        if scan.pieces[at].startswith("SharedSecret"):
            scan.note(at, None, "a shared secret in a message that travels through the browser")


@dataclass(frozen=True, slots=True)
class _Secret:
    """`SharedSecret`: its text is never read, only that it is there."""

    def learn(self, site: Site, scan: Scan, index: int, head: Head) -> tuple[Act, str | None]:
        """See `Rule`."""

        def act(scan: Scan, index: int, piece: str, values: Values) -> int:
            end = scan.skip(index, site.around)
            scan.tail(end, index, site.around)
            return end

        return act, None


def _drop_namespace(root: Element) -> None:
    """Take names out of the namespace that a root `cXML` declares; cXML itself has none."""
    prefix = root.tag[: -len(_ROOT)]
    for element in root.iter():
        element.tag = element.tag.removeprefix(prefix)
    # What is left of the declaration would show in the body's canonical form.
    etree.cleanup_namespaces(root)


_deployment_mode = leaves.hint(("production", "test"))
_CREDENTIAL: Final = Shape(
    record=Credential,
    attributes={"domain": ("domain", leaves.string)},
    children={"Identity": Leaf("identity"), "SharedSecret": _Secret()},
    expected={"domain": "@domain", "identity": "Identity"},
    defaults={"domain": "", "identity": ""},
)
_EXPECTED: Final = {
    "sent_from": "From/Credential",
    "sent_to": "To/Credential",
    "sender": "Sender/Credential",
    "user_agent": "Sender/UserAgent",
}
_ENVELOPE: Final = Node(
    Shape(
        record=Envelope,
        children={
            "Header": Into(
                Shape(
                    children={
                        "From": Into(Shape(children={"Credential": Many("sent_from", _CREDENTIAL)})),
                        "To": Into(Shape(children={"Credential": Many("sent_to", _CREDENTIAL)})),
                        "Sender": Into(
                            Shape(children={"Credential": Many("sender", _CREDENTIAL), "UserAgent": Leaf("user_agent")})
                        ),
                    }
                )
            )
        },
    ),
    "",
    "cXML",
)
_STATUS_NODES: Final = {
    path: Node(
        Shape(children={"Status": status("status_message", "status_code", "status_text")}), "/cXML", wrapper, _ENVELOPE.at
    )
    for wrapper in ("Message", "Response")
    for path in (f"/cXML/{wrapper}",)
}
_ENVELOPE_HEADER: Final = _ENVELOPE.inner("Header")
_AT: Final = _ENVELOPE.at
_LISTS: Final = frozenset(_AT[name] for name in ("sent_from", "sent_to", "sender"))
_PARTS: Final[tuple[Part, ...]] = (_payload_id, _timestamp, _other_attributes, _children)
_HEADERS: Final[dict[bytes, Any]] = {}
