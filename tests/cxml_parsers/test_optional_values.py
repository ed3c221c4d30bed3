"""Values that decide no amount, quantity, identity or order: an unreadable one is noted, shown and read as absent."""

import re
from dataclasses import replace

import pytest

from cxml_parsers.reader import read
from punchout.model.codes import Code
from punchout.model.documents import Confirmation, Invoice, Note, ShipNotice
from punchout.model.moments import iso_utc
from punchout.model.parsed import Parsed
from tests.cxml_parsers.documents import FULL_CONFIRMATION, FULL_DOCUMENTS, confirmation
from tests.cxml_parsers.test_seen_values import REFUSED

# Every attribute of every kind that holds a time, and what an unreadable one does to the document.
NOTED = [
    ("cart", "taxPointDate"), ("cart", "orderDate"),
    ("confirmation", "shipmentDate"), ("confirmation", "deliveryDate"), ("confirmation", "orderDate"),
    ("ship notice", "shipmentDate"), ("ship notice", "deliveryDate"), ("ship notice", "orderDate"),
    ("invoice", "taxPointDate"), ("invoice", "referenceDate"), ("invoice", "orderDate"),
    ("order", "requestedDeliveryDate"), ("order", "taxPointDate"),
    ("status update", "invoiceDate"),
    ("profile response", "effectiveDate"), ("profile response", "lastRefresh"),
]  # fmt: skip
REFUSING = [
    ("confirmation", "noticeDate"), ("ship notice", "noticeDate"), ("order", "orderDate"),
]  # fmt: skip
NUMBERS = [("invoice", "payInNumberOfDays"), ("invoice", "percentageRate"), ("cart", "percentageRate")]
DECIDING = [
    ("cart", "quantity"), ("cart", "openQuantity"), ("cart", "conversionFactor"), ("cart", "lineNumber"),
    ("confirmation", "lineNumber"), ("ship notice", "shipNoticeLineNumber"), ("invoice", "invoiceLineNumber"),
    ("order", "orderVersion"), ("response", "code"),
]  # fmt: skip
DELIVERY = "/cXML/Request/ConfirmationRequest/ConfirmationItem[1]/ConfirmationStatus[1]/@deliveryDate"


def notes(parsed: Parsed) -> list[Note]:
    """Return what was noted about values: the secret that stands in the cart is noted too."""
    return [note for note in parsed.notes if not note.where.endswith("SharedSecret")]


def bent(kind: str, attribute: str, value: str) -> bytes:
    """Return the full document of a kind with every such attribute set to a value."""
    text, times = re.subn(rf' {attribute}="[^"]*"', f' {attribute}="{value}"', FULL_DOCUMENTS[kind].decode())
    assert times
    return text.encode()


def promised(text: str, **envelope: str) -> bytes:
    return confirmation(**envelope).replace(
        b'quantity="3" type="detail"', f'quantity="3" type="detail" {text}'.encode()
    )


@pytest.mark.parametrize(("kind", "attribute"), NOTED)
def test_an_unreadable_date_that_decides_nothing_is_noted_with_its_text(kind: str, attribute: str) -> None:
    parsed = read(bent(kind, attribute, "next week"))
    assert parsed.accepted
    assert {(note.code, note.where.rpartition("/")[2], note.detail) for note in notes(parsed)} == {
        (Code.TS_INVALID, f"@{attribute}", "not a date and time: 'next week'; read as absent")
    }


@pytest.mark.parametrize(("kind", "attribute"), NUMBERS)
def test_an_unreadable_number_that_decides_nothing_is_noted_with_its_text(kind: str, attribute: str) -> None:
    parsed = read(bent(kind, attribute, "a few"))
    assert parsed.accepted
    assert {(note.code, note.where.rpartition("/")[2]) for note in notes(parsed)} == {
        (Code.STRUCT_INVALID, f"@{attribute}")
    }
    assert all("'a few'; read as absent" in note.detail for note in notes(parsed))


@pytest.mark.parametrize(("kind", "attribute"), REFUSING)
def test_an_unreadable_date_that_decides_the_order_of_versions_refuses_the_document(kind: str, attribute: str) -> None:
    assert read(bent(kind, attribute, "next week")).reason is Code.TS_INVALID


def test_an_unreadable_date_of_an_invoice_refuses_it() -> None:
    assert read(FULL_DOCUMENTS["invoice"].replace(b'"2026-03-04T00', b'"next week')).reason is Code.TS_INVALID


@pytest.mark.parametrize(("kind", "attribute"), DECIDING)
def test_an_unreadable_number_that_decides_refuses_the_document(kind: str, attribute: str) -> None:
    assert read(bent(kind, attribute, "a few")).reason is Code.STRUCT_INVALID


def test_nothing_but_the_unreadable_value_changes() -> None:
    whole, parsed = read(FULL_CONFIRMATION).body, read(bent("confirmation", "deliveryDate", "soon")).body
    assert isinstance(whole, Confirmation)
    items = tuple(
        replace(item, statuses=tuple(replace(status, delivery_date=None) for status in item.statuses))
        for item in whole.items
    )
    assert parsed == replace(whole, items=items)


@pytest.mark.parametrize("text", REFUSED)
def test_every_date_that_refuses_where_it_decides_is_absent_where_it_does_not(text: str) -> None:
    parsed = read(promised(f'deliveryDate="{text}"'))
    assert isinstance(parsed.body, Confirmation)
    assert parsed.body.items[0].statuses[0].delivery_date is None
    assert [(note.code, note.where) for note in parsed.notes] == [(Code.TS_INVALID, DELIVERY)]
    assert repr(text) in parsed.notes[0].detail


def test_the_dates_of_a_ship_notice_and_of_a_corrected_invoice_may_be_unreadable() -> None:
    notice = read(bent("ship notice", "shipmentDate", "yesterday")).body
    assert isinstance(notice, ShipNotice)
    assert notice.shipment_date is None
    assert notice.delivery_date is not None
    bad = FULL_DOCUMENTS["invoice"].replace(b'invoiceDate="2026-02-01"', b'invoiceDate="before"')
    corrected = read(bad).body
    assert isinstance(corrected, Invoice)
    assert (corrected.original_invoice_date, corrected.original_invoice_id) == (None, "1T-0")


def test_the_same_optional_date_is_read_anew_by_the_clock_of_every_document() -> None:
    stated = 'deliveryDate="2014-03-14T03:00:00+03:00"'
    suspect = {"timestamp": "2014-03-12T17:37:27+17:37", "payload_id": "1394645847931.1.2@amazon.example"}
    sound = read(promised(stated)).body
    repaired = read(promised(stated, **suspect))
    assert isinstance(sound, Confirmation)
    assert isinstance(repaired.body, Confirmation)
    dates = [body.items[0].statuses[0].delivery_date for body in (sound, repaired.body)]
    assert [date and date.utc and iso_utc(date.utc) for date in dates] == [
        "2014-03-14T00:00:00+00:00",
        "2014-03-14T03:00:00+00:00",
    ]
    assert (Code.TS_OFFSET_REPAIRED, DELIVERY) in {(note.code, note.where) for note in repaired.notes}
    assert read(promised(stated)).body == sound


def test_a_flood_of_unreadable_dates_costs_no_more_than_reading_them() -> None:
    status = '<ConfirmationStatus quantity="1" type="accept" deliveryDate="x"><UnitOfMeasure>EA</UnitOfMeasure>'
    flood = confirmation(item=f"</ConfirmationStatus>{status}</ConfirmationStatus>" * 20_000 + status)
    parsed = read(flood.replace(b"</ConfirmationStatus></ConfirmationStatus>", b"</ConfirmationStatus>"))
    assert parsed.accepted, parsed.detail
    assert len(parsed.notes) == 201


DECORATIVE = [
    ("cart", "LeadTime"), ("cart", "ManufacturerName"), ("cart", "UserAgent"), ("cart", "TaxLocation"),
    ("ship notice", "ServiceLevel"), ("order", "City"), ("order", "Street"), ("order", "DeliverTo"),
    ("order", "State"), ("order", "PostalCode"), ("invoice", "ManufacturerName"),
]  # fmt: skip
IDENTIFYING = [
    ("cart", "BuyerCookie"), ("cart", "SupplierPartID"), ("cart", "UnitOfMeasure"), ("cart", "Identity"),
    ("ship notice", "ShipmentIdentifier"), ("order", "Email"),
]  # fmt: skip


def split(kind: str, tag: str) -> bytes:
    """Return the full document of a kind with an element in the text of every such element."""
    text, times = re.subn(rf"(<{tag}(?: [^>]*)?>)([^<]*)", r"\1\2<b>old</b>", FULL_DOCUMENTS[kind].decode())
    assert times
    return text.encode()


@pytest.mark.parametrize(("kind", "tag"), DECORATIVE)
def test_text_that_decides_nothing_is_read_whole_where_an_element_splits_it(kind: str, tag: str) -> None:
    parsed = read(split(kind, tag))
    assert parsed.accepted, parsed.detail
    assert {note.detail for note in notes(parsed)} == {"elements stand inside the text; all of their text was read"}
    assert "old" in str((parsed.body, parsed.envelope))


@pytest.mark.parametrize(("kind", "tag"), IDENTIFYING)
def test_text_that_identifies_refuses_the_document_where_an_element_splits_it(kind: str, tag: str) -> None:
    assert read(split(kind, tag)).reason is Code.STRUCT_INVALID
