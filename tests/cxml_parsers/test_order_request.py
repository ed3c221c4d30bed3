"""Orders as cXML: valid, exact, the same every time, and with the secret in one place only."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from cxml_parsers.order_request import payload_id_in, secret_in, with_secret, write_order_request
from cxml_parsers.reader import read
from punchout.model.exact import parse_decimal
from punchout.model.order_documents import Distribution, OrderRequest, Segment
from punchout.model.orders import (
    AccountShare,
    Address,
    LineInstructions,
    OrderDraft,
    OrderedLine,
    StatedCharge,
)
from punchout.model.values import Comment, Extrinsic, Money
from tests.cxml_parsers.orders import HEADER, drafts, parsed, read_back, texts

_ADDRESS = Address(
    address_id=None,
    name="Contoso Ltd",
    deliver_to=("Receiving",),
    street=("1 Main Street",),
    city="Seattle",
    state="WA",
    post_code="98109",
    country="US",
)
ORDER = OrderDraft(
    order_id="106001",
    order_version=1,
    order_date=1_772_553_600_000_000,
    release_mode="approval",
    currency="USD",
    total=parse_decimal("27.38"),
    requester_email="buyer@contoso.example",
    business_unit="Office Supplies",
    ship_to=replace(_ADDRESS, email="buyer@contoso.example"),
    bill_to=replace(_ADDRESS, address_id="HQ", deliver_to=(), country_name="United States"),
    lines=(
        OrderedLine(
            line_number=1,
            bc_line_number=10000,
            po_sequence=10000,
            cart_position=1,
            supplier_part_id="0596007973",
            supplier_part_aux_id="135-0000001-0000001,1",
            quantity=parse_decimal("3"),
            unit="EA",
            unit_price=parse_decimal("9.125"),
            currency="USD",
            description="Pens & <pencils>",
            classification="44121704",
            classification_domain="UNSPSC",
            manufacturer_name="Pen Co",
            manufacturer_part_id="P-1",
            extrinsics=(Extrinsic("soldBy", "Example Seller"),),
        ),
    ),
)
EXPECTED = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<!DOCTYPE cXML SYSTEM "http://xml.cxml.org/schemas/cXML/1.2.071/cXML.dtd">\n'
    '<cXML payloadID="a2f7c1de-0000-5000-8000-000000000000@contoso.example" timestamp="2026-03-03T17:00:00+00:00"'
    ' xml:lang="en-US"><Header>'
    '<From><Credential domain="NetworkId"><Identity>ContosoPunchout</Identity></Credential></From>'
    '<To><Credential domain="NetworkId"><Identity>Amazon</Identity></Credential></To>'
    '<Sender><Credential domain="NetworkId"><Identity>ContosoPunchout</Identity><SharedSecret></SharedSecret>'
    "</Credential><UserAgent>punchout-exchange</UserAgent></Sender></Header>"
    '<Request deploymentMode="test"><OrderRequest>'
    '<OrderRequestHeader orderID="106001" orderDate="2026-03-03T16:00:00+00:00" type="new" orderVersion="1">'
    '<Total><Money currency="USD">27.38</Money></Total>'
    '<ShipTo><Address isoCountryCode="US"><Name xml:lang="en-US">Contoso Ltd</Name><PostalAddress>'
    "<DeliverTo>Receiving</DeliverTo><Street>1 Main Street</Street><City>Seattle</City><State>WA</State>"
    '<PostalCode>98109</PostalCode><Country isoCountryCode="US">US</Country></PostalAddress>'
    "<Email>buyer@contoso.example</Email></Address></ShipTo>"
    '<BillTo><Address isoCountryCode="US" addressID="HQ"><Name xml:lang="en-US">Contoso Ltd</Name><PostalAddress>'
    "<Street>1 Main Street</Street><City>Seattle</City><State>WA</State><PostalCode>98109</PostalCode>"
    '<Country isoCountryCode="US">United States</Country></PostalAddress></Address></BillTo>'
    '<Extrinsic name="UserEmail">buyer@contoso.example</Extrinsic>'
    '<Extrinsic name="UserBusinessUnit">Office Supplies</Extrinsic></OrderRequestHeader>'
    '<ItemOut quantity="3" lineNumber="1"><ItemID><SupplierPartID>0596007973</SupplierPartID>'
    "<SupplierPartAuxiliaryID>135-0000001-0000001,1</SupplierPartAuxiliaryID></ItemID>"
    '<ItemDetail><UnitPrice><Money currency="USD">9.125</Money></UnitPrice>'
    '<Description xml:lang="en-US">Pens &amp; &lt;pencils&gt;</Description><UnitOfMeasure>EA</UnitOfMeasure>'
    '<Classification domain="UNSPSC">44121704</Classification><ManufacturerPartID>P-1</ManufacturerPartID>'
    '<ManufacturerName>Pen Co</ManufacturerName><Extrinsic name="soldBy">Example Seller</Extrinsic></ItemDetail>'
    "</ItemOut></OrderRequest></Request></cXML>"
)


@pytest.fixture(scope="session")
def dtd(test_data: Path) -> etree.DTD:
    return etree.DTD(str(test_data / "dtd" / "cXML.dtd"))


def test_an_order_is_written_like_this() -> None:
    assert write_order_request(ORDER, HEADER).decode() == EXPECTED


@given(draft=drafts)
@settings(max_examples=60)
def test_every_order_is_valid_by_the_dtd(dtd: etree.DTD, draft: OrderDraft) -> None:
    assert dtd.validate(parsed(write_order_request(draft, HEADER))), dtd.error_log


@given(draft=drafts)
def test_every_order_reads_back_as_it_was(draft: OrderDraft) -> None:
    assert read_back(write_order_request(draft, HEADER), draft) == draft


@given(draft=drafts)
@settings(max_examples=30)
def test_equal_orders_are_equal_bytes(draft: OrderDraft) -> None:
    assert write_order_request(draft, HEADER) == write_order_request(replace(draft), replace(HEADER))


@given(draft=drafts, secret=texts)
def test_the_secret_goes_to_its_place_and_nowhere_else(draft: OrderDraft, secret: str) -> None:
    stored = write_order_request(draft, HEADER)
    sent = with_secret(stored, secret)
    root = parsed(sent)
    assert [element.text for element in root.iter("SharedSecret")] == [secret]
    found = root.find("Header/Sender/Credential/SharedSecret")
    assert found is not None
    found.text = None
    assert etree.tostring(root) == etree.tostring(parsed(stored))


@given(draft=drafts)
@settings(max_examples=30)
def test_what_was_sent_tells_its_secret_and_its_payload_id(draft: OrderDraft) -> None:
    stored = write_order_request(draft, HEADER)
    assert secret_in(stored) is None
    assert secret_in(with_secret(stored, "s3<cret")) == "s3<cret"
    assert payload_id_in(with_secret(stored, "s3cret")) == HEADER.payload_id


def test_bytes_with_a_secret_in_them_take_no_second_one() -> None:
    stored = write_order_request(ORDER, HEADER)
    for wrong in (with_secret(stored, "s3cret"), stored + b"<SharedSecret></SharedSecret>", b"", b"<cXML/>"):
        with pytest.raises(ValueError, match="not exactly one empty SharedSecret") as caught:
            with_secret(wrong, "0ther")
        assert "0ther" not in str(caught.value)


@pytest.mark.parametrize("secret", ["", "bell\x07secret", "\ud800secret"])
def test_a_secret_that_cannot_be_written_is_refused_and_never_named(secret: str) -> None:
    with pytest.raises(ValueError, match="the secret") as caught:
        with_secret(write_order_request(ORDER, HEADER), secret)
    assert caught.value.__cause__ is None
    assert "bell" not in str(caught.value)


def test_a_line_without_classification_is_still_valid_and_invents_none(dtd: etree.DTD) -> None:
    bare = replace(ORDER.lines[0], classification=None, classification_domain=None, description="")
    root = parsed(write_order_request(replace(ORDER, lines=(bare,)), HEADER))
    assert dtd.validate(root), dtd.error_log
    assert not root.findtext("Request/OrderRequest/ItemOut/ItemDetail/Classification")


def test_money_carries_the_decimals_of_its_currency() -> None:
    yen = replace(ORDER, currency="JPY", total=parse_decimal("52"))
    document = write_order_request(yen, HEADER)
    assert b'<Money currency="JPY">52</Money>' in document
    assert b'<Money currency="USD">10.00</Money>' in write_order_request(
        replace(ORDER, lines=(replace(ORDER.lines[0], unit_price=parse_decimal("10")),)), HEADER
    )


@given(quantity=st.integers(min_value=1, max_value=10**18 - 1))
@settings(max_examples=30)
def test_a_quantity_is_a_plain_decimal(quantity: int) -> None:
    line = replace(ORDER.lines[0], quantity=quantity)
    item = parsed(write_order_request(replace(ORDER, lines=(line,)), HEADER)).find("Request/OrderRequest/ItemOut")
    assert item is not None
    text = item.get("quantity", "")
    assert not set(text) - set("0123456789.")
    assert parse_decimal(text) == quantity


def test_a_control_character_never_reaches_the_wire() -> None:
    with pytest.raises(ValueError, match="XML"):
        write_order_request(replace(ORDER, order_id="1\x00"), HEADER)


@pytest.mark.parametrize("version", ["", "1.2", '1.2.071" [<!ENTITY x "y">]', "latest"])
def test_a_dtd_version_that_is_none_is_refused(version: str) -> None:
    with pytest.raises(ValueError, match="not a cXML version"):
        write_order_request(ORDER, replace(HEADER, dtd_version=version))


CHANGE = replace(ORDER, type="update", previous_payload_id="earlier@contoso.example", order_version=2)


@pytest.mark.parametrize("kind", ["update", "delete"])
def test_a_supplier_that_takes_new_orders_only_gets_no_change(kind: str) -> None:
    with pytest.raises(ValueError, match=f"takes no OrderRequest of type '{kind}'"):
        write_order_request(replace(CHANGE, type=kind), HEADER)


@pytest.mark.parametrize("kind", ["update", "delete"])
def test_where_changes_are_taken_they_name_the_version_they_follow(kind: str, dtd: etree.DTD) -> None:
    takes_all = replace(HEADER, takes=frozenset({"new", "update", "delete"}))
    document = write_order_request(replace(CHANGE, type=kind), takes_all)
    assert dtd.validate(parsed(document)), dtd.error_log
    header = parsed(document).find("Request/OrderRequest/OrderRequestHeader")
    assert header is not None
    assert (header.get("type"), header.get("orderVersion")) == (kind, "2")
    assert [made.get("payloadID") for made in header.iter("DocumentReference")] == ["earlier@contoso.example"]
    with pytest.raises(ValueError, match="names its earlier one"):
        write_order_request(replace(CHANGE, type=kind, previous_payload_id=None), takes_all)


def test_a_new_order_follows_no_other() -> None:
    with pytest.raises(ValueError, match="follows no earlier one"):
        write_order_request(replace(CHANGE, type="new"), HEADER)


@pytest.mark.parametrize("numbers", [(2,), (1, 1)])
def test_instructions_are_for_one_line_each(numbers: tuple[int, ...]) -> None:
    beside = tuple(LineInstructions(line_number=number) for number in numbers)
    with pytest.raises(ValueError, match="for no line"):
        write_order_request(replace(ORDER, instructions=beside), HEADER)


FULL = replace(
    ORDER,
    shipping=StatedCharge(parse_decimal("2.99"), "Shipping"),
    tax=StatedCharge(parse_decimal("4"), "Sales tax"),
    comments=(Comment("delivery", "Ring twice"),),
    extrinsics=(Extrinsic("CostCenter", "CC1"),),
    instructions=(
        LineInstructions(
            line_number=1,
            requested_delivery=1_772_700_000_000_000,
            ship_to=replace(_ADDRESS, address_id="DOCK-2"),
            shipping=StatedCharge(parse_decimal("0.5"), "Shipping"),
            tax=StatedCharge(parse_decimal("0.75"), "Sales tax"),
            distributions=(
                AccountShare(
                    "DistributionCharge",
                    parse_decimal("27.38"),
                    (
                        Segment(type="G/L Account", id="61100", description="Office supplies"),
                        Segment(type="Cost Center", id="SALES", description="Sales"),
                    ),
                ),
            ),
            comments=(Comment(None, "Blue ones"),),
        ),
    ),
)


def test_everything_a_line_can_say_is_written_in_the_order_of_the_dtd(dtd: etree.DTD) -> None:
    document = write_order_request(FULL, HEADER)
    assert dtd.validate(parsed(document)), dtd.error_log
    item = parsed(document).find("Request/OrderRequest/ItemOut")
    assert item is not None
    assert [child.tag for child in item] == [
        "ItemID", "ItemDetail", "ShipTo", "Shipping", "Tax", "Distribution", "Comments",
    ]  # fmt: skip
    header = parsed(document).find("Request/OrderRequest/OrderRequestHeader")
    assert header is not None
    assert [child.tag for child in header] == [
        "Total", "ShipTo", "BillTo", "Shipping", "Tax", "Comments", "Extrinsic", "Extrinsic", "Extrinsic",
    ]  # fmt: skip


def test_our_own_reader_reads_all_of_it_and_has_nothing_to_say() -> None:
    document = read(write_order_request(FULL, HEADER))
    assert isinstance(document.body, OrderRequest)
    assert document.notes == ()
    assert [path for path in document.unread if not path.endswith(("@xml:lang", "/Description", "SharedSecret"))] == []
    line, beside = document.body.lines[0], FULL.instructions[0]
    assert line.distributions == (
        Distribution(
            ordinal=1,
            name="DistributionCharge",
            charge=Money("27.38", parse_decimal("27.38"), "USD"),
            segments=beside.distributions[0].segments,
        ),
    )
    assert (line.ship_to and line.ship_to.address_id, line.ship_to and line.ship_to.city) == ("DOCK-2", "Seattle")
    assert (line.tax and line.tax.amount, line.shipping and line.shipping.amount) == (750_000, 500_000)
    assert (line.comments, line.extrinsics) == (beside.comments, FULL.lines[0].extrinsics)
    assert (line.requested_delivery and line.requested_delivery.utc) == beside.requested_delivery
    assert (document.body.tax and document.body.tax.amount) == parse_decimal("4")
    assert [each.name for each in document.body.extrinsics] == ["UserEmail", "UserBusinessUnit", "CostCenter"]
