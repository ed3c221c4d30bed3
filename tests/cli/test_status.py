"""`punchout status` and `punchout trace`: by any identifier, where it stands and why."""

import json

import pytest

from tests.cli.homes import Home, Telling, punchout
from tests.support.purchases import Purchase

STRANGER = Purchase(number="PR0099", order_id="106099")


@pytest.fixture
def invoiced(home_after: Telling) -> Home:
    """A home in which one order was confirmed, shipped and invoiced, and one document waits for its order."""
    return home_after(one_invoiced_and_one_waiting)


def one_invoiced_and_one_waiting(home: Home) -> None:
    purchase = Purchase()
    home.play.sync(*purchase.exported(), purchase.cart())
    home.play.later(24)
    home.play.sync(
        purchase.confirmation("112-1", (1, "accept", "3"), (2, "accept", "1")),
        purchase.ship_notice("SHIP1", (1, "3"), (2, "1")),
        purchase.invoice("INV1", (1, "3"), (2, "1")),
        STRANGER.confirmation("112-9", (1, "accept", "3")),
    )


def test_all_as_json_is_exactly_one_object(invoiced: Home) -> None:
    lines = invoiced.run("status", "--all", "--json").stdout.splitlines()
    assert len(lines) == 1
    report = json.loads(lines[0])
    assert {"as_of", "ledger_hash", "requests", "documents"} <= set(report)
    assert report["requests"][0]["stage"] == "Invoiced"
    assert report["documents"]["waiting"] == 1


@pytest.mark.parametrize("identifier", ["PR0001", "106001", "112-1", "SHIP1", "1ZSHIP1", "INV1", "B0TEST0001"])
def test_any_identifier_leads_to_the_request(identifier: str, invoiced: Home) -> None:
    found = invoiced.json("status", identifier)
    assert [request["request_no"] for request in found["requests"]] == ["PR0001"]


def test_people_see_stage_lines_and_dates(invoiced: Home) -> None:
    shown = invoiced.run("status", "PR0001").stdout
    assert "PR0001: Invoiced" in shown
    assert all(text in shown for text in ("106001", "112-1", "2026-03-04", "INV1", "PO Sent"))


def test_a_document_without_its_order_says_what_it_waits_for(invoiced: Home) -> None:
    found = invoiced.json("status", "112-9")
    assert found["requests"] == []
    assert found["documents"][0]["standing"] == "waits for order 106099"
    assert "waits for order 106099" in invoiced.run("status", "106099").stdout


def test_what_nobody_knows_is_a_usage_error_that_helps(invoiced: Home) -> None:
    result = invoiced.run("status", "PR9999")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "`punchout status --all`" in result.stderr


def test_an_identifier_of_several_requests_lists_them(invoiced: Home) -> None:
    other = Purchase(number="PR0002", order_id="106002")
    invoiced.play.later(1)
    invoiced.play.sync(*other.exported())
    shown = invoiced.run("status", "B0TEST0001").stdout
    assert "2 requests" in shown
    assert "PR0002" in shown


def test_without_an_identifier_it_counts(invoiced: Home) -> None:
    counted = invoiced.json("status")
    assert counted["stages"] == {"Invoiced": 1}
    assert counted["outbox"] == {"sent": 1}
    assert "waiting for their order" in invoiced.run("status").stdout


def test_an_identifier_and_all_are_not_asked_for_together(invoiced: Home) -> None:
    assert invoiced.run("status", "PR0001", "--all").exit_code == 2


def test_a_trace_leads_back_to_document_and_place(invoiced: Home) -> None:
    found = invoiced.json("trace", "INV1")
    dated = next(value for value in found["values"] if value["field"] == "invoice_id")
    assert (found["request_no"], dated["value"]) == ("PR0001", "INV1")
    assert any("invoiceID" in source["path"] for source in dated["sources"])


def test_a_trace_is_drawn_for_people(invoiced: Home) -> None:
    shown = invoiced.run("trace", "PR0001").stdout
    assert "PR0001: Invoiced" in shown
    assert "@invoiceID" in shown


def test_a_trace_of_what_waits_says_so(invoiced: Home) -> None:
    result = invoiced.run("trace", "112-9")
    assert result.exit_code == 2
    assert "belongs to no request yet" in result.stderr


def test_data_and_talk_are_kept_apart(invoiced: Home) -> None:
    done = punchout("status", "--all", "--json")
    assert done.returncode == 0
    assert done.stderr == ""
    assert json.loads(done.stdout)["requests"][0]["request_no"] == "PR0001"
    assert invoiced.order().state == "sent"
