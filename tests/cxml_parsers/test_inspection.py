"""The JSON of a read document: every key is always there, and each value in the one form people script against."""

import json
from typing import Any

import pytest

from cxml_parsers.inspection import as_json
from cxml_parsers.reader import read
from cxml_parsers.summary import summary
from tests.cxml_parsers.documents import (
    FULL_CART,
    FULL_CONFIRMATION,
    FULL_DOCUMENTS,
    FULL_INVOICE,
    FULL_ORDER,
    FULL_RESPONSE,
    FULL_SHIP_NOTICE,
    FULL_STATUS_UPDATE,
    confirmation,
    document,
)

KEYS = {
    "file", "kind", "verdict", "reason", "where", "detail", "clause", "payload_id", "timestamp", "deployment_mode",
    "from", "to", "sender", "orders", "ids", "operation", "type", "notice_date", "dates", "status", "shipment",
    "comments",
    "extrinsics", "totals", "lines", "notes", "dtd", "unread",
}  # fmt: skip
IDS = {"confirm_ids", "shipment_id", "invoice_id", "buyer_cookie", "original_invoice_id", "original_payload_id"}
TOTALS = {"total", "subtotal", "tax", "shipping", "handling", "discount", "gross", "net", "due"}
LINE = {
    "position", "order_id", "line_number", "invoice_line_number", "quantity", "unit", "supplier_part_id",
    "supplier_part_aux_id", "description", "unit_price", "subtotal", "tax", "shipping", "discount", "net", "extrinsics",
    "statuses",
}  # fmt: skip
STATUS = {
    "type", "quantity", "unit", "confirm_id", "unit_price", "tax", "shipping", "shipment_date", "delivery_date",
    "error_code", "comments",
}  # fmt: skip


def inspected(data: bytes) -> Any:  # noqa: ANN401 - JSON
    return json.loads(json.dumps(as_json(read(data), "a.xml")))


def usd(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "USD"}


@pytest.mark.parametrize("data", [*FULL_DOCUMENTS.values(), b"", b"<html>", document("<Request><Other/></Request>")])
def test_every_key_is_always_there(data: bytes) -> None:
    shown = inspected(data)
    assert set(shown) == KEYS
    assert set(shown["ids"]) == IDS
    assert set(shown["totals"]) == TOTALS
    assert set(shown["status"]) == {"code", "text", "message"}
    assert set(shown["shipment"]) == {"carriers", "tracking"}
    assert all(set(line) == LINE for line in shown["lines"])
    assert all(set(status) == STATUS for line in shown["lines"] for status in line["statuses"])


def test_an_unreadable_file_has_a_reason_and_no_kind() -> None:
    shown = inspected(b"<cXML>\n<a></b></cXML>")
    assert (shown["kind"], shown["verdict"], shown["reason"]) == (None, "quarantined", "XML_REJECTED")
    assert shown["where"] == "line 2, column 8"
    assert (shown["lines"], shown["orders"], shown["timestamp"]) == ([], [], None)


@pytest.mark.parametrize(
    ("data", "clause"),
    [
        (confirmation(), None),
        (b"<cXML", None),
        (confirmation(quantity="x"), "DTD, ConfirmationItem/@quantity: the type of its value"),
        (confirmation(notice=""), "DTD, ConfirmationHeader/@noticeDate: required"),
        (
            confirmation(notice="soon"),
            "Reference Guide, dates and times: yyyy-mm-ddThh:mm:ss and a numeric offset",
        ),
        (document("<Request/>"), "DTD, cXML: its content model"),
    ],
)
def test_a_refused_document_shows_the_clause_it_breaks(data: bytes, clause: str | None) -> None:
    assert inspected(data)["clause"] == clause


def test_an_unsupported_kind_shows_its_envelope() -> None:
    shown = inspected(document("<Request deploymentMode='test'><Other/></Request>"))
    assert (shown["kind"], shown["verdict"], shown["reason"]) == ("Other", "quarantined", "DOC_UNSUPPORTED")
    assert shown["from"] == [{"domain": "DUNS", "identity": "128990368"}, {"domain": "NetworkId", "identity": "Amazon"}]
    assert (shown["payload_id"], shown["deployment_mode"]) == ("1394568264055.1.2@amazon.example", "test")


def test_a_cart_shows_its_lines_by_position() -> None:
    shown = inspected(FULL_CART)
    assert (shown["ids"]["buyer_cookie"], shown["type"], shown["operation"]) == ("PR0001-7f3a", None, None)
    assert {name: money for name, money in shown["totals"].items() if money} == {
        "total": usd("50"), "tax": usd("4"), "shipping": usd("2.99"),
    }  # fmt: skip
    assert shown["lines"][1] == {
        "position": 2, "order_id": None, "line_number": 20, "invoice_line_number": None, "quantity": "2.5",
        "unit": "E2", "supplier_part_id": "B0TEST0002", "supplier_part_aux_id": "135-1,2", "description": "Pens 2",
        "unit_price": usd("12.25"), "subtotal": None, "tax": usd("0.72"), "shipping": usd("0.52"), "discount": None,
        "net": None, "extrinsics": {"soldBy": "Seller 2", "category": ""}, "statuses": [],
    }  # fmt: skip


def test_a_confirmation_shows_every_confirm_id_once_the_header_first() -> None:
    shown = inspected(FULL_CONFIRMATION)
    assert shown["ids"]["confirm_ids"] == ["111-0", "111-1-1", "111-1-2", "111-2-1", "111-2-2"]
    assert (shown["type"], shown["operation"]) == ("detail", "update")
    assert shown["ids"]["original_payload_id"] == "earlier@amazon.example"
    assert shown["notice_date"] == shown["dates"]["noticeDate"]
    assert shown["orders"][0]["order_id"] == "106001"
    assert shown["extrinsics"] == {"group": "A"}
    assert shown["comments"][1] == {"type": None, "text": "prose"}


def test_a_confirmation_shows_its_statuses() -> None:
    line = inspected(FULL_CONFIRMATION)["lines"][1]
    assert (line["order_id"], line["line_number"], line["quantity"]) == ("106001", 2, "4")
    assert line["statuses"][1] == {
        "type": "reject", "quantity": "2", "unit": "S2", "confirm_id": "111-2-2", "unit_price": usd("10.22"),
        "tax": usd("1.22"), "shipping": usd("0.22"), "error_code": "015-002",
        "shipment_date": {"text": "2026-03-22T00:00:00+00:00", "utc": "2026-03-22T00:00:00+00:00", "repair": None},
        "delivery_date": {"text": "2026-04-22", "utc": None, "repair": None},
        "comments": [{"type": "confirmID", "text": "111-2-2"}, {"type": "LineItemErrorCode", "text": "015-002"}],
    }  # fmt: skip


def test_a_ship_notice_shows_one_line_an_item_over_all_portions() -> None:
    shown = inspected(FULL_SHIP_NOTICE)
    lines = [(line["position"], line["order_id"], line["line_number"], line["quantity"]) for line in shown["lines"]]
    assert lines == [(1, "106001", 1, "11"), (2, "106001", 2, "12"), (3, "106002", 1, "21"), (4, "106002", 2, "22")]
    assert [order["order_id"] for order in shown["orders"]] == ["106001", "106002"]
    assert shown["shipment"]["tracking"] == ["1Z1", "1Z2"]
    assert shown["shipment"]["carriers"][0] == {"domain": "SCAC", "text": "UPSN"}
    assert (shown["ids"]["shipment_id"], shown["type"]) == ("D1", "actual")
    assert set(shown["dates"]) == {"noticeDate", "shipmentDate", "deliveryDate"}


def test_an_invoice_shows_its_money_as_stated() -> None:
    shown = inspected(FULL_INVOICE)
    assert (shown["type"], shown["operation"]) == ("lineLevelCreditMemo", "delete")
    assert shown["totals"] == {
        "total": None, "subtotal": usd("80"), "tax": usd("4"), "shipping": usd("2"), "handling": usd("0.3"),
        "discount": usd("-1.25"), "gross": usd("86.3"), "net": usd("85.05"), "due": usd("85.04"),
    }  # fmt: skip
    assert (shown["ids"]["invoice_id"], shown["ids"]["original_invoice_id"]) == ("1T-1", "1T-0")
    assert shown["ids"]["original_payload_id"] == "invoice@amazon.example"
    assert shown["dates"]["invoiceDate"]["utc"] == "2026-03-04T00:00:00+00:00"
    last = shown["lines"][4]
    assert (last["position"], last["order_id"], last["invoice_line_number"], last["line_number"]) == (
        5,
        "106002",
        22,
        2,
    )
    assert (last["discount"], last["net"], last["extrinsics"]) == (usd("-0.22"), usd("22.22"), {"costCentre": "C22"})


def test_a_response_shows_its_status() -> None:
    assert inspected(FULL_RESPONSE)["status"] == {"code": 200, "text": "OK", "message": "all is well"}


@pytest.mark.parametrize(
    ("text", "repair"),
    [("2026-03-02T10:00:00+0000", "STRUCT_DEVIATION"), ("2026-03-02T10:00:00Z", "STRUCT_DEVIATION"),
     ("2026-03-02T10:00:00", "TS_NAIVE"), ("2026-03-02T10:00:00+00:00", None)],
)  # fmt: skip
def test_a_repaired_instant_names_its_repair(text: str, repair: str | None) -> None:
    shown = inspected(confirmation(notice=text))["notice_date"]
    assert shown == {"text": text, "utc": "2026-03-02T10:00:00+00:00", "repair": repair}


def test_of_two_extrinsics_with_one_name_the_first_is_shown() -> None:
    twice = '<Extrinsic name="a">1</Extrinsic><Extrinsic name="b">2</Extrinsic><Extrinsic name="a">3</Extrinsic>'
    assert inspected(confirmation(header=twice))["extrinsics"] == {"a": "1", "b": "2"}


def test_notes_and_unread_paths_are_shown() -> None:
    shown = inspected(confirmation(header="<Contact role='x'/>", notice="2026-03-02T10:00:00Z"))
    assert shown["unread"][1] == "/cXML/Request/ConfirmationRequest/ConfirmationHeader/Contact/@role"
    assert shown["notes"][0]["code"] == "STRUCT_DEVIATION"
    assert shown["notes"][0]["where"].endswith("@noticeDate")


def test_an_order_shows_its_lines_and_what_it_asks_for() -> None:
    shown = inspected(FULL_ORDER)
    assert (shown["operation"], shown["type"]) == ("update", "regular")
    assert [order["order_id"] for order in shown["orders"]] == ["106001"]
    assert set(shown["dates"]) == {"orderDate", "requestedDeliveryDate"}
    assert [(line["line_number"], line["quantity"]) for line in shown["lines"]] == [(10, "1.5"), (20, "2.5")]


def test_a_status_update_shows_the_document_it_is_about() -> None:
    shown = inspected(FULL_STATUS_UPDATE)
    assert shown["status"] == {"code": 201, "text": "Accepted", "message": "queued"}
    assert (shown["ids"]["original_payload_id"], shown["ids"]["invoice_id"]) == ("invoice@amazon.example", "1T-1")


def test_a_summary_counts_what_no_field_holds() -> None:
    documents = [
        FULL_ORDER,
        confirmation(header="<Contact role='x'/>"),
        confirmation(header="<Contact role='y'/>"),
        b"",
    ]
    shown = summary(as_json(read(data), "a.xml") for data in documents)
    assert shown["documents"] == 4
    assert shown["kinds"] == {"ConfirmationRequest": 2, "OrderRequest": 1, "(none)": 1}
    assert shown["verdicts"] == {"accepted": 3, "quarantined": 1}
    assert shown["reasons"] == {"XML_REJECTED": 1}
    assert shown["unread"]["/cXML/Request/ConfirmationRequest/ConfirmationHeader/Contact/@role"] == 2
    assert shown["notes"] == {}
    assert shown["by_kind"] == {
        "ConfirmationRequest": {"accepted": 2},
        "(none)": {"XML_REJECTED": 1},
        "OrderRequest": {"accepted": 1},
    }
    assert list(shown["kinds"]) == list(shown["by_kind"])
