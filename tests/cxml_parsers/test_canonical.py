"""The same content is the same body, however it is written; another value is another body."""

import re
from zoneinfo import ZoneInfo

import pytest
from lxml import etree

from cxml_parsers.reader import ReadingRules, read
from tests.cxml_parsers.documents import FULL_DOCUMENTS, confirmation

# Where the element begins that the hash covers: what stands before it is envelope.
_STARTS = (b"</Header>", b"<Response>", b"<PunchOutOrderMessage>", b"<PunchOutSetupResponse>", b"<ProfileResponse ")


def sha(data: bytes, rules: ReadingRules | None = None) -> str:
    parsed = read(data, rules or ReadingRules())
    assert parsed.accepted
    assert parsed.body_sha256 is not None
    return parsed.body_sha256


def indented(data: bytes) -> bytes:
    root = etree.fromstring(data)
    etree.indent(root, space="\t")
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


@pytest.mark.parametrize("name", FULL_DOCUMENTS)
def test_indenting_and_encoding_leave_the_body_alone(name: str) -> None:
    data = FULL_DOCUMENTS[name]
    assert sha(indented(data)) == sha(data)
    wide = etree.tostring(etree.fromstring(indented(data)), encoding="UTF-16")
    assert isinstance(wide, bytes)
    assert sha(wide) == sha(data)
    assert sha(indented(data).replace(b"\n", b"\r\n\r\n" + b" " * 500)) == sha(data)


@pytest.mark.parametrize("name", FULL_DOCUMENTS)
def test_comments_and_the_order_of_attributes_leave_the_body_alone(name: str) -> None:
    data = FULL_DOCUMENTS[name]
    assert sha(data.replace(b"><", b"> <!-- x --> <")) == sha(data)
    swapped = re.sub(rb'(\w+="[^"]*") (\w+="[^"]*")>', rb"\2 \1>", data)
    assert swapped != data
    assert sha(swapped) == sha(data)


@pytest.mark.parametrize("name", ["cart", "confirmation", "ship notice", "invoice"])
def test_another_envelope_leaves_the_body_alone(name: str) -> None:
    data = FULL_DOCUMENTS[name]
    other = data.replace(b"1394568264055.1.2@amazon.example", b"again@amazon.example")
    other = other.replace(b'timestamp="2026-03-02', b'timestamp="2026-03-09').replace(b"Amazon LLC", b"Somebody")
    assert other != data
    assert sha(other) == sha(data)


@pytest.mark.parametrize("name", FULL_DOCUMENTS)
def test_every_value_that_differs_makes_another_body(name: str) -> None:
    data = FULL_DOCUMENTS[name]
    body = max(data.find(start) for start in _STARTS)
    values = [found.span(1) for found in re.finditer(rb'[">]([\w.:+ -]*\d[\w.:+ -]*)["<]', data[body:])]
    assert len(values) > (10 if name in ("cart", "order", "confirmation", "ship notice", "invoice") else 0)
    for start, end in values:
        last = body + end - 1
        digit = b"2" if data[last : last + 1] != b"2" else b"1"
        changed = read(data[:last] + digit + data[last + 1 :])
        assert changed.body_sha256 != sha(data), data[body + start : body + end]


def test_white_space_inside_a_value_is_part_of_it() -> None:
    first, second = (confirmation(header=f"<Comments>a{space}b</Comments>") for space in (" ", "  "))
    assert sha(first) != sha(second)


def test_white_space_in_mixed_content_is_no_part_of_the_body() -> None:
    tight = confirmation(header="<Contact><Name>a<b/><c/></Name></Contact>")
    loose = confirmation(header="<Contact> <Name>a<b/> <c/> </Name> </Contact>")
    assert sha(loose) == sha(tight)


def test_the_offset_that_was_applied_is_part_of_the_body() -> None:
    suspect = "2014-03-11T13:04:24+13:04"
    repeats = "2014-03-14T03:00:00+03:00"
    pacific = confirmation(notice=repeats, timestamp=suspect, payload_id="1394568264055.1@x")
    utc = confirmation(notice=repeats, timestamp=suspect, payload_id="1394543064055.1@x")
    assert sha(pacific) != sha(utc)
    sound = confirmation(notice="2014-03-14T03:00:00-07:00", timestamp=suspect, payload_id="1394568264055.1@x")
    same = confirmation(notice="2014-03-14T03:00:00-07:00")
    assert sha(sound) == sha(same)


def test_the_zone_of_a_time_without_offset_is_part_of_the_body() -> None:
    pacific = ReadingRules(naive_zone=ZoneInfo("America/Los_Angeles"))
    naive, stated = confirmation(notice="2026-03-02T10:00:00"), confirmation()
    assert sha(naive, pacific) != sha(naive)
    assert sha(stated, pacific) == sha(stated)


def test_a_namespace_that_canonical_xml_does_not_know_still_gives_a_hash() -> None:
    data = confirmation(header='<x:New xmlns:x="relative">1</x:New>')
    assert sha(data) == sha(data.replace(b"1394568264055", b"1394568264056"))
