"""The head of the report: how fresh it is, what is at stake, and how far the requests are."""

import re

from punchout.model.codes import Code
from punchout.reconciliation.stages import Stage
from tests.reports.demo import demo
from tests.reports.pages import found, page, texts, tile
from tests.reports.statuses import exception, report, request


def test_money_at_risk_is_the_sum_of_the_worklist_for_each_currency() -> None:
    problems = [
        exception(Code.CONF_OVERDUE, "0.1"),
        exception(Code.INV_QTY_OVER, "0.2"),
        exception(Code.INV_BEFORE_SHIP, "1234567.005", currency="EUR"),
        exception(Code.CONF_BACKORDER, "5", currency=""),
        exception(Code.MULTI_VALUE_PROJECTED),
    ]
    given = report([request("PR1", "Invoiced", [], problems[:2]), request("PR2", "Invoiced", [], problems[2:])])
    assert tile(page(given), "Money at risk").startswith("1,234,567.005 EUR 5.00 LCY 0.30 USD")


def test_orders_in_doubt_are_an_alarm() -> None:
    given = [request(f"PR{n}", "PO Queued", [], outbox_state="in_doubt") for n in range(2)]
    shown = page(report(given))
    assert "2" in tile(shown, "Orders in doubt")
    assert texts(shown, "//div[@class='alarm']/dt") == ["Orders in doubt"]


def test_without_an_order_in_doubt_there_is_no_alarm() -> None:
    shown = page(report([request("PR1", "PO Sent", [])]))
    assert tile(shown, "Orders in doubt").startswith("0")
    assert not found(shown, "//div[@class='alarm']")


def test_the_stages_are_counted_and_each_has_its_place() -> None:
    shown = page(demo())
    counted = dict(re.findall(r"([A-Z][A-Za-z ]+) (\d+)", "\n".join(texts(shown, "//section[@class='funnel']//li"))))
    assert set(counted) == {stage.value for stage in Stage}
    assert sum(int(count) for count in counted.values()) == 16
    assert counted["Invoiced"] == "3"
    assert counted["Cancelled"] == "0"


def test_a_feed_that_has_been_silent_for_a_day_is_stale() -> None:
    feeds = [
        {"feed": "cxml", "documents": 1, "last_received_at": "2026-03-06T16:15:00+00:00"},
        {"feed": "bc-orders", "documents": 2, "last_received_at": "2026-03-05T16:59:00+00:00"},
        {"feed": "bc-requests", "documents": 0, "last_received_at": None},
        {"feed": "late", "documents": 1, "last_received_at": "2026-03-06T17:01:00+00:00"},
    ]
    assert texts(page(report(feeds=feeds)), "//ul[@class='feeds']/li") == [
        "cxml 1 document, last 2026-03-06 16:15 (45 min before)",
        "bc-orders 2 documents, last 2026-03-05 16:59 (24 h before, stale)",
        "bc-requests 0 documents, last never",
        "late 1 document, last 2026-03-06 17:01",
    ]
