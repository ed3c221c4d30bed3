"""How a child of an element is read: as text, as values of the record around it, as a record, or as many.

Each rule learns a tag when it meets it and returns what is to be done with it from then on. Rules for single elements
of cXML are beside what they read, in `amounts`, `prose` and `parts`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from cxml_parsers.attributes import Attributes, Values, attributes_of
from cxml_parsers.keeping import keep
from cxml_parsers.leaves import CLOCKED, Read, string
from cxml_parsers.scan import Head, Scan, unescaped
from cxml_parsers.shapes import Act, Shape, Site, again, inner_node, through
from punchout.model.codes import Code
from punchout.model.unreadable import Unreadable

_SHORT = 24


@dataclass(frozen=True, slots=True)
class Leaf:
    """A child that holds text.

    Attributes:
        to: the field it fills.
        read: how its text is read.
        read_of: in place of `read`, makes the reader from the tag.
        attributes: as in `Shape`.
        known: attributes that `read_of` takes.
        may_repeat: `many` collects them, `first` takes the first without a word; else a second one is noted.
        inside: how it is read where elements stand inside; without that the document is refused.
    """

    to: str
    read: Read = string
    read_of: Callable[[Site, Head], Read] | None = None
    attributes: Mapping[str, tuple[str, Read]] = field(default_factory=dict)
    known: tuple[str, ...] = ()
    may_repeat: str | None = None
    inside: "Inside | None" = None

    def learn(self, site: Site, scan: Scan, index: int, head: Head) -> tuple[Act, str | None]:
        """See `Rule`."""
        stated = attributes_of(scan, index, head, self.attributes, site, self.known)
        read = self.read if self.read_of is None else self.read_of(site, head)
        if self.may_repeat == "many":
            act = self._collecting(site, head, read, stated)
        else:
            act = self._taking(site, head, read, stated)
            if stated.is_lasting and not (head.is_empty or stated.reads):
                keep(site.home.leaves, head.text, (site.at[self.to], site.close, read, stated.unread))
        return act, "head" if stated.is_lasting and not head.is_empty else None

    def _collecting(self, site: Site, head: Head, read: Read, stated: Attributes) -> Act:
        position, start = site.at[self.to], len(head.text) + 1
        # An empty element has no end tag to look for.
        close = "" if head.is_empty else site.close
        comes_again = stated.is_silent and stated.is_lasting and read not in CLOCKED

        def act(scan: Scan, index: int, piece: str, values: Values) -> int:
            if scan.pieces[index + 1] == close:
                text, end, noted = piece[start:], index + 2, scan.noted
                value = read(scan, index, None, unescaped(text) if "&" in text else text)
                if comes_again and len(text) <= _SHORT and scan.noted == noted and value is not None:
                    keep(site.home.known, piece, _again(position, value, close, act))
            else:
                value, end = self._odd(site, head, read, scan, index)
            if value is not None:
                _collect(values, position, value)
            if not stated.is_silent:
                stated.put(scan, index, values)
            return end

        return act

    def _taking(self, site: Site, head: Head, read: Read, stated: Attributes) -> Act:
        position, start = site.at[self.to], len(head.text) + 1
        close = "" if head.is_empty else site.close

        def act(scan: Scan, index: int, piece: str, values: Values) -> int:
            if values[position] is not None or stated.filled(values):
                return again(site, scan, index, is_noted=self.may_repeat is None)
            if scan.pieces[index + 1] == close:
                text, end = piece[start:], index + 2
                value = read(scan, index, None, unescaped(text) if "&" in text else text)
            else:
                value, end = self._odd(site, head, read, scan, index)
            values[position] = value
            if value is None:
                scan.absent.add((id(values), position))
            if not stated.is_silent:
                stated.put(scan, index, values)
            return end

        return act

    def _odd(self, site: Site, head: Head, read: Read, scan: Scan, index: int) -> tuple[Any, int]:
        """Read one that is empty, has text behind it, or elements inside."""
        after = scan.pieces[index + 1] if not head.is_empty else ""
        if head.is_empty or after[0] == "/":
            end = index + (1 if head.is_empty else 2)
            scan.tail(end, index, site.around)
            text = "" if head.is_empty else scan.pieces[index].partition(">")[2]
            return read(scan, index, None, unescaped(text)), end
        if self.inside is None:
            inner = scan.head(index + 1).tag
            detail = f"an element stands inside the text: {inner[:60]}"
            scan.refuse(index, None, Unreadable(Code.STRUCT_INVALID, detail))
        value, end = self.inside(scan, index, site, head, read)
        scan.tail(end, index, site.around)
        return value, end


def _collect(values: Values, position: int, value: Any) -> None:  # noqa: ANN401 - any value
    collected = values[position]
    if collected is None:
        values[position] = [value]
    else:
        collected.append(value)


def _again(position: int, value: Any, close: str, otherwise: Act) -> Act:  # noqa: ANN401 - any value
    """Collect what a piece said before, unless more stands in it this time."""

    def act(scan: Scan, index: int, piece: str, values: Values) -> int:
        if scan.pieces[index + 1] != close:
            return otherwise(scan, index, piece, values)
        _collect(values, position, value)
        return index + 2

    return act


Inside: TypeAlias = Callable[[Scan, int, Site, Head, Read], tuple[Any, int]]
"""Reads a leaf that holds elements, and returns the index behind its end too."""


@dataclass(frozen=True, slots=True)
class Into:
    """A child whose values belong to the record around it.

    Attributes:
        shape: what it holds.
        remark: what is to be said where it stands.
        name: the field that its own name fills.
    """

    shape: Shape
    remark: str | None = None
    name: str | None = None

    def learn(self, site: Site, scan: Scan, index: int, head: Head) -> tuple[Act, str | None]:
        """See `Rule`."""
        node, is_plain = inner_node(site), self.remark is None and self.name is None
        stated = attributes_of(scan, index, head, self.shape.attributes, node)
        key = whole(head, scan, index)
        if key == "piece" and is_plain and not head.is_empty:
            return node.fill, key

        def act(scan: Scan, index: int, piece: str, values: Values) -> int:
            if not (is_plain or self._is_first(site, scan, index, head.tag, values)) or stated.filled(values):
                return again(site, scan, index)
            if stated.put(scan, index, values):
                keep(site.home.known, piece, act)
            if piece[-1] == ">" and piece[-2] != "/":
                return node.fill(scan, index, piece, values)
            return through(node, site, scan, index, values)

        return act, key

    def _is_first(self, site: Site, scan: Scan, index: int, tag: str, values: Values) -> bool:
        """Say that it stands here, and tell whether nothing before it did that fills the field of its name."""
        if self.name is not None:
            position = site.at[self.name]
            if values[position] is not None:
                return False
            values[position] = tag
        if self.remark is not None:
            scan.note(index, None, self.remark)
        return True


@dataclass(frozen=True, slots=True)
class One:
    """A child that becomes one record; a second one is noted and left unread."""

    to: str
    shape: Shape

    def learn(self, site: Site, scan: Scan, index: int, head: Head) -> tuple[Act, str | None]:
        """See `Rule`."""
        node, position = inner_node(site), site.at[self.to]
        stated = attributes_of(scan, index, head, self.shape.attributes, node)

        def act(scan: Scan, index: int, piece: str, values: Values) -> int:
            if values[position] is not None:
                return again(site, scan, index)
            made = node.blank.copy()
            if stated.put(scan, index, made):
                keep(site.home.known, piece, act)
            if piece[-1] == ">" and piece[-2] != "/":
                end = node.fill(scan, index, piece, made)
            else:
                end = through(node, site, scan, index, made)
            values[position] = node.finish(scan, index, made)
            return end

        return act, whole(head, scan, index)


@dataclass(frozen=True, slots=True)
class Many:
    """Children that become records; where those have an ordinal, it counts them from 1 in document order."""

    to: str
    shape: Shape

    def learn(self, site: Site, scan: Scan, index: int, head: Head) -> tuple[Act, str | None]:
        """See `Rule`."""
        node, position = inner_node(site), site.at[self.to]
        ordinal = node.at.get("ordinal")
        stated = attributes_of(scan, index, head, self.shape.attributes, node)

        def act(scan: Scan, index: int, piece: str, values: Values) -> int:
            made = node.blank.copy()
            if stated.put(scan, index, made):
                keep(site.home.known, piece, act)
            collected = values[position]
            if collected is None:
                collected = values[position] = []
            if ordinal is not None:
                made[ordinal] = len(collected) + 1
            if piece[-1] == ">" and piece[-2] != "/":
                end = node.fill(scan, index, piece, made)
            else:
                end = through(node, site, scan, index, made)
            collected.append(node.finish(scan, index, made))
            return end

        return act, whole(head, scan, index)


def whole(head: Head, scan: Scan, index: int) -> str | None:
    """Tell what a tag that opens an element is known by; text behind it must not go unseen."""
    if "xmlns" in head.text:
        return None
    return "names" if head.attributes or scan.pieces[index] != head.text + ">" else "piece"
