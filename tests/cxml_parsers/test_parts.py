"""What the recurring parts of cXML hold: comments, descriptions, part ids, Extrinsics, order references, charges."""

import pytest

from cxml_parsers.reader import read
from punchout.model.codes import Code
from punchout.model.documents import Cart, Confirmation, Invoice, ShipNotice
from punchout.model.order_documents import OrderRequest
from punchout.model.parsed import Parsed
from punchout.model.values import Comment, Extrinsic, Money, Number, OrderReference, PartId
from tests.cxml_parsers.documents import (
    FULL_CART,
    FULL_INVOICE,
    FULL_ORDER,
    FULL_SHIP_NOTICE,
    HEADER_INVOICE,
    confirmation,
    message,
)

CONFIRMATION = "/cXML/Request/ConfirmationRequest"


def notes(parsed: Parsed) -> list[tuple[str, str]]:
    return [(note.code, note.where) for note in parsed.notes]


def test_a_comment_is_never_cut_by_what_stands_inside_it() -> None:
    parsed = read(confirmation(header='<Comments type="t">one <b>two</b> three</Comments>'))
    assert isinstance(parsed.body, Confirmation)
    assert parsed.body.comments == (Comment("t", "one two three"),)


def test_an_identifier_in_a_comment_must_be_text_alone() -> None:
    parsed = read(confirmation(item='<Comments type="confirmID">111<b/>222</Comments>'))
    assert parsed.reason is Code.STRUCT_INVALID


@pytest.mark.parametrize(
    ("inner", "description"),
    [
        ("Pens", "Pens"),
        ("<ShortName>Pens</ShortName>", "Pens"),
        ("<ShortName>Pens</ShortName>Blue pens", "Blue pens"),
        ("Blue <b>pens</b>, 3", "Blue pens, 3"),
        (" ", None),
    ],
)
def test_a_description_is_its_own_text_else_its_short_name(inner: str, description: str | None) -> None:
    item = f'<ItemIn quantity="1"><ItemDetail><Description>{inner}</Description></ItemDetail></ItemIn>'
    body = read(message(f"<PunchOutOrderMessage>{item}</PunchOutOrderMessage>")).body
    assert isinstance(body, Cart)
    assert body.lines[0].description == description


@pytest.mark.parametrize("aux", ["135-1, 1 ", "<a x='1'>b</a>c"])
def test_an_auxiliary_part_id_is_kept_to_the_letter(aux: str) -> None:
    part = (
        f"<ItemID><SupplierPartID>B</SupplierPartID><SupplierPartAuxiliaryID>{aux}</SupplierPartAuxiliaryID></ItemID>"
    )
    body = read(message(f'<PunchOutOrderMessage><ItemIn quantity="1">{part}</ItemIn></PunchOutOrderMessage>')).body
    assert isinstance(body, Cart)
    assert body.lines[0].part.supplier_part_aux_id == aux.replace("'", '"')


def test_an_extrinsic_without_value_is_kept_because_it_must_go_back() -> None:
    body = read(FULL_CART).body
    assert isinstance(body, Cart)
    assert body.lines[0].extrinsics == (Extrinsic("soldBy", "Seller 1"), Extrinsic("category", ""))


def test_an_extrinsic_that_holds_elements_goes_unread() -> None:
    parsed = read(confirmation(header='<Extrinsic name="x"><Money currency="USD">1</Money></Extrinsic>'))
    place = f"{CONFIRMATION}/ConfirmationHeader/Extrinsic"
    assert {f"{place}/@name", f"{place}/Money", f"{place}/Money/@currency"} <= set(parsed.unread)
    assert notes(parsed) == [(Code.STRUCT_DEVIATION, place)]


def test_an_error_code_is_found_inside_prose() -> None:
    comments = '<Comments type="OrderErrorCode">\u62d2\u5426 [\u30b3\u30fc\u30c9: 018-007] 2026-03-02</Comments>'
    body = read(confirmation(header=comments)).body
    assert isinstance(body, Confirmation)
    assert body.error_code == "018-007"
    assert "018-007" in body.comments[0].text


def test_an_item_id_that_names_no_part_says_no_more_than_none() -> None:
    nothing = "<ItemID><SupplierPartID></SupplierPartID></ItemID>"
    data = confirmation(item=f'<ItemIn quantity="1">{nothing}<ItemDetail/></ItemIn>')
    body = read(data.replace(b"<UnitOfMeasure>", nothing.encode() + b"<UnitOfMeasure>", 1)).body
    assert isinstance(body, Confirmation)
    assert (body.items[0].part, body.items[0].statuses[0].substitute) == (None, None)


def test_the_first_item_id_that_says_anything_is_the_one() -> None:
    own = b"<ItemID><SupplierPartID/><BuyerPartID>B1</BuyerPartID></ItemID>"
    body = read(FULL_CART.replace(b"<ItemID>", b"<ItemID/>" + own + b"<ItemID>", 1)).body
    assert isinstance(body, Cart)
    assert (body.lines[0].part, body.lines[0].buyer_part_id) == (PartId(), "B1")


def test_an_empty_reference_names_no_order_and_is_noted() -> None:
    data = (
        confirmation().replace(b'orderID="106001"', b"").replace(b'payloadID="order@contoso.example"', b'payloadID=""')
    )
    parsed = read(data)
    assert isinstance(parsed.body, Confirmation)
    assert parsed.body.order == OrderReference()
    assert (Code.STRUCT_DEVIATION, f"{CONFIRMATION}/OrderReference") in notes(parsed)


def test_an_invoice_may_name_its_order_by_order_id_info() -> None:
    old = FULL_INVOICE[FULL_INVOICE.index(b"<OrderReference") : FULL_INVOICE.index(b"</OrderReference>") + 17]
    body = read(FULL_INVOICE.replace(old, b'<OrderIDInfo orderID="777"/>', 1)).body
    assert isinstance(body, Invoice)
    assert body.orders[0].order == OrderReference(order_id="777")


def test_a_header_invoice_has_orders_without_lines() -> None:
    body = read(HEADER_INVOICE).body
    assert isinstance(body, Invoice)
    assert body.is_header_invoice
    assert [(order.ordinal, order.order.order_id, order.lines) for order in body.orders] == [
        (1, "106001", ()),
        (2, "106002", ()),
    ]


def test_a_service_item_is_read_beside_the_lines() -> None:
    body = read(FULL_INVOICE).body
    assert isinstance(body, Invoice)
    assert [len(order.lines) for order in body.orders] == [2, 2]
    assert [service.description for order in body.orders for service in order.services] == ["Work 1", "Work 2"]


def test_a_tax_is_read_with_what_it_is_made_of() -> None:
    body = read(FULL_CART).body
    assert isinstance(body, Cart)
    (detail,) = body.tax_details
    assert (detail.category, detail.purpose, detail.location) == ("sales", "tax", "WA")
    assert (detail.percentage, detail.amount) == (Number("8.25", 8_250_000), Money("8.25", 8_250_000, "USD"))


def test_a_segment_and_an_accounting_segment_say_the_same() -> None:
    body = read(FULL_ORDER).body
    assert isinstance(body, OrderRequest)
    first, second = body.lines[0].distributions
    assert [(segment.type, segment.id, segment.description) for segment in (*first.segments, *second.segments)] == [
        ("G/L Account", "6100", "Office"),
        ("Cost Center", "CC1", "IT"),
        ("G/L Account", "6200", "Paper"),
    ]


def test_tracking_inside_the_header_is_read_with_a_note() -> None:
    control = FULL_SHIP_NOTICE[
        FULL_SHIP_NOTICE.index(b"<ShipControl>") : FULL_SHIP_NOTICE.index(b"</ShipControl>") + 14
    ]
    misplaced = FULL_SHIP_NOTICE.replace(control, b"").replace(b"</ShipNoticeHeader>", control + b"</ShipNoticeHeader>")
    parsed = read(misplaced)
    assert isinstance(parsed.body, ShipNotice)
    assert parsed.body.tracking == ("1Z1", "1Z2")
    assert [where.rpartition("/")[2] for _, where in notes(parsed)] == ["ShipControl"]


def test_what_was_empty_in_one_element_hides_nothing_that_is_missing_in_the_next() -> None:
    item = "<ItemID><SupplierPartID/></ItemID><ItemDetail><UnitPrice><X/></UnitPrice></ItemDetail>"
    items = f'<ItemIn quantity="1">{item}</ItemIn>' * 3
    parsed = read(message(f"<PunchOutOrderMessage><BuyerCookie>x</BuyerCookie>{items}</PunchOutOrderMessage>"))
    line = "/cXML/Message/PunchOutOrderMessage/ItemIn[{}]/"
    for place, detail in (
        ("ItemID/SupplierPartID", "empty, read as absent"),
        ("ItemDetail/UnitPrice", "holds no Money, read as absent"),
    ):
        said = [note.where for note in parsed.notes if note.detail == detail and note.where.endswith(place)]
        assert said == [line.format(number) + place for number in (1, 2, 3)]
