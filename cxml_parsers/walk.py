"""The one walk: a shape says which attributes and children an element has, and `take` visits each of them once.

What a shape knows is read into values by field name; what it does not know ends in `unread`. A reading collects what
is worth saying about the document on the way: notes, unread paths, and the first thing that cannot be read, which
ends it. How single values are read is in `leaves`, recurring cXML elements are in `parts`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NoReturn, TypeAlias, cast

from cxml_parsers.places import Element, attribute_step, element_step, place_of
from punchout.model.codes import Code
from punchout.model.documents import Note
from punchout.model.moments import Clock
from punchout.model.unreadable import Refused, Unreadable

Values: TypeAlias = dict[str, Any]
"""Field name to value. A field that is there and empty has the value None, so that it is not also called missing."""

MOST_ATTRIBUTES = 64
_DEEPEST = 64
_MOST_UNREAD = 2000
_MOST_NOTES = 200
XML_SPACE = " \t\r\n"


class Reading:
    """What is known while one document is read.

    Attributes:
        clock: how its times are read.
        notes: deviations that were read anyway, in the order they were met.
        unread: paths without ordinals of what no field holds.
        repairs: the repairs that were applied to times.
    """

    __slots__ = ("clock", "left_out", "notes", "repairs", "unread")

    def __init__(self, clock: Clock) -> None:
        """Start with nothing said."""
        self.clock = clock
        self.notes: list[Note] = []
        self.unread: set[str] = set()
        self.repairs: set[str] = set()
        self.left_out = 0

    def note(self, element: Element, place: str | None, detail: str, code: Code = Code.STRUCT_DEVIATION) -> None:
        """Say that something deviates and was read anyway; `place` is below the element, `@name` for an attribute."""
        if len(self.notes) < _MOST_NOTES:
            self.notes.append(Note(code, place_of(element, place), detail))
        else:
            self.left_out += 1

    def refuse(self, element: Element, place: str | None, error: Unreadable) -> NoReturn:
        """End the reading because a value that is needed cannot be read; `place` as in `note`."""
        raise Refused(error.code, place_of(element, place), error.detail)

    def attributes(self, element: Element) -> Sequence[str]:
        """Return the attributes' names; `Element.attrib` as a mapping would cost the square of their number."""
        names = cast("Sequence[str]", element.keys())
        if len(names) > MOST_ATTRIBUTES:
            raise Refused(Code.XML_REJECTED, place_of(element), f"more than {MOST_ATTRIBUTES} attributes")
        return names

    def leave(self, path: str) -> None:
        """Remember a path that nothing reads."""
        if len(self.unread) < _MOST_UNREAD:
            self.unread.add(path)

    def leave_attributes(self, element: Element, path: str, known: tuple[str, ...] = ()) -> None:
        """Remember the attributes of a child of `path` that nothing reads."""
        for name in self.attributes(element):
            if name not in known:
                self.leave(f"{path}/{element_step(element)}/{attribute_step(name)}")

    def skip(self, element: Element, path: str, depth: int = 0) -> None:
        """Remember everything in a subtree below `path` that has text, and every attribute, as unread."""
        if depth > _DEEPEST:
            raise Refused(Code.XML_REJECTED, place_of(element), f"nested deeper than {_DEEPEST} elements")
        own = f"{path}/{element_step(element)}"
        self.leave_attributes(element, path)
        if _drop_blank(element):
            self.leave(own)
        for child in element:
            self.skip(child, own, depth + 1)

    def stray(self, element: Element, path: str) -> None:
        """Report text between the children of an element that should hold none."""
        if _drop_blank(element):
            self.note(element, None, "text where only elements belong")
            self.leave(path)


ReadAttribute: TypeAlias = Callable[[Reading, Element, str], Any]
ReadChild: TypeAlias = Callable[[Reading, Element, str], Any]
ReadNumbered: TypeAlias = Callable[[Reading, Element, str, int], Any]
Put: TypeAlias = Callable[[Reading, Element, str, Values], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What an element may hold.

    Attributes:
        attributes: name to field and how it is read.
        children: name to what is done with it.
        required: field to the place below the element that must be there, or the document is refused.
        expected: field to the place whose absence is noted.
    """

    attributes: Mapping[str, tuple[str, ReadAttribute]] = field(default_factory=dict)
    children: Mapping[str, Put] = field(default_factory=dict)
    required: Mapping[str, str] = field(default_factory=dict)
    expected: Mapping[str, str] = field(default_factory=dict)


def take(reading: Reading, element: Element, shape: Shape, path: str) -> Values:
    """Read an element below `path` by its shape; repeated children come as tuples.

    Raises:
        Refused: a required place is missing, or a value cannot be read.
    """
    values: Values = {}
    fill(reading, element, shape, path, values)
    return finish(reading, element, shape, values)


def finish(reading: Reading, element: Element, shape: Shape, values: Values) -> Values:
    """Turn collected children into tuples and look at what is required and expected."""
    for name, value in values.items():
        if type(value) is list:
            values[name] = tuple(value)
    for name, place in shape.required.items():
        if values.get(name) is None:
            raise Refused(Code.STRUCT_INVALID, place_of(element, place), "missing or empty, and needed")
    for name, place in shape.expected.items():
        if name not in values:
            reading.note(element, place, "missing")
    return values


def one(name: str, read: ReadChild) -> Put:
    """Read a child that belongs there once; a second one is noted and left unread."""

    def put(reading: Reading, child: Element, path: str, values: Values) -> None:
        if values.get(name) is None:
            values[name] = read(reading, child, path)
        else:
            reading.note(child, None, "stands here more than once; the first was read")
            reading.skip(child, path)

    return put


def first(name: str, read: ReadChild) -> Put:
    """Read the first of children that may repeat; the others are left unread."""

    def put(reading: Reading, child: Element, path: str, values: Values) -> None:
        if values.get(name) is None:
            values[name] = read(reading, child, path)
        else:
            reading.skip(child, path)

    return put


def many(name: str, read: ReadChild) -> Put:
    """Collect a child that may repeat; one that reads as None is not collected."""

    def put(reading: Reading, child: Element, path: str, values: Values) -> None:
        value = read(reading, child, path)
        if value is not None:
            values.setdefault(name, []).append(value)

    return put


def numbered(name: str, read: ReadNumbered) -> Put:
    """Collect a child that is counted from 1 in document order."""

    def put(reading: Reading, child: Element, path: str, values: Values) -> None:
        collected = values.setdefault(name, [])
        collected.append(read(reading, child, path, len(collected) + 1))

    return put


def into(shape: Shape) -> Put:
    """Read a child's content into the same values, because no record of its own stands for it."""

    def put(reading: Reading, child: Element, path: str, values: Values) -> None:
        fill(reading, child, shape, path, values)

    return put


def fill(reading: Reading, element: Element, shape: Shape, path: str, values: Values) -> None:
    """Visit an element's attributes and children once and put what they hold into `values`."""
    own = f"{path}/{element.tag}"
    for name in reading.attributes(element):
        known = shape.attributes.get(name) or _misspelt(reading, element, shape, name)
        if known is None:
            reading.leave(f"{own}/{attribute_step(name)}")
        else:
            values[known[0]] = known[1](reading, element, name)
    mixed = element.text is not None
    for child in element:
        mixed = mixed or child.tail is not None
        put = shape.children.get(child.tag)
        if put is None:
            reading.skip(child, own)
        else:
            put(reading, child, own, values)
    if mixed:
        reading.stray(element, own)


def _misspelt(reading: Reading, element: Element, shape: Shape, name: str) -> tuple[str, ReadAttribute] | None:
    folded = name.casefold()
    for spelling, known in shape.attributes.items():
        if spelling.casefold() == folded and element.get(spelling) is None:
            reading.note(element, attribute_step(name), f"read as {spelling}")
            return known
    return None


def _drop_blank(element: Element) -> bool:
    """Drop white space between an element's children, and tell whether the element has text of its own.

    The parser drops most of it; what it keeps depends on where its buffers end, and must not reach the body's hash.
    """
    has_children = len(element) > 0
    text = element.text
    has_text = text is not None and bool(text.strip(XML_SPACE))
    if has_children and not has_text:
        element.text = None
    for child in element:
        tail = child.tail
        if tail is not None and tail.strip(XML_SPACE):
            has_text = True
        else:
            child.tail = None
    return has_text
