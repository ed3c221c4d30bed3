"""The sample documents, read and compared with what a person wrote down from them."""

from pathlib import Path

import pytest

from cxml_parsers.reader import read
from punchout.model import documents as d
from punchout.model.answers import StatusUpdate
from punchout.model.exact import ONE, parse_decimal
from punchout.model.moments import Moment, parse_moment
from punchout.model.order_documents import OrderRequest
from punchout.model.parsed import Parsed
from punchout.model.values import Comment, Credential, Extrinsic, Money, Number, OrderReference, PartId

ORDER = OrderReference("106001", "20261102.1.PO106001@contoso.example", parse_moment("2026-11-02T09:00:00-08:00"))


def usd(text: str) -> Money:
    return Money(text, parse_decimal(text), "USD")


def at(text: str) -> Moment:
    return parse_moment(text)


@pytest.fixture(scope="session")
def samples(test_data: Path) -> dict[str, Parsed]:
    return {path.name[:2]: read(path.read_bytes()) for path in (test_data / "samples").glob("*.xml")}


def test_the_cart_is_read(samples: dict[str, Parsed]) -> None:
    assert samples["01"].body == d.Cart(
        buyer_cookie="PR0001-7f3a",
        operation_allowed="create",
        total=usd("50.00"),
        tax=usd("4.00"),
        shipping=usd("2.99"),
        lines=tuple(
            d.CartLine(
                ordinal=n,
                quantity=Number(quantity, int(quantity) * ONE),
                part=PartId(f"B0TEST000{n}", f"135-0000001-0000001,{n}"),
                unit_price=usd(price),
                unit="EA",
                description=description,
                classification="44121704",
                classification_domain="UNSPSC",
                extrinsics=(Extrinsic("soldBy", "Example Seller"),),
            )
            for n, quantity, price, description in ((1, "3", "10.00", "Pens"), (2, "1", "20.00", "Stapler"))
        ),
    )


def test_the_response_is_read(samples: dict[str, Parsed]) -> None:
    assert samples["03"].body == d.Response(code=200, text="OK")
    assert samples["03"].envelope == d.Envelope(
        kind="Response", payload_id="r1@amazon.example", timestamp=at("2026-11-02T09:00:01-08:00")
    )


def test_the_confirmation_that_splits_a_line_is_read(samples: dict[str, Parsed]) -> None:
    confirm_id, rejected = "111-0000001-0000001", "EXAMPLE"
    accepted = d.ConfirmationStatus(
        ordinal=1,
        type="detail",
        quantity=Number("2", 2 * ONE),
        unit="EA",
        confirm_id=confirm_id,
        unit_price=usd("10.40"),
        tax=usd("1.66"),
        shipping=usd("0.00"),
        delivery_date=at("2026-11-05T00:00:00+00:00"),
        comments=(Comment("confirmID", confirm_id),),
    )
    refused = d.ConfirmationStatus(
        ordinal=2,
        type="reject",
        quantity=Number("1", ONE),
        unit="EA",
        error_code=rejected,
        comments=(Comment("LineItemErrorCode", rejected),),
    )
    item = d.ConfirmationItem(
        ordinal=1, line_number=1, quantity=Number("3", 3 * ONE), unit="EA", statuses=(accepted, refused)
    )
    assert samples["04"].body == d.Confirmation(
        confirm_id=confirm_id,
        type="detail",
        operation="new",
        notice=at("2026-11-02T10:00:00+00:00"),
        order=ORDER,
        items=(item,),
    )


def test_the_confirmation_that_rejects_an_order_is_read(samples: dict[str, Parsed]) -> None:
    assert samples["05"].body == d.Confirmation(
        confirm_id=None,
        type="reject",
        operation="new",
        notice=at("2026-11-02T10:00:05+00:00"),
        order=ORDER,
        error_code="EXAMPLE",
        comments=(Comment("OrderErrorCode", "EXAMPLE"),),
    )


def test_the_ship_notice_is_read(samples: dict[str, Parsed]) -> None:
    item = d.ShipItem(ordinal=1, line_number=1, quantity=Number("2", 2 * ONE), unit="EA")
    assert samples["06"].body == d.ShipNotice(
        shipment_id="DTEST0001",
        operation="new",
        type="actual",
        notice=at("2026-11-03T10:00:00+00:00"),
        shipment_date=at("2026-11-03T08:00:00+00:00"),
        delivery_date=at("2026-11-05T00:00:00+00:00"),
        carriers=(d.Carrier("companyName", "UPS"),),
        tracking=("1Z0000000000000001",),
        portions=(d.ShipPortion(ordinal=1, order=ORDER, items=(item,)),),
    )


def test_the_ship_notice_without_items_and_carrier_is_read(samples: dict[str, Parsed]) -> None:
    assert samples["07"].body == d.ShipNotice(
        shipment_id="DTEST0002",
        operation="new",
        type=None,
        notice=at("2026-11-03T10:00:00+00:00"),
        shipment_date=at("2026-11-03T08:00:00+00:00"),
        delivery_date=at("2026-11-05T00:00:00+00:00"),
        tracking=("1Z0000000000000002",),
        portions=(d.ShipPortion(ordinal=1, order=ORDER),),
    )


def _invoice(
    purpose: str, invoice_id: str, original: str | None, amounts: tuple[str, str, str], line: str
) -> d.Invoice:
    subtotal, tax, gross = map(usd, amounts)
    billed = d.InvoiceLine(
        ordinal=1,
        invoice_line_number=1,
        line_number=1,
        quantity=Number(line, parse_decimal(line)),
        unit="EA",
        unit_price=usd("10.40"),
        part=PartId("B0TEST0001"),
        description="Pens",
        reason="return" if original else None,
        subtotal=subtotal,
        tax=tax,
        gross=gross,
        net=gross,
    )
    return d.Invoice(
        invoice_id=invoice_id,
        purpose=purpose,
        operation="new",
        invoice_date=at("2026-11-04T00:00:00+00:00"),
        original_payload_id=original,
        is_tax_in_line=True,
        subtotal=subtotal,
        tax=tax,
        shipping=usd("0.00"),
        gross=gross,
        net=gross,
        due=gross,
        orders=(d.InvoiceOrder(ordinal=1, order=ORDER, lines=(billed,)),),
    )


def test_the_invoice_is_read(samples: dict[str, Parsed]) -> None:
    assert samples["08"].body == _invoice("standard", "1TST-0000-0001", None, ("20.80", "1.66", "22.46"), "2")


def test_the_credit_is_read_in_its_own_signs(samples: dict[str, Parsed]) -> None:
    amounts = ("-10.40", "-0.83", "-11.23")
    expected = _invoice("lineLevelCreditMemo", "1TST-0000-0002", "i1@amazon.example", amounts, "-1")
    assert samples["09"].body == expected


def test_the_cart_of_2015_is_read_with_notes(samples: dict[str, Parsed]) -> None:
    parsed = samples["90"]
    assert parsed.accepted
    assert parsed.envelope.sent_from == (Credential("DUNS", "1"), Credential("NetworkId", "Amazon"))
    assert {(note.where.rpartition("/")[2], note.detail.split(",")[0]) for note in parsed.notes} == {
        ("cXML", "no DOCTYPE"),
        ("@timestamp", "'2026-03-05T18:16:03.186Z' ends in Z"),
        ("UserAgent", "missing"),
        ("UnitOfMeasure", "missing"),
        ("Classification", "missing"),
    }


def test_the_order_is_read(samples: dict[str, Parsed]) -> None:
    order = samples["02"].body
    assert isinstance(order, OrderRequest)
    assert (order.order_id, order.type, order.order_date) == ("106001", "new", at("2026-11-02T09:00:00-08:00"))
    assert order.total is not None
    assert order.ship_to is not None
    assert order.bill_to is not None
    assert [line.line_number for line in order.lines] == [1, 2]
    assert [line.part.supplier_part_id for line in order.lines] == ["B0TEST0001", "B0TEST0002"]


def test_the_status_update_is_read(samples: dict[str, Parsed]) -> None:
    update = samples["10"].body
    assert isinstance(update, StatusUpdate)
    assert update.code == 200
    assert update.payload_id is not None


def test_nothing_but_what_is_listed_here_goes_unread_in_a_sample(samples: dict[str, Parsed]) -> None:
    justified = (
        "@xml:lang",
        "/PostalAddress/@name",
        "/Email/@name",
        "/SharedSecret",
        "Tax/Description",
        "Shipping/Description",
    )
    accepted = {number: parsed for number, parsed in samples.items() if parsed.accepted}
    assert sorted(accepted) == ["01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "90"]
    assert [path for parsed in accepted.values() for path in parsed.unread if not path.endswith(justified)] == []
