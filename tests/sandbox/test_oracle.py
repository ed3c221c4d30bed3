"""Values of the oracle for single requests, written by hand from the rules of the exchange."""

from punchout.sandbox.identifiers import Identifiers
from tests.sandbox.conftest import Played


def test_a_cart_without_lines_in_business_central_is_a_preview(played: Played) -> None:
    lines = played.request("PR1001", 1)["lines"]
    assert [(line["line_number"], line["cart_position"], line["ordered"]) for line in lines] == [
        (None, 1, "0"),
        (None, 2, "0"),
    ]


def test_dates_are_cut_in_los_angeles(played: Played) -> None:
    first = played.request("PR1001", 5)["lines"][0]
    # 06:30 UTC is the evening before; 07:30 UTC on 9 March is half past midnight, for summer time has begun.
    assert (first["shipping_date"], first["delivery_date"], first["invoice_date"]) == (
        "2026-03-04",
        "2026-03-09",
        "2026-03-05",
    )


def test_a_wholly_rejected_line_leaves_the_order_confirmed(played: Played) -> None:
    row = played.request("PR1003", 3)
    assert (row["stage"], row["exceptions"]) == ("Order Confirmed", ["CONF_REJECTED_LINE"])
    assert [line["order_axis"] for line in row["lines"]] == ["settled", "rejected", "confirmed"]


def test_a_settled_line_is_shipped_in_full_at_its_accepted_quantity(played: Played) -> None:
    row = played.request("PR1003", 4)
    assert [line["ship_axis"] for line in row["lines"]] == ["full", "none", "full"]
    assert row["stage"] == "Shipped"


def test_a_lost_reply_is_in_doubt_until_the_confirmation(played: Played) -> None:
    first, later = played.request("PR1004", 2), played.request("PR1004", 3)
    assert (first["outbox_state"], first["exceptions"]) == ("in_doubt", ["SEND_AMBIGUOUS"])
    assert (later["outbox_state"], later["exceptions"]) == ("sent", [])


def test_a_line_over_two_shipments_shows_the_first_shipping_and_the_last_delivery_date(played: Played) -> None:
    row = played.request("PR1005", 7)
    assert row["lines"][0] == {
        "line_number": 10000,
        "cart_position": 1,
        "supplier_part_id": row["lines"][0]["supplier_part_id"],
        "ordered": "5",
        "accepted": "5",
        "rejected": "0",
        "backordered": "0",
        "shipped": "5",
        "invoiced": "5",
        "order_axis": "confirmed",
        "ship_axis": "full",
        "invoice_axis": "full",
        "shipping_date": "2026-03-05",
        "delivery_date": "2026-03-09",
        "invoice_id": Identifiers(7).invoice("PR1005/2"),
        "invoice_date": "2026-03-05",
    }
    assert row["exceptions"] == ["MULTI_VALUE_PROJECTED"]


def test_a_wholly_rejected_order_has_both_codes_and_no_confirmation_id(played: Played) -> None:
    row = played.request("PR1006", 3)
    assert row["exceptions"] == ["CONF_REJECTED_LINE", "CONF_REJECTED_ORDER"]
    assert (row["order_confirmation_id"], row["order_confirmation_ids"]) == (None, [])


def test_a_refused_order_keeps_what_it_ordered(played: Played) -> None:
    row = played.request("PR1007", 8)
    assert (row["outbox_state"], row["exceptions"]) == ("refused", ["SEND_PERMANENT"])
    assert [(line["ordered"], line["order_axis"]) for line in row["lines"]] == [("1", "sent"), ("1", "sent")]


def test_a_backordered_quantity_is_replaced_by_the_update(played: Played) -> None:
    before, after = played.request("PR1008", 3), played.request("PR1008", 5)
    quantities = ("accepted", "rejected", "backordered", "order_axis")
    assert [[line[name] for name in quantities] for line in before["lines"]] == [
        ["1", "0", "2", "partial"],
        ["0", "0", "4", "backordered"],
    ]
    assert [[line[name] for name in quantities] for line in after["lines"]] == [
        ["3", "0", "0", "confirmed"],
        ["4", "0", "0", "confirmed"],
    ]
    assert len(after["order_confirmation_ids"]) == 2


def test_an_invoice_before_its_ship_notice_is_flagged_after_three_days_and_cleared_by_the_notice(
    played: Played,
) -> None:
    flagged = [played.request("PR1009", at)["exceptions"] for at in range(4, 9)]
    assert flagged == [[], [], [], ["INV_BEFORE_SHIP"], []]


def test_an_order_is_overdue_from_24_hours_after_it_was_sent(played: Played) -> None:
    # Sent in round 3: round 4 is 23 hours later. Sent in round 4: round 5 is exactly 24 hours later.
    assert [played.request("PR1010", at)["exceptions"] for at in (3, 4, 5, 8)] == [
        [],
        [],
        ["CONF_OVERDUE"],
        ["CONF_OVERDUE"],
    ]
    assert [played.request("PR1013", at)["exceptions"] for at in (3, 4, 5, 6)] == [
        ["OUT_VALIDATION"],
        [],
        ["CONF_OVERDUE"],
        [],
    ]


def test_an_over_invoiced_line_is_flagged(played: Played) -> None:
    row = played.request("PR1011", 5)
    assert row["exceptions"] == ["INV_QTY_OVER"]
    assert [line["invoice_axis"] for line in row["lines"]] == ["over", "full"]


def test_a_ship_notice_with_an_unknown_line_moves_the_known_ones(played: Played) -> None:
    row = played.request("PR1012", 4)
    assert (row["stage"], row["exceptions"]) == ("Shipped", ["LINE_NOT_FOUND"])


def test_an_order_with_two_amazon_orders_shows_the_one_named_first(played: Played) -> None:
    row = played.request("PR1015", 4)
    both = [Identifiers(7).amazon_order("PR1015", via) for via in (1, 2)]
    assert (row["order_confirmation_id"], row["order_confirmation_ids"]) == (both[0], sorted(both))
    assert row["exceptions"] == ["MULTI_VALUE_PROJECTED"]
