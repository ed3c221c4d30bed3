"""Cases 13 to 24: rejections, cancellations, receipts, order of arrival, line numbers, times and units."""

import pytest

from tests.support.cases import Case, billed, item, items, part, status
from tests.support.deliveries import Delivery
from tests.support.purchases import (
    orders_export,
    stamp,
)

RECEIPTS = {"reconciliation": {"receipts": {"in_scope": True}}}


def changed_order(case: Case, **line: str) -> Delivery:
    """Give an export in which the purchase order's first line was changed after it was sent."""
    row = case.purchase.order_row(modified="04T12:00")
    first, *rest = row["purchaseOrderLines"]
    return orders_export({**row, "purchaseOrderLines": [{**first, **line}, *rest]}, at="04T13:00", name="changed.json")


def test_case_13_a_line_is_rejected_and_the_rest_goes_its_way(case: Case) -> None:
    case.order(3, 1)
    refused = status("reject", 2, '<Comments type="LineItemErrorCode">123-456</Comments>')
    case.arrive(case.confirm("111-1", item(1, 3, status("accept", 1), refused), item(2, 1)), at="03T12:00")
    assert case.told() == ("Order Confirmed", ["1/0/0", "1/0/0"], ["CONF_PARTIAL_QTY", "CONF_REJECTED_LINE"])
    details = {one["code"]: one["detail"] for one in case.request()["exception_details"]}
    assert "123-456" in details["CONF_REJECTED_LINE"]
    case.arrive(case.ship("S1", (1, 1), (2, 1)))
    assert case.told()[:2] == ("Shipped", ["1/1/0", "1/1/0"])


def test_case_14_cancelled_in_business_central_only(case: Case) -> None:
    case.order(3)
    case.arrive(case.confirm("111-1", *items(3)), changed_order(case, quantity="0"), at="05T12:00")
    assert case.told() == ("Order Confirmed", ["3/0/0"], ["BC_CANCELLED_NOT_AT_AMAZON"])
    assert case.request()["exception_details"][0]["severity"] == "critical"
    case.arrive(case.ship("S1", (1, 3)))
    assert case.told() == ("Shipped", ["3/3/0"], ["BC_CANCELLED_NOT_AT_AMAZON"])
    assert case.request()["exception_details"][0]["severity"] == "error"


@pytest.mark.parametrize("case", [RECEIPTS], indirect=True)
def test_case_15_invoiced_and_not_received(case: Case) -> None:
    case.order(3)
    case.arrive(case.ship("S1", (1, 3)), case.bill("I1", billed(1, 3)), at="11T19:59")
    assert case.told() == ("Invoiced", ["0/3/3"], [])
    case.wait("11T20:00")
    assert case.told() == ("Invoiced", ["0/3/3"], ["INV_NOT_RECEIVED"])


@pytest.mark.parametrize("case", [RECEIPTS], indirect=True)
def test_case_16_less_was_received_than_shipped(case: Case) -> None:
    case.order(3)
    case.arrive(case.ship("S1", (1, 3)), case.bill("I1", billed(1, 3)), changed_order(case, receivedQuantity="2"))
    line = case.request()["lines"][0]
    assert (line["received"], line["receipt_axis"], line["match"]["word"]) == ("2", "partial", "not received")
    case.wait("20T12:00")
    assert case.told() == ("Invoiced", ["0/3/3"], ["INV_NOT_RECEIVED"])


def test_case_17_the_invoice_comes_before_ship_notice_and_confirmation(case: Case) -> None:
    case.order(3)
    case.arrive(case.bill("I1", billed(1, 3)), at="07T23:59")
    assert case.told() == ("Invoiced", ["0/0/3"], [])
    case.wait("08T00:00")
    assert case.told() == ("Invoiced", ["0/0/3"], ["INV_BEFORE_SHIP"])
    case.arrive(case.confirm("111-1", *items(3)), case.ship("S1", (1, 3)), at="08T12:00")
    assert case.told() == ("Invoiced", ["3/3/3"], [])


def test_case_18_the_confirmation_never_comes(case: Case) -> None:
    case.order(3)
    case.wait("03T17:59")
    assert case.told() == ("PO Sent", ["0/0/0"], [])
    case.wait("03T18:00")
    assert case.told() == ("PO Sent", ["0/0/0"], ["CONF_OVERDUE"])
    case.arrive(case.ship("S1", (1, 3)))
    assert case.told() == ("Shipped", ["0/3/0"], [])


def test_case_19_documents_number_lines_in_their_own_way(case: Case) -> None:
    case.order(3, 2)
    lines = (billed(10_000, 3, about=part("B0TEST0001")), billed(20_000, 2, place=2, about=part("B0TEST0002")))
    case.arrive(case.ship("S1", (2, 2), (1, 3)), case.bill("I1", *lines))
    assert case.told() == ("Invoiced", ["0/3/3", "0/2/2"], [])


def test_case_20_a_portion_without_items_ships_the_open_accepted_quantity(case: Case) -> None:
    case.order(3, 1)
    agreed = case.confirm("111-1", item(1, 3, status("accept", 2), status("reject", 1)), item(2, 1))
    case.arrive(agreed, case.ship("S1", (1, 1)), case.ship("S2"))
    assert case.told() == (
        "Shipped",
        ["2/2/0", "1/1/0"],
        ["CONF_PARTIAL_QTY", "CONF_REJECTED_LINE", "SHIP_WHOLE_ORDER_IMPLIED"],
    )


def test_case_21_a_ship_notice_without_part_ids_and_carrier(case: Case) -> None:
    case.order(3, 1)
    notice = case.ship("S1", (2, 1), (1, 3))
    text = notice.data.decode()
    control = text[text.index("<ShipControl>") : text.index("<ShipNoticePortion>")]
    case.arrive(notice.saying("", instead_of=control))
    assert case.told() == ("Shipped", ["0/3/0", "0/1/0"], ["TRACKING_MISSING"])


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-03-05T18:00:00-08:00", "2026-03-05"),
        ("2026-03-06T02:00:00Z", "2026-03-05"),
        ("2026-03-06T11:00:00+0900", "2026-03-05"),
        ("2026-03-05", "2026-03-05"),
    ],
)
def test_case_22_times_in_every_spelling_are_cut_in_the_companys_zone(case: Case, text: str, day: str) -> None:
    case.order(3)
    notice = case.ship("S1", (1, 3)).saying(f'shipmentDate="{text}"', instead_of=f'shipmentDate="{stamp("04T08:00")}"')
    case.arrive(notice)
    assert (case.told()[:2], case.request()["lines"][0]["shipping_date"]) == (("Shipped", ["0/3/0"]), day)


def test_case_22_an_offset_that_repeats_the_clock_is_seen_through(case: Case) -> None:
    case.order(3)
    # The payloadID begins with the moment, in milliseconds: 2026-03-05T20:04:24Z, so the clock was seven hours behind.
    notice = case.ship("S1", (1, 3), payload_id="1772741064000.1.1@amazon.example")
    bogus = "2026-03-05T13:04:24+13:04"
    notice = notice.saying(f'timestamp="{bogus}"', instead_of=f'timestamp="{stamp("03T10:00")}"')
    case.arrive(notice.saying(f'shipmentDate="{bogus}"', instead_of=f'shipmentDate="{stamp("04T08:00")}"'))
    assert case.request()["lines"][0]["shipping_date"] == "2026-03-05"
    assert case.told()[:2] == ("Shipped", ["0/3/0"])


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        ({}, ("PO Sent", ["0/0/0"], ["UOM_UNMAPPED"])),
        ({"orders": {"unit_map": {"BX": "EA"}}}, ("Shipped", ["0/90/0"], ["SHIP_OVER_QTY"])),
    ],
    indirect=["case"],
    ids=["no rule says what a box is", "a box is taken for a piece"],
)
def test_case_23_boxes_are_never_counted_as_pieces(case: Case, expected: object) -> None:
    case.order(3)
    notice = case.ship("S1", (1, 90))
    case.arrive(notice.saying("<UnitOfMeasure>BX<", instead_of="<UnitOfMeasure>EA<"))
    assert case.told() == expected


def test_case_24_a_part_of_the_quantity_is_available(case: Case) -> None:
    case.order(5)
    case.arrive(case.confirm("111-1", item(1, 5, status("accept", 2), status("unknown", 3))), at="03T12:00")
    assert case.told() == ("Partially Confirmed", ["2/0/0"], ["CONF_PARTIAL_QTY"])
