"""Who hands a document in is told from its Sender alone, after the guard has let it be parsed."""

import hashlib

import pytest

from cxml_parsers import guard
from cxml_parsers.senders import HandedIn, Presented, handed_in, head_of, secret_sha256
from punchout.model.unreadable import Refused
from punchout.model.values import Credential
from tests.support.purchases import SECRET
from tests.support.stories import FIRST, TAKEN_BY_SUPPLIER, confirmed

CONFIRMED = confirmed()
MOST = 1_000_000
AMAZON = Credential("NetworkId", "Amazon")


def outside(data: bytes) -> HandedIn:
    return handed_in(data, MOST)


def test_kind_payload_id_and_sender_are_told_before_anything_is_read() -> None:
    found = outside(CONFIRMED.data)
    assert (found.kind, found.payload_id) == (
        "ConfirmationRequest",
        "PR0001-confirmation-111-PR0001-new@amazon.example",
    )
    assert found.senders == (Presented(AMAZON, hashlib.sha256(SECRET.encode()).digest()),)


@pytest.mark.parametrize(
    ("sent", "kind"),
    [(FIRST.cart(), "PunchOutOrderMessage"), (TAKEN_BY_SUPPLIER, "Response"), (CONFIRMED, "ConfirmationRequest")],
)
def test_the_kind_is_that_of_the_request_message_or_response(sent: object, kind: str) -> None:
    assert outside(sent.data).kind == kind  # type: ignore[attr-defined]  # a delivery each


@pytest.mark.parametrize(
    "data", [b"<x/>", b"<cXML/>", b"<cXML><Request/></cXML>", b"<cXML><Header><Sender/></Header></cXML>"]
)
def test_what_names_nobody_is_handed_in_by_nobody(data: bytes) -> None:
    assert outside(data).senders == ()


def test_blanks_around_a_secret_do_not_count_and_those_inside_do() -> None:
    pretty = CONFIRMED.saying(f">\n      {SECRET}\n    </", f">{SECRET}</")
    assert outside(pretty.data).senders == outside(CONFIRMED.data).senders
    assert secret_sha256(b"a b") != secret_sha256(b"ab")


def test_a_secret_may_stand_in_a_cdata_section_or_be_escaped() -> None:
    odd = "a<b&c"
    written = (f"<![CDATA[{odd}]]>", "a&lt;b&amp;c", "<!-- -->a&lt;b&amp;c")
    found = {outside(CONFIRMED.saying(f">{one}</", f">{SECRET}</").data).senders[0].secret_sha256 for one in written}
    assert found == {secret_sha256(odd.encode())}


def test_two_secrets_are_none() -> None:
    twice = CONFIRMED.saying(f"{SECRET}</SharedSecret><SharedSecret>{SECRET}", SECRET)
    assert outside(twice.data).senders == (Presented(AMAZON, None),)


def test_a_second_header_or_sender_adds_nothing() -> None:
    header = '<Header><Sender><Credential domain="NetworkId"><Identity>Other</Identity></Credential></Sender></Header>'
    twice = CONFIRMED.saying(f"</Header>{header}", "</Header>")
    assert outside(twice.data).senders == outside(CONFIRMED.data).senders


def test_what_the_guard_refuses_is_not_looked_into() -> None:
    bomb = CONFIRMED.saying(
        '<!DOCTYPE cXML [<!ENTITY a "b">]>',
        '<!DOCTYPE cXML SYSTEM "http://xml.cxml.org/schemas/cXML/1.2.071/cXML.dtd">',
    )
    with pytest.raises(Refused, match="entities of its own"):
        outside(bomb.data)
    with pytest.raises(Refused, match="larger than 10 bytes"):
        handed_in(CONFIRMED.data, 10)


def test_nothing_that_is_told_shows_the_secret() -> None:
    assert SECRET not in repr(outside(CONFIRMED.data))


LARGE = CONFIRMED.saying(f"<Comments>{'x' * 300_000}</Comments></ConfirmationHeader>", "</ConfirmationHeader>")


def test_of_a_large_document_the_head_alone_tells_who_hands_it_in(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[int] = []
    parse = guard.parse

    def noted(data: bytes, max_bytes: int) -> guard.Document:
        parsed.append(len(data))
        return parse(data, max_bytes)

    monkeypatch.setattr(guard, "parse", noted)
    head = head_of(LARGE.data, MOST)
    assert head is not None
    assert (head.senders, head.payload_id) == (
        outside(CONFIRMED.data).senders,
        "PR0001-confirmation-111-PR0001-new@amazon.example",
    )
    assert parsed[0] < 2_000


def test_a_small_document_is_looked_at_as_it_is() -> None:
    assert head_of(CONFIRMED.data, MOST) is None


@pytest.mark.parametrize(
    "data", [b"<cXML>" + b"<a/>" * 100_000, b"\x00" * 300_000, LARGE.data.replace(b"Header>", b"Head>")]
)
def test_a_large_document_that_does_not_begin_with_its_header_is_refused(data: bytes) -> None:
    with pytest.raises(Refused, match="does not begin with its Header"):
        head_of(data, MOST)
