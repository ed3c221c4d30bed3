"""Text with a name or a type, and text that must not be cut: Comments, Extrinsics, descriptions, auxiliary part ids."""

import re
from collections.abc import Callable
from typing import Any, Final

from lxml import etree

from cxml_parsers import leaves
from cxml_parsers.leaves import Read
from cxml_parsers.places import step_of
from cxml_parsers.rules import Leaf
from cxml_parsers.scan import XML_SPACE, Head, Scan, unescaped
from cxml_parsers.shapes import Site
from punchout.model.codes import Code
from punchout.model.making import maker
from punchout.model.unreadable import Unreadable
from punchout.model.values import Comment, Extrinsic

# The supplier's codes, which stand inside localised prose.
_ERROR_CODE = re.compile(r"(?<!\d)\d{3}-\d{3}(?!\d)", re.ASCII)
_comment, _extrinsic = maker(Comment), maker(Extrinsic)


def whole_text(scan: Scan, index: int, path: str) -> tuple[str | None, int]:
    """Read all text of an element and of what stands inside it, so that nothing is cut; None where blank."""
    scan.note(index, None, "elements stand inside the text; all of their text was read")
    pieces, depth, at = scan.pieces, 0, index
    said: list[str] = []
    while True:
        piece = pieces[at]
        if piece[0] == "/":
            depth -= 1
        else:
            head = scan.head(at)
            scan.in_order(at, head, ())
            if at != index:
                scan.leave_attributes(head, f"{path}/{step_of(head.tag)}")
            depth += not head.is_empty
        at += 1
        if depth == 0:
            return " ".join(unescaped("".join(said)).split()) or None, at
        said.append(piece.partition(">")[2])


def prose_inside(scan: Scan, index: int, site: Site, _head: Head, _read: Read) -> tuple[Any, int]:
    """Read all text of a leaf that holds elements."""
    return whole_text(scan, index, site.path)


def _comment_reader(_site: Site, head: Head) -> Read:
    kind = dict(head.attributes).get("type")

    def read(scan: Scan, index: int, place: str | None, text: str) -> Comment | None:
        value = text.strip(XML_SPACE) or leaves.string(scan, index, place, text)
        return None if value is None else _comment(kind, value)

    return read


def _comment_inside(scan: Scan, index: int, site: Site, head: Head, _read: Read) -> tuple[Any, int]:
    kind = dict(head.attributes).get("type")
    if kind == "confirmID":
        # An identifier, unlike other comments: an element inside would cut it.
        inner = scan.head(index + 1).tag
        detail = f"an element stands inside the text: {inner[:60]}"
        scan.refuse(index, None, Unreadable(Code.STRUCT_INVALID, detail))
    value, end = whole_text(scan, index, site.path)
    return None if value is None else Comment(kind, value), end


def _description_inside(scan: Scan, index: int, site: Site, _head: Head, _read: Read) -> tuple[Any, int]:
    """Read `Description`: its own text without the `ShortName` inside, or that where there is nothing else."""
    own, names, at = [scan.pieces[index].partition(">")[2]], [], index + 1
    while scan.pieces[at][0] != "/":
        head = scan.head(at)
        is_leaf = head.is_empty or scan.pieces[at + 1] == "/ShortName>" or scan.pieces[at + 1][:11] == "/ShortName>"
        if head.tag != "ShortName" or not is_leaf:
            return whole_text(scan, index, site.path)
        names.append(at)
        at += 1 if head.is_empty else 2
        own.append(scan.pieces[at - 1].partition(">")[2])
    stated = unescaped(" ".join(own)).strip()
    for name in names if stated else names[1:]:
        scan.skip(name, site.path)
    if stated:
        return stated, at + 1
    head = scan.head(names[0])
    scan.leave_attributes(head, f"{site.path}/ShortName")
    return leaves.string(scan, names[0], None, unescaped(scan.pieces[names[0]].partition(">")[2])), at + 1


def _extrinsic_reader(site: Site, head: Head) -> Read:
    name = dict(head.attributes).get("name")

    def read(scan: Scan, index: int, place: str | None, text: str) -> Extrinsic | None:
        if not name:
            scan.note(index, place, "has no name")
            scan.skip(index, site.around)
            return None
        # Without a value it is kept all the same, because it must go back.
        value: Extrinsic = _extrinsic(name, text)
        return value

    return read


def _extrinsic_inside(scan: Scan, index: int, site: Site, head: Head, _read: Read) -> tuple[Any, int]:
    name = dict(head.attributes).get("name")
    scan.note(index, None, "holds elements, left unread" if name else "has no name")
    return None, scan.skip(index, site.around)


def auxiliary_id(scan: Scan, index: int, place: str | None, text: str) -> str | None:
    """Read `SupplierPartAuxiliaryID` to the letter."""
    if not text.strip():
        scan.note(index, place, "empty, read as absent")
        return None
    return text


def auxiliary_id_inside(scan: Scan, index: int, site: Site, _head: Head, _read: Read) -> tuple[Any, int]:
    """Read `SupplierPartAuxiliaryID` verbatim: it must go back unchanged, and the DTD lets it hold elements."""
    at = index + 1
    while scan.pieces[at][0] != "/":
        at = scan.skip(at, site.path)
    element = scan.element(index)
    inner = "".join(etree.tostring(child, encoding="unicode") for child in element)
    return (element.text or "") + inner, at + 1


def comments(to: str = "comments") -> Leaf:
    """Read `Comments` with its type; a blank one is not collected. Attachments are left unread."""
    return Leaf(to, read_of=_comment_reader, known=("type",), may_repeat="many", inside=_comment_inside)


COMMENTS: Final = comments()
DESCRIPTION: Final = Leaf("description", may_repeat="first", inside=_description_inside)
EXTRINSICS: Final = Leaf(
    "extrinsics", read_of=_extrinsic_reader, known=("name",), may_repeat="many", inside=_extrinsic_inside
)
"""`Extrinsic` by its name; one that holds elements is left unread, because no text stands for it."""


def prose(to: str, may_repeat: str | None = None) -> Leaf:
    """Read text that decides nothing, and all text of what stands inside; that is noted and refuses no document."""
    return Leaf(to, may_repeat=may_repeat, inside=prose_inside)


def comment_of_type(comments: tuple[Comment, ...], kind: str) -> str | None:
    """Return the text of the first comment of a type, None without one. Types are compared without regard to case."""
    for each in comments:
        if each.type is not None and (each.type == kind or each.type.casefold() == kind.casefold()):
            return each.text
    return None


def text_of_type(kind: str) -> Callable[[tuple[Comment, ...]], str | None]:
    """Return what finds the text of the first comment of a type."""
    return lambda comments: comment_of_type(comments, kind)


def error_code_of_type(kind: str) -> Callable[[tuple[Comment, ...]], str | None]:
    """Return what finds the supplier's error code: the `NNN-NNN` in the comment's prose, else the whole comment."""

    def find(comments: tuple[Comment, ...]) -> str | None:
        stated = comment_of_type(comments, kind)
        found = None if stated is None else _ERROR_CODE.search(stated)
        return stated if found is None else found.group()

    return find
