"""What elements hold, as tables, and the one walk that reads a document by them.

A `Shape` says which attributes and children an element has and which field each fills; a rule says how a child is
read. A shape is put to work once for each place where it stands: a `Node` then knows, by the very text of a tag, what
is to be done with it, and learns every tag that it meets for the first time. What no shape knows ends in `unread`.
The rules are in `rules`, how single values are read is in `leaves`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from operator import itemgetter
from typing import Any, Protocol, TypeAlias

from cxml_parsers.attributes import Values
from cxml_parsers.keeping import keep
from cxml_parsers.leaves import Read
from cxml_parsers.places import attribute_step, step_of
from cxml_parsers.scan import PARENT, XML_SPACE, Head, Scan
from punchout.model.codes import Code
from punchout.model.making import Derived, collector
from punchout.model.unreadable import Refused

Act: TypeAlias = Callable[[Scan, int, str, Values], int]
"""Reads the element that a piece opens into values, and returns the index behind its end."""

_Leaf: TypeAlias = tuple[int, str, Read, tuple[str, ...]]
_NO_LEAF: _Leaf = (0, "", lambda *_: None, ())
"""No piece is empty, so that this one's end is never met."""


class Rule(Protocol):
    """How a child is read."""

    def learn(self, site: "Site", scan: Scan, index: int, head: Head) -> tuple[Act, str | None]:
        """Return what is done with a tag, and with what from now on: None for this once.

        That is this very `piece`, every piece with this `head`, or every tag with attributes of these `names`.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What an element may hold.

    Attributes:
        record: what is made of it; None where its values belong to the record around it.
        attributes: name to field and how it is read; their order is the usual one.
        children: name to how it is read.
        required: field to the place below the element that must be there, or the document is refused.
        expected: field to the place whose absence is noted.
        defaults: the value of a field that nothing fills, where that is not None or an empty tuple.
        derived: field to the field that it is computed from, and how, where that one is there.
        remark: what is to be said about a record that was made, None where nothing is.
    """

    record: type | None = None
    attributes: Mapping[str, tuple[str, Read]] = field(default_factory=dict)
    children: Mapping[str, Rule] = field(default_factory=dict)
    required: Mapping[str, str] = field(default_factory=dict)
    expected: Mapping[str, str] = field(default_factory=dict)
    defaults: Mapping[str, Any] = field(default_factory=dict)
    derived: Derived = field(default_factory=dict)
    remark: Callable[[Any], str | None] | None = None


@dataclass(frozen=True, slots=True)
class Site:
    """One place where a child stands.

    Attributes:
        at: field to its position in the values.
        around: the path of the element around it.
        path: its own.
        close: its end tag with the `>`.
        home: the node of the element around it.
        node: what its own shape became, for rules that have one.
    """

    at: Mapping[str, int]
    around: str
    path: str
    close: str
    home: "Node"
    node: "Node | None" = None


class Node:
    """A shape at work at one place.

    Attributes:
        known: what is done with a piece, or with all pieces of one head.
        patterns: what is done with a tag and its attributes, whatever those say.
        leaves: leaves of one head: the position they fill, their end tag, how their text is read, the paths of
            attributes that nothing reads.
        fill: reads the children of the element that a piece opens, and returns the index behind its end.
    """

    __slots__ = (
        "_children", "_expected", "_make", "_remark", "_required", "_wanted", "around", "at", "blank", "close", "fill",
        "known", "leaves", "path", "patterns", "shape",
    )  # fmt: skip

    def __init__(self, shape: Shape, around: str, tag: str, at: Mapping[str, int] | None = None) -> None:
        """Put a shape to work below a path; `at` is the order of the values it shares with the record around it."""
        record = shape.record
        self.shape, self.around, self.path, self.close = shape, around, f"{around}/{tag}", f"/{tag}>"
        if record is not None:
            at = {each.name: position for position, each in enumerate(fields(record))}
        self.at: Mapping[str, int] = at or {}
        self._make = list if record is None else collector(record, shape.defaults, shape.derived)
        self._required = [(self.at[name], place) for name, place in shape.required.items()]
        self._expected = [(self.at[name], place) for name, place in shape.expected.items()]
        wanted = [position for position, _ in (*self._required, *self._expected)]
        self._wanted = itemgetter(*wanted, *wanted[:1]) if wanted else None
        self._remark = shape.remark
        self.blank: Values = [None] * len(self.at)
        self.known: dict[str, Act] = {}
        self.patterns: dict[str, Act] = {}
        self.leaves: dict[str, _Leaf] = {}
        self.fill: Act = _filler(self)
        self._children = {name: self._site(name, rule) for name, rule in shape.children.items()}

    def _site(self, tag: str, rule: Rule) -> Site:
        shape = getattr(rule, "shape", None)
        node = None if shape is None else Node(shape, self.path, tag, self.at)
        return Site(self.at, self.path, f"{self.path}/{tag}", f"/{tag}>", self, node)

    def inner(self, tag: str) -> "Node":
        """Return the node of a child."""
        return inner_node(self._children[tag])

    def learn(self, scan: Scan, index: int) -> Act:
        """Return what is done with an opening piece that is not known, and know it from now on if that is possible."""
        piece = scan.pieces[index]
        names = '"'.join(piece.partition(">")[0].split('"')[::2])
        act = self.patterns.get(names)
        if act is not None:
            return act
        head = scan.head(index)
        rule = self.shape.children.get(head.tag)
        if rule is None:
            act, key = _unknown(self.path, scan, index, head)
        else:
            act, key = rule.learn(self._children[head.tag], scan, index, head)
        if key == "names":
            keep(self.patterns, names, act)
        elif key is not None:
            keep(self.known, piece if key == "piece" else head.text, act)
        return act

    def finish(self, scan: Scan, index: int, values: Values) -> Any:  # noqa: ANN401 - any record
        """Make the record of what was read, after a look at what is required and expected.

        Raises:
            Refused: a required place is missing or empty.
        """
        # A zero is no reason either: it only costs the longer look.
        if self._wanted is not None and not all(self._wanted(values)):
            self._missing(scan, index, values)
        if scan.absent:
            scan.forget(values)
        made = self._make(values)
        if self._remark is not None and (remark := self._remark(made)) is not None:
            scan.note(index, None, remark)
        return made

    def _missing(self, scan: Scan, index: int, values: Values) -> None:
        for position, place in self._required:
            if values[position] is None:
                raise Refused(Code.STRUCT_INVALID, scan.place(index, place), "missing or empty, and needed")
        for position, place in self._expected:
            if values[position] is None and (id(values), position) not in scan.absent:
                scan.note(index, place, "missing")


def _filler(node: Node) -> Act:
    """Make what reads the children of a node; all that it looks up is at hand."""
    known, leaves, close, around, learn = node.known.get, node.leaves.get, node.close, node.around, node.learn

    def fill(scan: Scan, index: int, _piece: str, values: Values) -> int:
        pieces = scan.pieces
        at = index + 1
        while True:
            piece = pieces[at]
            if piece[0] == "/":
                return at + 1 if piece == close else scan.tail(at + 1, index, around)
            act = known(piece)
            if act is None:
                head, _, text = piece.partition(">")
                position, end, read, unread = leaves(head, _NO_LEAF)
                if pieces[at + 1] == end and values[position] is None and "&" not in text:
                    values[position] = value = read(scan, at, None, text)
                    if value is None or unread:
                        _aside(scan, values, position, unread)
                    at += 2
                    continue
                act = known(head)
                if act is None:
                    act = learn(scan, at)
            at = act(scan, at, piece, values)

    return fill


def _aside(scan: Scan, values: Values, position: int, unread: tuple[str, ...]) -> None:
    """Take notice of a leaf that is there and empty, and of attributes that nothing reads."""
    if values[position] is None:
        scan.absent.add((id(values), position))
    if unread:
        scan.leave(unread)


def _unknown(around: str, scan: Scan, index: int, head: Head) -> tuple[Act, str | None]:
    """Leave an element unread."""
    own, close = f"{around}/{step_of(head.tag)}", f"/{head.tag}>"
    attributes = tuple(f"{own}/{attribute_step(name)}" for name, _ in head.attributes)
    with_text = (*attributes, own)

    def act(scan: Scan, index: int, piece: str, _values: Values) -> int:
        if is_lasting and piece[-2:] == "/>":
            scan.leave(attributes)
            return index + 1
        if is_lasting and scan.pieces[index + 1] == close:
            scan.leave(with_text if piece.partition(">")[2].strip(XML_SPACE) else attributes)
            return index + 2
        end = scan.skip(index, around)
        scan.tail(end, index, around)
        return end

    is_lasting = scan.in_order(index, head, ())
    return act, "names" if is_lasting else None


def again(site: Site, scan: Scan, index: int, *, is_noted: bool = True) -> int:
    """Leave an element unread whose like was read before."""
    if is_noted:
        scan.note(index, None, "stands here more than once; the first was read")
    end = scan.skip(index, site.around)
    scan.tail(end, index, site.around)
    return end


def inner_node(site: Site) -> Node:
    """Return what the rule's own shape became at a site."""
    if site.node is None:
        raise LookupError(site.path)
    return site.node


def through(node: Node, site: Site, scan: Scan, index: int, values: Values) -> int:
    """Read what stands inside an element, with a look at text that does not belong there."""
    piece = scan.pieces[index]
    if piece[-1] != ">":
        head, _, text = piece.partition(">")
        if text.strip(XML_SPACE):
            place, path = (PARENT, site.around) if head[-1] == "/" else (None, site.path)
            scan.stray(index, path, place)
        if head[-1] == "/":
            return index + 1
    elif piece[-2] == "/":
        return index + 1
    return node.fill(scan, index, piece, values)
