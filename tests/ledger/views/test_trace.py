"""Tracing: every value with its rule, and the document, path and text it rests on."""

from typing import Any

import pytest

from punchout.ledger.views.trace import trace
from punchout.model.keys import RequestKey
from resources.policies import policies
from tests.support.plays import Play
from tests.support.purchases import SECRET, requests_export
from tests.support.stories import FIRST, SECOND

EXPECTED = {
    ("request", "order_confirmation_id"): (
        "PR0001-confirmation-111-PR0001-new.xml",
        "/cXML/Request/ConfirmationRequest/ConfirmationHeader/@confirmID",
        "111-PR0001",
    ),
    ("line 10000", "accepted"): (
        "PR0001-confirmation-111-PR0001-new.xml",
        "/cXML/Request/ConfirmationRequest/ConfirmationItem[1]/ConfirmationStatus[1]/@quantity",
        "3",
    ),
    ("line 20000", "accepted"): (
        "PR0001-confirmation-111-PR0001-new.xml",
        "/cXML/Request/ConfirmationRequest/ConfirmationItem[2]/ConfirmationStatus[1]/@quantity",
        "1",
    ),
    ("line 10000", "shipped"): (
        "PR0001-shipment-S-PR0001-new.xml",
        "/cXML/Request/ShipNoticeRequest/ShipNoticePortion[1]/ShipNoticeItem[1]/@quantity",
        "3",
    ),
    ("line 10000", "shipping_date"): (
        "PR0001-shipment-S-PR0001-new.xml",
        "/cXML/Request/ShipNoticeRequest/ShipNoticeHeader/@shipmentDate",
        "2026-03-04T08:00:00+00:00",
    ),
    ("line 10000", "delivery_date"): (
        "PR0001-shipment-S-PR0001-new.xml",
        "/cXML/Request/ShipNoticeRequest/ShipNoticeHeader/@deliveryDate",
        "2026-03-06T20:00:00+00:00",
    ),
    ("line 20000", "invoice_id"): (
        "PR0001-invoice-I-PR0001-standard.xml",
        "/cXML/Request/InvoiceDetailRequest/InvoiceDetailRequestHeader/@invoiceID",
        "I-PR0001",
    ),
    ("line 20000", "invoice_date"): (
        "PR0001-invoice-I-PR0001-standard.xml",
        "/cXML/Request/InvoiceDetailRequest/InvoiceDetailRequestHeader/@invoiceDate",
        "2026-03-05T00:00:00+00:00",
    ),
}


def traced(play: Play, key: RequestKey = FIRST.key) -> dict[str, Any]:
    with play.engine.connect() as connection:
        return trace(connection, key, policies(play.settings), play.now)


def value_of(found: dict[str, Any], subject: str, field: str) -> dict[str, Any]:
    (value,) = [one for one in found["values"] if (one["subject"], one["field"]) == (subject, field)]
    return dict(value)


@pytest.mark.parametrize(("subject", "field"), EXPECTED, ids=[" ".join(key) for key in EXPECTED])
def test_a_value_leads_to_document_path_and_text(finished: Play, subject: str, field: str) -> None:
    value = value_of(traced(finished), subject, field)
    (source,) = value["sources"]
    assert (source["file"], source["path"], source["text"]) == EXPECTED[subject, field]
    assert value["rule"]


def test_every_value_is_the_one_that_the_status_shows(told: Play) -> None:
    found, status = traced(told), told.request()
    assert found["stage"] == status["stage"]
    for line in status["lines"]:
        subject = f"line {line['line_number']}"
        for field in (
            "accepted",
            "shipped",
            "invoiced",
            "shipping_date",
            "delivery_date",
            "invoice_id",
            "invoice_date",
        ):
            shown = [one["value"] for one in found["values"] if (one["subject"], one["field"]) == (subject, field)]
            assert shown == [line[field]] or (not shown and line[field] in (None, "0")), (subject, field)


def test_every_source_in_a_document_shows_the_text_that_stands_there(told: Play) -> None:
    sources = [source for value in traced(told)["values"] for source in value["sources"] if source["document_id"]]
    assert len(sources) > 10
    assert [source for source in sources if source["text"] is None] == []


def test_a_value_that_rests_on_several_documents_names_them_all(told: Play) -> None:
    files = {source["file"] for source in value_of(traced(told), "line 10000", "invoiced")["sources"]}
    assert files == {"PR0001-invoice-I1-standard.xml", "PR0001-invoice-C1-lineLevelCreditMemo.xml"}


def test_a_document_is_named_as_it_came_first(finished: Play) -> None:
    invoice = FIRST.invoice("I-PR0001", (1, "3"), (2, "1"))
    finished.sync(invoice.again("much-later.xml"))
    (source,) = value_of(traced(finished), "line 10000", "invoice_id")["sources"]
    assert source["file"] == "PR0001-invoice-I-PR0001-standard.xml"


def test_what_business_central_says_leads_to_its_export(play: Play) -> None:
    play.sync(requests_export(FIRST.row(status="pendingApproval", purchaseOrderNumber=None), name="export.json"))
    (source,) = value_of(traced(play), "request", "stage")["sources"]
    assert (source["file"], source["path"], source["text"]) == ("export.json", "row 1, status", "pendingApproval")


def test_no_trace_shows_a_secret(told: Play) -> None:
    assert SECRET not in repr([traced(told), traced(told, SECOND.key)])


def test_a_request_that_nobody_knows_has_no_values_that_rest_on_anything(play: Play) -> None:
    assert [value for value in traced(play)["values"] if value["sources"]] == []


MATCHED = {
    "price_expected": ("10", ["order"]),
    "price_invoiced": ("10", ["InvoiceDetailRequest"]),
    "match": ("matched", ["InvoiceDetailRequest"]),
}


@pytest.mark.parametrize("field", MATCHED)
def test_the_three_way_match_leads_to_its_places(finished: Play, field: str) -> None:
    found = value_of(traced(finished), "line 10000", field)
    assert (found["value"], [source["kind"] for source in found["sources"]]) == MATCHED[field]


def test_a_billed_price_leads_to_its_place(finished: Play) -> None:
    (source,) = value_of(traced(finished), "line 10000", "price_invoiced")["sources"]
    path = "/cXML/Request/InvoiceDetailRequest/InvoiceDetailOrder[1]/InvoiceDetailItem[1]/UnitPrice/Money"
    assert (source["path"], source["text"], source["match_rule"]) == (path, "10.00", "L1/970")


def test_every_document_says_by_what_it_belongs_here(finished: Play) -> None:
    placed = {one["file"]: (one["rule"], one["found_by"]) for one in traced(finished)["documents"]}
    assert placed["PR0001-cart.xml"] == ("COOKIE", "cookie cookie-PR0001")
    assert placed["PR0001-invoice-I-PR0001-standard.xml"] == ("O1", f"payload {FIRST.payload_id}")
    assert placed["PR0001.json"] == ("BC", None)
