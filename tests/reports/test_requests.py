"""The table of requests: a row for each request and each line, with what is known of them."""

from zoneinfo import ZoneInfo

from lxml import html

from punchout.reports.tracking import render
from tests.reports.pages import lines_of, page, rows_of, searched_by, table_of
from tests.reports.statuses import confirmed, invoiced, line, report, request, shipped


def test_a_request_shows_its_order_its_stage_and_the_totals_of_its_lines() -> None:
    lines = [invoiced(10000, 3), confirmed(20000, 2, accepted="1", rejected="1")]
    given = request(
        "PR1", "Partially Invoiced", lines, order_id="106001", order_confirmation_id="111-2",
        order_confirmation_ids=["111-1", "111-2"],
    )  # fmt: skip
    assert rows_of(report([given])) == [
        ["PR1", "106001", "Partially Invoiced", "111-2, 111-1", "5", "4", "3", "3", "49.95 USD", "2026-03-04",
         "2026-03-09", "1KX7-4QWD-91FH", "2026-03-05", ""]
    ]  # fmt: skip


def test_totals_are_exact() -> None:
    lines = [line(number, 0) | {"ordered": "0.1"} for number in range(10)]
    assert rows_of(report([request("PR1", "New", lines)]))[0][4] == "1"


def test_a_line_shows_what_business_central_is_told_of_it() -> None:
    given = request("PR1", "Invoiced", [invoiced(10000, 3, tracking=["1Z1", "1Z2"], description="Pens")])
    assert lines_of(report([given])) == [
        ["10000", "B07XJ8C8F5", "Pens", "1Z1, 1Z2", "3", "3", "3", "3", "29.97", "2026-03-04", "2026-03-09",
         "1KX7-4QWD-91FH", "2026-03-05", "confirmed, ship full, invoice full"]
    ]  # fmt: skip


def test_a_value_that_stands_for_several_says_how_many() -> None:
    folded = invoiced(10000, 3, invoice_ids=3, shipping_dates=2)
    (row,) = lines_of(report([request("PR1", "Invoiced", [folded])]))
    assert row[9:13] == ["2026-03-04 2 values", "2026-03-09", "1KX7-4QWD-91FH 3 values", "2026-03-05"]


def test_lines_that_differ_are_counted_in_the_row_of_their_request() -> None:
    lines = [shipped(10000, 1), shipped(20000, 1, day="2026-03-05"), line(30000, 1)]
    assert rows_of(report([request("PR1", "Partially Shipped", lines)]))[0][9:11] == ["2 dates", "2026-03-09"]


def test_quantities_without_a_column_of_their_own_are_in_the_state() -> None:
    unusual = shipped(10000, 5, rejected="1", backordered="2", returned="3", credited="4", confirmed_price="10.49")
    (row,) = lines_of(report([request("PR1", "Shipped", [unusual])]))
    assert row[13] == ("confirmed, ship full, 1 rejected, 2 backordered, 3 returned, 4 credited, price 9.99 → 10.49")


def test_a_line_of_a_cart_shows_what_is_asked_for_and_what_it_would_cost() -> None:
    preview = line(None, 0, requested="2", order_axis="none", cart_position=3, unit_price="419")
    (row,) = lines_of(report([request("PR1", "Cart Received", [preview])]))
    assert (row[0], row[8], row[13]) == ("cart 3", "838.00", "2 requested")


def test_what_happened_is_told_in_the_zone_of_the_company() -> None:
    given = report([request("PR1", "New", [], events=[("2026-03-06T01:00", "Cart Received")])])
    written = render(given, ZoneInfo("America/Los_Angeles"))
    (event,) = table_of(html.document_fromstring(written), "events")
    (asked,) = table_of(html.document_fromstring(written), "requests")
    assert (event["day"], event["time"], asked["happened"]) == ("2026-03-05", "17:00", "Cart Received")
    assert "2026-03-06 09:00 America/Los_Angeles" in written


def test_requests_of_several_companies_name_theirs() -> None:
    given = [request("PR1", "New", []), request("PR1", "New", [], company="FABRIKAM")]
    assert [row[0] for row in rows_of(report(given))] == ["PR1 CRONUS · amazon", "PR1 FABRIKAM · amazon"]


def test_everything_a_person_may_hold_finds_the_request() -> None:
    lines = [invoiced(10000, 1, supplier_part_id="B01", tracking=["1Z1"], invoice="INV-1")]
    given = request(
        "PR1", "Invoiced", lines, order_id="106001", order_confirmation_id="111-1",
        order_confirmation_ids=["111-1", "111-2"], identifiers=["INV-2", "S-77", "111-1"],
    )  # fmt: skip
    assert searched_by(page(report([given]))) == [
        {"PR1", "106001", "111-1", "111-2", "INV-2", "S-77", "D. F.", "B01", "INV-1", "1Z1"}
    ]  # fmt: skip
