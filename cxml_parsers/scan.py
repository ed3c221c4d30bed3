"""One document on its way through the readers: its pieces, and what is worth saying about it.

A piece is what stands between two `<`: a tag and the text behind it, as libxml2 wrote the parsed document back. In
that writing nothing is left to chance (no comments, CDATA, processing instructions or DOCTYPE, double quotes, one
blank between attributes, `<` and `>` escaped), so that cutting it at `<` and `>` is exact. Which pieces belong where is
said by the shapes of `shapes`; how single values are read is in `leaves`.
"""

import re
from bisect import bisect_left
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple, NoReturn

from lxml import etree

from cxml_parsers.keeping import keep
from cxml_parsers.places import Element, attribute_step, place_of, step_of
from punchout.model.codes import Code
from punchout.model.documents import Note
from punchout.model.making import maker
from punchout.model.moments import Clock
from punchout.model.unreadable import Refused, Unreadable

MOST_ATTRIBUTES = 64
XML_SPACE = " \t\r\n"
_DEEPEST = 64
_MOST_UNREAD = 2000
_MOST_NOTES = 200
# From here on it pays to number all elements.
_FEW = 3
_ATTRIBUTE = re.compile(r' ([^ =]+)="([^"]*)"')
_REFERENCE = re.compile(r"&(#x[0-9A-Fa-f]+|#[0-9]+|[a-z]+);")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}
PARENT = ".."


@dataclass(frozen=True, slots=True)
class Head:
    """The tag of a piece.

    Attributes:
        text: the piece up to its `>`, without it.
        tag: the element's name with its prefix.
        attributes: names and values, declarations of namespaces left out.
        is_empty: the element ends here.
    """

    text: str
    tag: str
    attributes: tuple[tuple[str, str], ...]
    is_empty: bool


_HEADS: dict[str, Head] = {}
"""Tags that were taken apart before: a sender's are the same in every document."""


class _Left(NamedTuple):
    """An element that nothing reads: its path, those of its attributes, and its tag in usual order where it is not."""

    own: str
    attributes: tuple[str, ...]
    reordered: str | None
    is_empty: bool


_LEFT: dict[str, _Left] = {}
"""Elements that were left unread before, by the path around them and their tag."""


_note = maker(Note)


class Scan:
    """What is known while one document is read.

    Attributes:
        pieces: the document, from the root's tag on.
        clock: how its times are read.
        unread: paths without ordinals of what no field holds; a tuple stands for its members.
        noted: how many notes there are.
        repairs: the repairs that were applied to times.
        absent: (identity of a record's values, field) of what is there and empty, so that it is not called missing too.
        has_blanks: the parser left white space somewhere between elements.
        reordered: pieces whose attributes stand in another order than usual, with the head in usual order.
        wrapper: a piece with its element, in which most others stand.
    """

    __slots__ = (
        "_looked_up", "_noted", "_openings", "_places", "_refused", "absent", "clock", "has_blanks", "left_out",
        "noted", "pieces", "reordered", "repairs", "root", "text", "unread", "wrapper",
    )  # fmt: skip

    def __init__(self, root: Element, clock: Clock) -> None:
        """Write the document back and cut it."""
        self.root = root
        self.text: str = etree.tostring(root, encoding="unicode", with_tail=False)
        self.pieces = self.text.split("<")
        del self.pieces[0]
        self.clock = clock
        self.wrapper = 0, root
        self.start()

    def start(self) -> None:
        """Forget what was said."""
        self.unread: set[str | tuple[str, ...]] = set()
        self.repairs: set[str] = set()
        self.absent: set[tuple[int, int]] = set()
        self.reordered: dict[int, str] = {}
        self.left_out = self.noted = 0
        self.has_blanks = False
        self._looked_up = 0
        self._places: dict[int, str] = {}
        self._refused: list[Note] = []
        self._noted: list[tuple[int, str | None, str, Code]] = []
        self._openings: tuple[list[Element], list[int]] | None = None

    def note(self, index: int, place: str | None, detail: str, code: Code = Code.STRUCT_DEVIATION) -> None:
        """Say that the element of a piece deviates and was read anyway.

        `place` is below it: `@name` for an attribute, or what is missing; `..` is the element around it.
        """
        self.noted += 1
        if len(self._noted) < _MOST_NOTES:
            self._noted.append((index, place, detail, code))
        else:
            self.left_out += 1

    def stray(self, index: int, path: str, place: str | None = None) -> None:
        """Report text between the children of an element that should hold none, once an element."""
        if path not in self.unread:
            self.note(index, place, "text where only elements belong")
            self.leave(path)

    def refuse(self, index: int, place: str | None, error: Unreadable) -> NoReturn:
        """End the reading because a value that is needed cannot be read; `place` as in `note`."""
        raise Refused(error.code, self.place(index, place), error.detail)

    def forget(self, values: object) -> None:
        """Forget what was absent from a record's values: another's may come to stand where these stood."""
        self.absent = {each for each in self.absent if each[0] != id(values)}

    def leave(self, path: str | tuple[str, ...]) -> None:
        """Remember a path that nothing reads, or several; beyond a bound no more are kept."""
        if len(self.unread) < _MOST_UNREAD:
            self.unread.add(path)

    def noted_pieces(self) -> tuple[tuple[int, str | None, str, Code], ...]:
        """Return the notes by piece and place below it."""
        return tuple(self._noted)

    def beside(self) -> "Scan":
        """Return a scan of the same document that collects for itself."""
        made = Scan.__new__(Scan)
        made.root, made.text, made.pieces, made.clock = self.root, self.text, self.pieces, self.clock
        made.wrapper = self.wrapper
        made.start()
        return made

    def remember(self, problem: Refused) -> None:
        """Note what a document would be refused for if its kind were processed."""
        self._refused.append(Note(problem.code, problem.where or "", problem.detail))

    def notes(self) -> tuple[Note, ...]:
        """Return the notes with their places, in the order they were met."""
        if not self._noted and not self._refused:
            return ()
        noted = [_note(code, self.place(index, place), detail) for index, place, detail, code in self._noted]
        notes = (*noted, *self._refused)
        if not self.left_out:
            return notes
        return (*notes, Note(Code.STRUCT_DEVIATION, "/cXML", f"{self.left_out} further notes are left out"))

    def unread_paths(self) -> tuple[str, ...]:
        """Return the unread paths in order, up to a bound."""
        paths: set[str] = set()
        for path in self.unread:
            if type(path) is str:
                paths.add(path)
            else:
                paths.update(path)
        return tuple(sorted(paths)[:_MOST_UNREAD])

    def place(self, index: int, below: str | None) -> str:
        """Return the path, with ordinals, of the element that a piece opens."""
        if index == 0:
            return "/cXML" if below is None else f"/cXML/{below}"
        if below == PARENT:
            element = self.element(index)
            parent = element.getparent()
            return place_of(element if parent is None else parent)
        path = self._places.get(index)
        if path is None:
            path = self._places[index] = place_of(self.element(index))
        return path if below is None else f"{path}/{below}"

    def element(self, index: int) -> Element:
        """Return the element that a piece opens: as many elements stand before it as pieces that open one."""
        self._looked_up += 1
        if self._looked_up <= _FEW:
            start, first = (0, self.root) if index < self.wrapper[0] else self.wrapper
            before = sum([piece[0] != "/" for piece in self.pieces[start:index]])
            found = next(islice(first.iter(), before, None), None)
            if found is not None:
                return found
        if self._openings is None:
            openings = [at for at, piece in enumerate(self.pieces) if piece[0] != "/"]
            self._openings = list(self.root.iter()), openings
        elements, openings = self._openings
        return elements[bisect_left(openings, index)]

    def head(self, index: int) -> Head:
        """Take the tag of an opening piece apart.

        Raises:
            Refused: it has more attributes than any sound document.
        """
        text = self.pieces[index].partition(">")[0]
        known = _HEADS.get(text)
        if known is not None:
            return known
        is_empty = text[-1] == "/"
        tag, blank, rest = (text[:-1] if is_empty else text).partition(" ")
        stated = _ATTRIBUTE.findall(blank + rest)
        if len(stated) > MOST_ATTRIBUTES:
            detail = f"more than {MOST_ATTRIBUTES} attributes"
            raise Refused(Code.XML_REJECTED, self.place(index, None), detail)
        attributes = tuple((name, unescaped(value)) for name, value in stated if not name.startswith("xmlns"))
        head = Head(text, tag, attributes, is_empty)
        keep(_HEADS, text, head)
        return head

    def skip(self, index: int, path: str, depth: int = 0) -> int:
        """Remember everything in an element below `path` that has text, and every attribute, as unread.

        Returns:
            The index behind the element's end.
        """
        left = _LEFT.get(f"{path}<{self.pieces[index].partition('>')[0]}") or self._learn_left(index, path)
        own = left.own
        if left.attributes:
            self.leave(left.attributes)
        if left.reordered is not None:
            self.reordered[index] = left.reordered
        has_text = False
        index += 1
        while not left.is_empty:
            # At first the element's own text, then what stands behind each child.
            has_text = self._is_text(index - 1) or has_text
            if self.pieces[index][0] == "/":
                index += 1
                break
            if depth == _DEEPEST:
                detail = f"nested deeper than {_DEEPEST} elements"
                raise Refused(Code.XML_REJECTED, self.place(index, None), detail)
            index = self.skip(index, own, depth + 1)
        if has_text:
            self.leave(own)
        return index

    def _learn_left(self, index: int, path: str) -> "_Left":
        head = self.head(index)
        own = f"{path}/{step_of(head.tag)}"
        attributes = tuple(f"{own}/{attribute_step(name)}" for name, _ in head.attributes)
        left = _Left(own, attributes, None if self.in_order(index, head, ()) else self.reordered[index], head.is_empty)
        keep(_LEFT, f"{path}<{head.text}", left)
        return left

    def own_text(self, index: int, path: str) -> None:
        """Report text before the first child of an element that should hold none."""
        if self._is_text(index):
            self.stray(index, path)

    def tail(self, end: int, index: int, path: str) -> int:
        """Report text behind an element that `index` opens and that ends before `end`; `path` is the one around it.

        Returns:
            `end`.
        """
        if self._is_text(end - 1):
            self.stray(index, path, PARENT)
        return end

    def _is_text(self, index: int) -> bool:
        """Tell whether text stands behind the tag of a piece, and take notice of white space."""
        text = self.pieces[index].partition(">")[2]
        if text.strip(XML_SPACE):
            return True
        if text:
            self.has_blanks = True
        return False

    def leave_attributes(self, head: Head, own: str) -> None:
        """Remember the attributes of an element at `own` as unread."""
        for name, _ in head.attributes:
            self.leave(f"{own}/{attribute_step(name)}")

    def in_order(self, index: int, head: Head, usual: tuple[str, ...]) -> bool:
        """Tell whether the attributes stand in their usual order, others behind by name; remember it where not."""
        if len(head.attributes) < 2 and "xmlns" not in head.text:  # noqa: PLR2004 - one is always in order
            return True
        ordered = ordered_head(head, usual)
        if ordered == head.text:
            return True
        self.reordered[index] = ordered
        return False


def ordered_head(head: Head, usual: tuple[str, ...]) -> str:
    """Return the text of a head with its attributes in usual order and without declarations of namespaces."""
    stated = [each for each in _ATTRIBUTE.findall(head.text) if not each[0].startswith("xmlns")]
    stated.sort(key=lambda each: (usual.index(each[0]) if each[0] in usual else len(usual), each[0]))
    return head.tag + "".join(f' {name}="{value}"' for name, value in stated) + ("/" if head.is_empty else "")


def stated_attributes(head: Head) -> list[tuple[str, str]]:
    """Return all names and values of a tag as they are written, declarations of namespaces too."""
    return _ATTRIBUTE.findall(head.text)


def unescaped(text: str) -> str:
    """Return text or an attribute's value without the references that stand for characters."""
    return _REFERENCE.sub(_character, text) if "&" in text else text


def _character(found: re.Match[str]) -> str:
    name = found.group(1)
    if name[0] != "#":
        return _NAMED[name]
    return chr(int("0" + name[1:], 0) if name[1] == "x" else int(name[1:]))
