"""What text XML can hold. The XML library has the last word: it is asked about every character of the first plane."""

from lxml import etree

from punchout.model.text import unwritable


def test_a_character_is_unwritable_exactly_where_the_xml_library_refuses_it() -> None:
    element = etree.Element("Description")
    refused = set()
    for code in range(0x10000):
        try:
            element.text = chr(code)
        except ValueError:
            refused.add(code)
    assert {code for code in range(0x10000) if unwritable(chr(code))} == refused


def test_characters_beyond_the_first_plane_are_writable() -> None:
    assert unwritable("😀\U0010ffff") is None


def test_the_first_unwritable_character_is_named() -> None:
    assert unwritable("Pens\x0b\x00") == "U+000B"
