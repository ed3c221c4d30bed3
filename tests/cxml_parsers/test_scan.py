"""Cutting libxml2's own writing at `<` and `>` finds exactly the elements, attributes and texts of its tree."""

import random
from datetime import UTC
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from cxml_parsers.guard import parse
from cxml_parsers.scan import Scan, unescaped
from punchout.model.moments import Clock
from punchout.model.unreadable import Refused
from tests.cxml_parsers.documents import FULL_DOCUMENTS

_TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc"), include_characters="\t\n\r<>&\"'"), max_size=12)


def assert_cut_as_parsed(data: bytes) -> None:
    root = parse(data, 10**8).root
    scan = Scan(root, Clock(UTC))
    openings = [at for at, piece in enumerate(scan.pieces) if piece[0] != "/"]
    elements = list(root.iter())
    assert len(openings) == len(elements)
    for at, element in zip(openings, elements, strict=True):
        head = scan.head(at)
        local = etree.QName(element).localname
        assert head.tag == (f"{element.prefix}:{local}" if element.prefix else local)
        assert [value for _, value in head.attributes] == [element.get(name) for name in element.keys()]  # noqa: SIM118 - `attrib` as a mapping costs a square
        text = scan.pieces[at].partition(">")[2]
        assert unescaped(text) == ((element.tail if head.is_empty else element.text) or "")
        assert scan.element(at) is element


@pytest.mark.parametrize("name", FULL_DOCUMENTS)
def test_the_pieces_of_a_full_document_are_its_elements(name: str) -> None:
    assert_cut_as_parsed(FULL_DOCUMENTS[name])


def test_the_pieces_of_other_peoples_documents_are_their_elements(test_data: Path) -> None:
    cut = 0
    for path in sorted((test_data / "corpus").rglob("*.xml")):
        try:
            parse(path.read_bytes(), 10**8)
        except Refused:
            continue
        assert_cut_as_parsed(path.read_bytes())
        cut += 1
    assert cut > 90


@given(_TEXT, _TEXT, _TEXT, st.booleans())
def test_no_text_and_no_value_is_cut_in_the_wrong_place(value: str, text: str, tail: str, has_child: bool) -> None:  # noqa: FBT001
    root = etree.Element("cXML", {"a": value, "b": ">"})
    root.text = text
    child = etree.SubElement(root, "x", {"c": value})
    child.tail = tail
    if has_child:
        child.text = text
    assert_cut_as_parsed(etree.tostring(root, encoding="UTF-8"))


@given(st.integers(0, 2**32))
def test_comments_cdata_and_processing_instructions_leave_no_piece(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - not a secret
    data = FULL_DOCUMENTS["cart"]
    for _ in range(4):
        at = data.index(b">", chance.randrange(500, len(data) - 200)) + 1
        data = (
            data[:at]
            + chance.choice([b"<!-- < > -->", b"<?p < > ?>", b"<![CDATA[<a b='c'>]]>", b"&#60;&gt;"])
            + data[at:]
        )
    assert_cut_as_parsed(data)
