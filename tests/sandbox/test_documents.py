"""The documents of one playing: valid where that is intended, in Amazon's shape, and saying what the oracle folds."""

import os
import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from lxml import etree

from punchout.sandbox.identifiers import Identifiers
from punchout.sandbox.scenarios import ACCIDENTS, REQUESTS
from tests.sandbox.buyer import Json
from tests.sandbox.conftest import Played


def file_name(kind: str) -> str:
    """Return the name under which the sandbox of seed 7 sends the document of an accident."""
    return f"amazon-{Identifiers(7).hexadecimal('file', f'accident {kind}', length=12)}.xml"


def genuine(played: Played) -> dict[str, bytes]:
    accidents = {file_name(item.kind) for item in ACCIDENTS}
    return {name: body for name, body in played.documents().items() if name not in accidents}


def accident(played: Played, kind: str) -> bytes:
    return played.documents()[file_name(kind)]


def test_every_scripted_document_is_sent_once(played: Played) -> None:
    carts = len(REQUESTS)
    later = sum(len(request.documents) for request in REQUESTS)
    assert len(genuine(played)) == carts + later
    assert len(played.documents()) == carts + later + sum(item.kind != "column" for item in ACCIDENTS)


def test_genuine_documents_are_valid_against_the_official_dtd(played: Played) -> None:
    folder = os.environ.get("PUNCHOUT_TEST_DATA")
    if not folder:
        pytest.skip("PUNCHOUT_TEST_DATA is not set: the DTDs are not here")
    dtds: dict[str, etree.DTD] = {}
    for body in genuine(played).values():
        module = re.search(rb"/1\.2\.024/(\w+)\.dtd", body)
        assert module is not None
        name = module[1].decode()
        dtd = dtds.setdefault(name, etree.DTD(str(Path(folder) / "dtd" / f"{name}.dtd")))
        assert dtd.validate(etree.fromstring(body)), dtd.error_log
    assert sorted(dtds) == ["Fulfill", "InvoiceDetail", "cXML"]


def test_a_cart_has_no_line_numbers_and_numbers_its_items_in_the_auxiliary_id(played: Played) -> None:
    carts = [etree.fromstring(body) for body in genuine(played).values() if b"<PunchOutOrderMessage>" in body]
    items = [list(cart.iterfind("Message/PunchOutOrderMessage/ItemIn")) for cart in carts]
    assert all(item.get("lineNumber") is None for cart in items for item in cart)
    tails = [[item.findtext("ItemID/SupplierPartAuxiliaryID", "").split(",")[1] for item in cart] for cart in items]
    assert all(tail == [str(at) for at in range(1, len(tail) + 1)] for tail in tails)


def test_times_are_written_as_amazon_writes_them(played: Played) -> None:
    styles = {
        b"PunchOutOrderMessage": r"\.\d{3}Z",
        b"ConfirmationRequest": r"\+0000",
        b"ShipNoticeRequest": r"\+0000",
        b"InvoiceDetailRequest": "-08:00",
    }
    for body in genuine(played).values():
        stamp = etree.fromstring(body).get("timestamp", "")
        style = next(text for name, text in styles.items() if b"<" + name + b">" in body)
        assert re.fullmatch(r"2026-03-\d\dT\d\d:\d\d:\d\d" + style, stamp)


def test_the_payload_id_begins_with_the_milliseconds_of_the_timestamp(played: Played) -> None:
    for body in genuine(played).values():
        root = etree.fromstring(body)
        epoch = int(root.get("payloadID", "").split(".")[0]) / 1000
        assert abs(datetime.fromisoformat(root.get("timestamp", "")).timestamp() - epoch) < 1


def test_payload_ids_are_unique_among_genuine_documents(played: Played) -> None:
    payloads = [etree.fromstring(body).get("payloadID") for body in genuine(played).values()]
    assert len(set(payloads)) == len(payloads)


def test_ship_notice_items_name_a_line_number_and_no_part(played: Played) -> None:
    items = [
        item
        for body in genuine(played).values()
        if b"<ShipNoticeRequest>" in body
        for item in etree.fromstring(body).iter("ShipNoticeItem")
    ]
    assert all(item.get("lineNumber") and [child.tag for child in item] == ["UnitOfMeasure"] for item in items)


def test_some_part_id_begins_with_a_zero_and_some_part_stands_on_two_lines(played: Played) -> None:
    parts = [line["supplierPartId"] for row in played.tables["requests"] for line in row["lines"]]
    assert any(part.startswith("0") for part in parts)
    assert len(set(parts)) == len(parts) - 1


def test_documents_name_our_payload_id_and_our_line_numbers(played: Played) -> None:
    check_that_documents_add_up(played, played.orders)


def check_that_documents_add_up(played: Played, orders: list[Json]) -> None:
    """Sum up the documents by the line numbers of the orders; it must be what the oracle folded from the script."""
    lines = {order["orderID"]: {item["lineNumber"]: item for item in order["lines"]} for order in orders}
    payloads = {order["payloadID"]: order["orderID"] for order in orders}
    sums: dict[tuple[str, str], dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    replaced = set[str]()
    roots = {etree.fromstring(body).get("payloadID", ""): etree.fromstring(body) for body in genuine(played).values()}
    for root in roots.values():
        replaced.update(
            item.get("payloadID", "") for item in root.iterfind("Request/*/ConfirmationHeader/DocumentReference")
        )
    for payload, root in roots.items():
        for name, number, quantity in () if payload in replaced else statements(root):
            order = payloads[str(root.xpath("string(.//OrderReference/DocumentReference/@payloadID)"))]
            if number in lines[order]:
                sums[order, lines[order][number]["supplierPartAuxiliaryId"]][name] += quantity
    for request in played.expected[-1]["requests"]:
        for line in request["lines"]:
            told = sums[request["order_id"], Identifiers(7).auxiliary(request["request_no"], line["cart_position"])]
            names = ("accepted", "rejected", "backordered", "shipped", "invoiced")
            assert {name: told[name] for name in names} == {name: Decimal(line[name]) for name in names}


def statements(root: etree._Element) -> Iterator[tuple[str, str, Decimal]]:
    """Read (quantity name, lineNumber, quantity) from a confirmation, ship notice or invoice."""
    kinds = {"accept": "accepted", "detail": "accepted", "reject": "rejected", "backordered": "backordered"}
    for item in root.iter("ConfirmationItem"):
        for status in item.iterfind("ConfirmationStatus"):
            yield kinds[status.get("type", "")], item.get("lineNumber", ""), Decimal(status.get("quantity", ""))
    for item in root.iter("ShipNoticeItem"):
        yield "shipped", item.get("lineNumber", ""), Decimal(item.get("quantity", ""))
    for item in root.iter("InvoiceDetailItem"):
        reference = item.find("InvoiceDetailItemReference")
        yield (
            "invoiced",
            "" if reference is None else reference.get("lineNumber", ""),
            Decimal(item.get("quantity", "")),
        )


def test_an_invoice_adds_up(played: Played) -> None:
    for body in genuine(played).values():
        if b"<InvoiceDetailRequest>" in body:
            invoice = etree.fromstring(body).find("Request/InvoiceDetailRequest")
            assert invoice is not None
            nets = [Decimal(item.findtext("NetAmount/Money", "")) for item in invoice.iter("InvoiceDetailItem")]
            assert sum(nets) == Decimal(invoice.findtext("InvoiceDetailSummary/DueAmount/Money", ""))


def test_the_truncated_document_is_the_beginning_of_one_that_came_whole(played: Played) -> None:
    broken = accident(played, "truncated")
    assert [body for body in genuine(played).values() if body.startswith(broken)]
    with pytest.raises(etree.XMLSyntaxError):
        etree.fromstring(broken)


def test_the_document_sent_twice_is_identical(played: Played) -> None:
    assert accident(played, "twice") in genuine(played).values()


def test_the_forged_document_reuses_the_payload_id_of_an_earlier_round_with_another_shipment(played: Played) -> None:
    forged = etree.fromstring(accident(played, "forged"))
    earlier = [
        etree.fromstring(body) for body in played.files[3]["cxml-drop"].values() if b"<ShipNoticeRequest>" in body
    ]
    original = next(root for root in earlier if root.get("payloadID") == forged.get("payloadID"))
    path = "Request/ShipNoticeRequest/ShipNoticeHeader"
    shipments = [root.find(path).get("shipmentID") for root in (original, forged)]  # type: ignore[union-attr]
    assert shipments[0] != shipments[1]


def test_the_attack_declares_an_external_entity(played: Played) -> None:
    assert b'[<!ENTITY more SYSTEM "file:///etc/hostname">]' in accident(played, "entity")
    assert b"&more;" in accident(played, "entity")


def test_the_page_is_no_cxml(played: Played) -> None:
    assert accident(played, "page").startswith(b"<html>")


def test_the_stranger_confirms_an_order_that_nobody_placed(played: Played) -> None:
    reference = etree.fromstring(accident(played, "stranger")).find("Request/ConfirmationRequest/OrderReference")
    assert reference is not None
    assert reference.get("orderID") not in {request.order for request in REQUESTS}


def test_every_document_carries_the_canary_in_its_sender(played: Played) -> None:
    secrets = {
        etree.fromstring(body).findtext("Header/Sender/Credential/SharedSecret") for body in genuine(played).values()
    }
    assert secrets == {"CANARY-" + Identifiers(7).hexadecimal("sender", length=24)}
