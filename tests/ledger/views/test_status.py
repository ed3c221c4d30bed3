"""Where everything stands, as one object that people script against."""

import json

from punchout.ledger.views.status import status_report
from punchout.model.moments import iso_utc
from tests.support.plays import Play
from tests.support.purchases import STAPLER, requests_export
from tests.support.stories import FIRST, SECOND, UNKNOWN, confirmed, invoiced, ordered

REQUEST_KEYS = {
    "company", "supplier", "request_no", "order_id", "stage", "outbox_state", "adopted", "order_confirmation_id",
    "order_confirmation_ids", "exceptions", "lines", "exception_details", "timeline", "outbox_reason",
    "requester_email", "currency", "next_due_at", "charges", "suggestions",
}  # fmt: skip
LINE_KEYS = {
    "line_number", "cart_position", "supplier_part_id", "ordered", "accepted", "rejected", "backordered", "shipped",
    "invoiced", "order_axis", "ship_axis", "invoice_axis", "shipping_date", "delivery_date", "invoice_date",
    "invoice_id", "description", "unit", "unit_price", "confirmed_price", "requested", "returned", "received",
    "credited", "receipt_axis", "shipping_dates", "delivery_dates", "invoice_ids", "invoice_dates", "tracking",
    "match",
}  # fmt: skip


def test_the_report_has_every_name_that_is_promised(told: Play) -> None:
    status = told.status()
    promised = {"as_of", "ledger_hash", "requests", "documents", "document_exceptions", "feeds"}
    assert promised <= set(status)
    for request in status["requests"]:
        assert set(request) >= REQUEST_KEYS
        assert all(set(line) >= LINE_KEYS for line in request["lines"])


def test_the_report_is_plain_json(told: Play) -> None:
    assert json.loads(json.dumps(told.status())) == told.status()


def test_the_report_is_as_of_the_last_sync(told: Play) -> None:
    assert told.status()["as_of"] == iso_utc(told.now)
    assert told.status()["ledger_hash"] == told.hash()


def test_a_report_on_nothing_is_empty(play: Play) -> None:
    documents = {"accepted": 0, "waiting": 0, "duplicate": 0, "quarantined": {}}
    status = play.status()
    assert (status["as_of"], status["requests"], status["documents"], status["feeds"]) == (None, [], documents, [])


def test_requests_stand_in_the_order_of_their_numbers(told: Play) -> None:
    assert [request["request_no"] for request in told.status()["requests"]] == [
        "PO:106003",
        "PR0001",
        "PR0002",
        "PR0004",
    ]


def test_some_requests_are_shown_alone(told: Play) -> None:
    with told.engine.connect() as connection:
        status = status_report(connection, keys=[SECOND.key])
    assert status["requests"] == [told.request("PR0002")]


def test_a_cart_without_lines_in_business_central_is_a_preview(play: Play) -> None:
    play.sync(requests_export(FIRST.new_row()), FIRST.cart())
    request = play.request()
    assert request["stage"] == "Cart Received"
    assert [(line["line_number"], line["cart_position"], line["requested"]) for line in request["lines"]] == [
        (None, 1, "3"),
        (None, 2, "1"),
    ]


def test_a_request_s_way_is_told_at_the_times_its_facts_state(play: Play) -> None:
    invoiced(play)
    timeline = play.request()["timeline"]
    assert [event["what"] for event in timeline] == [
        "Released", "Cart Received", "PO Queued", "PO Sent", "Confirmation", "Shipment", "Invoice",
    ]  # fmt: skip
    assert [event["at"] for event in timeline] == sorted(event["at"] for event in timeline)


def test_the_shipments_of_a_line_give_its_tracking_numbers(told: Play) -> None:
    assert [line["tracking"] for line in told.request()["lines"]] == [["1ZS1"], ["1ZS2"]]


def test_an_exception_says_what_to_do_about_which_line(told: Play) -> None:
    (rejected,) = [one for one in told.request()["exception_details"] if one["code"] == "CONF_REJECTED_LINE"]
    assert (rejected["subject"], rejected["line_number"], rejected["severity"]) == ("line", 10_000, "error")
    assert (rejected["amount_at_risk"], rejected["currency"]) == ("10", "USD")
    assert rejected["action"]


def test_documents_are_counted_by_what_became_of_them(play: Play) -> None:
    again = confirmed(FIRST).saying("another@x", instead_of="PR0001-confirmation-111-PR0001-new@amazon.example")
    play.sync(*FIRST.exported(), confirmed(FIRST), again, confirmed(UNKNOWN))
    assert play.status()["documents"] == {"accepted": 3, "waiting": 1, "duplicate": 1, "quarantined": {}}


def test_each_feed_says_when_it_last_brought_something(play: Play) -> None:
    ordered(play)
    feeds = {feed["feed"]: (feed["documents"], feed["last_received_at"]) for feed in play.status()["feeds"]}
    assert feeds == {
        "cxml": (1, "2026-03-02T17:00:00+00:00"),
        "bc_requests": (2, "2026-03-02T18:00:00+00:00"),
        "bc_orders": (1, "2026-03-02T18:00:00+00:00"),
    }


def test_the_current_row_of_business_central_is_the_one_that_is_shown(play: Play) -> None:
    newer = FIRST.row(modified="02T16:45", requesterEmail="new@example.com")
    play.sync(requests_export(newer, name="newer.json"), requests_export(FIRST.row(), name="older.json"))
    assert play.request()["requester_email"] == "new@example.com"


def test_a_line_shows_how_it_stands_in_the_three_way_match(finished: Play) -> None:
    found = finished.request()["lines"][1]["match"]
    assert found == {
        "word": "within tolerance", "words": ["within tolerance"], "price_base": "confirmed", "currency": "USD",
        "ordered": "1", "confirmed": "1", "effective": "1", "shipped": "1", "received": None, "invoiced": "1",
        "credited": "0", "price_expected": "20", "price_tolerance": "0.1", "price_invoiced": "10",
        "amount_invoiced": "10", "amount_at_variance": "0", "tax_expected": None, "tax_tolerance": None,
        "tax_invoiced": None, "charges": "0", "charges_expected": None, "charges_tolerance": "0",
    }  # fmt: skip


def test_what_an_invoice_bills_beside_the_lines_is_shown(finished: Play) -> None:
    shipping = '<ShippingAmount><Money currency="USD">4.50</Money></ShippingAmount>'
    freight = f"<InvoiceDetailSummary>{shipping}</InvoiceDetailSummary>"
    finished.sync(FIRST.invoice("I9").saying(freight, instead_of="<InvoiceDetailSummary/>"))
    (charge,) = finished.request()["charges"]
    assert (charge["kind"], charge["amount"], charge["line_key"], charge["ordinals"]) == ("shipping", "4.5", None, [])


def test_a_likely_line_is_shown_and_never_applied(placed: Play) -> None:
    vague = FIRST.invoice("I9", (9, "1")).saying("20.00", instead_of="10.00")
    reference = f'<InvoiceDetailItemReference lineNumber="0"><Description>Part {STAPLER.part}</Description>'
    described = f"{reference}</InvoiceDetailItemReference>"
    placed.sync(vague.saying(described, instead_of='<InvoiceDetailItemReference lineNumber="9"/>'))
    request = placed.request()
    assert [(one["line_number"], one["rule"]) for one in request["suggestions"]] == [(20000, "L10")]
    assert [line["invoiced"] for line in request["lines"]] == ["0", "0"]
