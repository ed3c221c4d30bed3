"""What becomes of a document as a whole: its verdict, its notes, what goes unread, and that reading never fails."""

import gc
import random
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxml_parsers.reader import KINDS, ReadingRules, read
from punchout.model.codes import Code
from punchout.model.documents import Confirmation, Invoice
from punchout.model.parsed import Parsed
from punchout.model.values import Credential
from tests.cxml_parsers.documents import (
    FULL_CART,
    FULL_CONFIRMATION,
    FULL_DOCUMENTS,
    FULL_INVOICE,
    FULL_RESPONSE,
    FULL_SHIP_NOTICE,
    confirmation,
    document,
    message,
)

CONFIRMATION = "/cXML/Request/ConfirmationRequest"
_SOUP = [
    b"<", b">", b"/", b'"', b"&", b"&#0;", b"&#x10FFFF;", b"<![CDATA[", b"]]>", b"<!--", b"-->", b"\x00", b"\xff",
    b"\xc3\xa9", b"ItemIn", b"Money", b"-", b"1e9", b" ", b"\n", b"<Extrinsic/>", b'xmlns="u"', b'xmlns:p="u"', b"p:",
    b"9999999999999", b"", b"<a>x</a>",
]  # fmt: skip


def notes(parsed: Parsed) -> list[tuple[str, str]]:
    return [(note.code, note.where) for note in parsed.notes]


@given(
    name=st.sampled_from(sorted(FULL_DOCUMENTS)),
    seed=st.integers(0, 2**32),
    edits=st.integers(1, 6),
)
def test_a_mutated_document_is_accepted_or_refused_and_never_an_error(name: str, seed: int, edits: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - not a secret
    data = FULL_DOCUMENTS[name]
    for _ in range(edits):
        start = chance.randrange(len(data))
        data = data[:start] + chance.choice(_SOUP) + data[start + chance.randrange(12) :]
    parsed = read(data)
    assert parsed.accepted == (parsed.body is not None)
    assert parsed.accepted == (parsed.reason is None)
    assert "s3cr3t" not in repr(parsed)
    # What was learned from it changes nothing about it.
    assert read(data) == parsed


@given(st.one_of(st.binary(max_size=200), st.text(max_size=200).map(lambda text: f"<cXML>{text}</cXML>".encode())))
def test_any_bytes_at_all_are_refused_and_never_an_error(data: bytes) -> None:
    assert read(data).reason in {Code.XML_REJECTED, Code.STRUCT_INVALID}


@pytest.mark.parametrize("name", FULL_DOCUMENTS)
def test_a_shared_secret_is_kept_nowhere(name: str) -> None:
    parsed = read(FULL_DOCUMENTS[name])
    assert parsed.accepted
    assert "s3cr3t" not in repr(parsed)


def test_every_credential_is_kept_in_order() -> None:
    envelope = read(FULL_CONFIRMATION).envelope
    assert envelope.sent_from == (Credential("DUNS", "128990368"), Credential("NetworkId", "Amazon"))
    assert envelope.sender == (Credential("NetworkId", "Amazon"),)
    assert (envelope.deployment_mode, envelope.version) == ("test", "1.2.071")


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ("<Request><ProfileRequest/></Request>", "ProfileRequest"),
        ("<Message><ProductActivityMessage>x</ProductActivityMessage></Message>", "ProductActivityMessage"),
        ('<Response><Status code="200" text="OK"/><GarbageResponse/></Response>', "GarbageResponse"),
    ],
)
def test_a_kind_that_is_not_processed_is_named_and_its_envelope_read(content: str, kind: str) -> None:
    parsed = read(document(content))
    assert (parsed.reason, parsed.envelope.kind, parsed.body) == (Code.DOC_UNSUPPORTED, kind, None)
    assert parsed.envelope.sent_to == (Credential("NetworkId", "ContosoPunchout"),)
    assert parsed.body_sha256 is not None


@pytest.mark.parametrize("name", FULL_DOCUMENTS)
def test_a_kind_that_the_feed_does_not_take_is_named_and_not_read(name: str) -> None:
    kind = read(FULL_DOCUMENTS[name]).envelope.kind
    parsed = read(FULL_DOCUMENTS[name], ReadingRules(kinds=KINDS - {str(kind)}))
    assert (parsed.reason, parsed.envelope.kind, parsed.body) == (Code.DOC_UNSUPPORTED, kind, None)
    assert read(FULL_DOCUMENTS[name], ReadingRules(kinds=frozenset({str(kind)}))).accepted


def test_a_document_without_header_is_refused() -> None:
    parsed = read(document("<Request><ConfirmationRequest/></Request>", header=""))
    assert (parsed.reason, parsed.where) == (Code.STRUCT_INVALID, "/cXML/Header")
    assert parsed.envelope.kind == "ConfirmationRequest"


@pytest.mark.parametrize("data", [b"<order/>", b"<cXML/>", document(""), document("<Request/>"), b"<cxml/>"])
def test_what_holds_no_cxml_document_has_no_kind(data: bytes) -> None:
    parsed = read(data)
    assert (parsed.reason, parsed.envelope.kind) == (Code.STRUCT_INVALID, None)


def test_a_refused_document_still_shows_its_envelope() -> None:
    parsed = read(confirmation(quantity="x"))
    assert parsed.envelope.payload_id == "1394568264055.1.2@amazon.example"
    assert len(parsed.envelope.sent_from) == 2
    assert (parsed.unread, parsed.body_sha256) == ((), None)


def test_names_in_a_namespace_of_their_own_are_read_all_the_same() -> None:
    spaced = FULL_CONFIRMATION.replace(b"<cXML ", b'<cXML xmlns="urn:cxml" ')
    assert read(spaced).body == read(FULL_CONFIRMATION).body
    assert read(spaced).body_sha256 == read(FULL_CONFIRMATION).body_sha256


@pytest.mark.parametrize(
    ("data", "missing"),
    [
        (FULL_CART.replace(b'<ItemIn quantity="2.5"', b"<ItemIn"), "/ItemIn[2]/@quantity"),
        (FULL_CONFIRMATION.replace(b' type="reject"', b"", 1), "/ConfirmationItem[1]/ConfirmationStatus[2]/@type"),
        (FULL_CONFIRMATION.replace(b'noticeDate="2026-03-02T10:00:00+00:00"', b""), "/ConfirmationHeader/@noticeDate"),
        (FULL_SHIP_NOTICE.replace(b'quantity="21"', b""), "/ShipNoticePortion[2]/ShipNoticeItem[1]/@quantity"),
        (FULL_INVOICE.replace(b'quantity="2"', b"", 1), "/InvoiceDetailOrder[1]/InvoiceDetailItem[2]/@quantity"),
        (FULL_INVOICE.replace(b"invoiceDate", b"date"), "/InvoiceDetailRequestHeader/@invoiceDate"),
        (FULL_RESPONSE.replace(b'code="200"', b""), "/cXML/Response/Status/@code"),
    ],
)
def test_a_missing_part_that_is_needed_refuses_the_document_and_names_its_place(data: bytes, missing: str) -> None:
    parsed = read(data)
    assert parsed.reason is Code.STRUCT_INVALID
    assert (parsed.where or "").endswith(missing)


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        (b'type="detail" operation', b'type="maybe" operation', f"{CONFIRMATION}/ConfirmationHeader/@type"),
        (b'operation="update"', b'operation="delete"', f"{CONFIRMATION}/ConfirmationHeader/@operation"),
        (b'type="reject"', b'type="maybe"', f"{CONFIRMATION}/ConfirmationItem[1]/ConfirmationStatus[2]/@type"),
        (b'lineNumber="2"', b'lineNumber="two"', f"{CONFIRMATION}/ConfirmationItem[2]/@lineNumber"),
        (b'lineNumber="2"', 'lineNumber="\u0662"'.encode(), f"{CONFIRMATION}/ConfirmationItem[2]/@lineNumber"),
    ],
)
def test_a_word_that_decides_something_must_be_known(old: bytes, new: bytes, place: str) -> None:
    parsed = read(FULL_CONFIRMATION.replace(old, new))
    assert (parsed.reason, parsed.where) == (Code.STRUCT_INVALID, place)


def test_a_word_in_other_letters_is_read_with_a_note() -> None:
    parsed = read(FULL_CONFIRMATION.replace(b'type="reject"', b'type="Reject"', 1))
    assert isinstance(parsed.body, Confirmation)
    assert parsed.body.items[0].statuses[1].type == "reject"
    place = f"{CONFIRMATION}/ConfirmationItem[1]/ConfirmationStatus[2]/@type"
    assert notes(parsed) == [(Code.STRUCT_DEVIATION, place)]


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        (b"<!DOCTYPE", b"<!-- DOCTYPE", "/cXML"),
        (b' payloadID="1394568264055.1.2@amazon.example"', b"", "/cXML/@payloadID"),
        (b' payloadID="1394568264055.1.2@amazon.example"', b' payloadID=""', "/cXML/@payloadID"),
        (b"@amazon.example", b"", "/cXML/@payloadID"),
        (b' timestamp="2026-03-02T10:00:00+00:00"', b"", "/cXML/@timestamp"),
        (b"<UserAgent>Amazon LLC eProcurement Application</UserAgent>", b"", "/cXML/Header/Sender/UserAgent"),
        (b"<Identity>128990368</Identity>", b"", "/cXML/Header/From/Credential[1]/Identity"),
        (b'deploymentMode="test"', b'deploymentMode="trial"', "/cXML/Request/@deploymentMode"),
        (b'lineNumber="1"', b"", f"{CONFIRMATION}/ConfirmationItem[1]/@lineNumber"),
        (b'quantity="3"', b'quantity=" 3 "', f"{CONFIRMATION}/ConfirmationItem[1]/@quantity"),
        (b'confirmID="111-1"', b'confirmID=""', f"{CONFIRMATION}/ConfirmationHeader/@confirmID"),
        (b'orderID="106001"', b'orderID=" 106001"', f"{CONFIRMATION}/OrderReference/@orderID"),
        (b"noticeDate", b"NoticeDate", f"{CONFIRMATION}/ConfirmationHeader/@NoticeDate"),
        (b"<ConfirmationItem ", b"stray<ConfirmationItem ", CONFIRMATION),
    ],
)
def test_a_deviation_that_can_be_read_is_noted_at_its_place(old: bytes, new: bytes, place: str) -> None:
    data = confirmation().replace(old, new, 1)
    if new == b"<!-- DOCTYPE":
        data = data.replace(b'.dtd">', b'.dtd" -->')
    parsed = read(data)
    assert parsed.accepted
    assert notes(parsed) == [(Code.STRUCT_DEVIATION, place)]


def test_an_envelope_timestamp_that_cannot_be_read_is_noted_and_stops_nothing() -> None:
    parsed = read(confirmation(timestamp="1999-03-12T18:39:09-08:00"))
    assert parsed.accepted
    assert parsed.envelope.timestamp is None
    assert notes(parsed) == [(Code.TS_INVALID, "/cXML/@timestamp")]


def test_an_indicator_that_says_no_is_noted_and_not_set() -> None:
    data = FULL_INVOICE.replace(b'isHeaderInvoice="yes"', b'isHeaderInvoice="no"').replace(
        b'isTaxInLine="yes"', b'isTaxInLine="no"'
    )
    parsed = read(data)
    assert isinstance(parsed.body, Invoice)
    assert not parsed.body.is_header_invoice
    assert [where.rpartition("/")[2] for _, where in notes(parsed)] == ["@isHeaderInvoice", "@isTaxInLine"]


def test_a_tax_without_description_is_noted() -> None:
    tax = '<Tax><Money currency="USD">1</Money></Tax>'
    assert [where.rpartition("/")[2] for _, where in notes(read(confirmation(item=tax)))] == ["Description"]


def test_a_secret_that_travelled_through_the_browser_is_noted() -> None:
    assert ("STRUCT_DEVIATION", "/cXML/Header/Sender/Credential/SharedSecret") in notes(read(FULL_CART))


def test_an_element_that_belongs_there_once_is_read_once() -> None:
    parsed = read(confirmation(price="", item="<UnitPrice><Money currency='USD'>1</Money></UnitPrice>" * 2))
    assert parsed.accepted
    assert f"{CONFIRMATION}/ConfirmationItem/ConfirmationStatus/UnitPrice/Money" in parsed.unread
    place = f"{CONFIRMATION}/ConfirmationItem[1]/ConfirmationStatus[1]/UnitPrice[2]"
    assert notes(parsed) == [(Code.STRUCT_DEVIATION, place)]


def test_characters_that_cannot_be_seen_in_an_id_are_noted_and_kept() -> None:
    parsed = read(confirmation().replace(b'orderID="106001"', 'orderID="PO1\u200b"'.encode()))
    assert isinstance(parsed.body, Confirmation)
    assert parsed.body.order.order_id == "PO1\u200b"
    assert notes(parsed) == [(Code.CHARSET_SUSPECT, f"{CONFIRMATION}/OrderReference/@orderID")]


def test_notes_of_a_document_are_bounded_and_say_so() -> None:
    items = '<ItemIn quantity="1"/>' * 100
    parsed = read(message(f"<PunchOutOrderMessage>{items}</PunchOutOrderMessage>"))
    assert len(parsed.notes) == 201
    assert parsed.notes[-1].detail.endswith("further notes are left out")


def test_unread_paths_of_a_document_are_bounded() -> None:
    strange = "".join(f'<X{n} a="1">t</X{n}>' for n in range(5000))
    parsed = read(message(f"<PunchOutOrderMessage>{strange}</PunchOutOrderMessage>"))
    assert parsed.accepted
    assert 2000 <= len(parsed.unread) <= 4000


def test_unread_attributes_of_lines_are_bounded_too() -> None:
    lines = "".join(f'<ItemIn quantity="1" a{n}="1" b{n}="1"/>' for n in range(3000))
    parsed = read(message(f"<PunchOutOrderMessage><BuyerCookie>x</BuyerCookie>{lines}</PunchOutOrderMessage>"))
    assert parsed.accepted
    assert len(parsed.unread) == 2000


def test_long_tags_are_not_kept_when_their_document_is_gone() -> None:
    def cart(n: int) -> bytes:
        long = f"{n}{'x' * 50_000}"
        tags = f'<Description xml:lang="{long}">x</Description><Extrinsic name="{long}">x</Extrinsic>'
        line = f'<ItemIn quantity="1" itemType="{long}"><ItemDetail>{tags}</ItemDetail></ItemIn>'
        return message(f"<PunchOutOrderMessage><BuyerCookie>x</BuyerCookie>{line}</PunchOutOrderMessage>")

    read(cart(0))
    tracemalloc.start()
    for n in range(1, 41):
        read(cart(n))
    gc.collect()
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept < 1_000_000


def test_what_no_field_holds_is_unread_once_without_ordinals() -> None:
    contact = '<Contact role="x" addressID="7"><Name xml:lang="en">Ann</Name><Empty/></Contact>'
    parsed = read(confirmation(header=contact * 2))
    assert parsed.unread == (
        "/cXML/Header/Sender/Credential/SharedSecret",
        f"{CONFIRMATION}/ConfirmationHeader/Contact/@addressID",
        f"{CONFIRMATION}/ConfirmationHeader/Contact/@role",
        f"{CONFIRMATION}/ConfirmationHeader/Contact/Name",
        f"{CONFIRMATION}/ConfirmationHeader/Contact/Name/@xml:lang",
    )


def test_the_full_documents_leave_only_what_is_known_to_go_unread() -> None:
    unread = {path.rpartition("/")[2] for data in FULL_DOCUMENTS.values() for path in read(data).unread}
    assert unread == {"SharedSecret", "Description", "@xml:lang"}


def test_every_element_and_attribute_added_anywhere_is_read_or_unread() -> None:
    for data in FULL_DOCUMENTS.values():
        for place in (
            b"</Status>",
            b"</ConfirmationHeader>",
            b"</ShipControl>",
            b"</InvoiceDetailItem>",
            b"</ItemDetail>",
        ):
            if place in data:
                parsed = read(data.replace(place, b'<New kept="no">text</New>' + place, 1))
                assert [
                    path for path in parsed.unread if path.endswith(("/New", "/New/@kept"))
                ] or place == b"</Status>"


def test_the_size_of_a_document_is_a_rule_of_its_feed() -> None:
    assert not read(FULL_CART, ReadingRules(max_bytes=100)).accepted
