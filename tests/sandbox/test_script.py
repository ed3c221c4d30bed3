"""The script played from end to end by a perfect buyer: what it reaches, and in which round."""

from decimal import Decimal

import pytest

from punchout.sandbox import oracle
from punchout.sandbox.identifiers import Identifiers
from punchout.sandbox.scenarios import REQUESTS, ROUNDS
from tests.sandbox.conftest import Played

STAGES = {
    "New",
    "Cart Received",
    "Pending Approval",
    "Released",
    "PO Created",
    "PO Queued",
    "PO Sent",
    "Send Failed",
    "Partially Confirmed",
    "Order Confirmed",
    "Rejected",
    "Partially Shipped",
    "Shipped",
    "Partially Invoiced",
    "Invoiced",
}


def test_a_perfect_buyer_makes_no_difference_in_any_round(played: Played) -> None:
    assert played.found == [[] for _ in ROUNDS]
    assert min(played.compared) > 100


def test_every_stage_is_reached_at_the_end_of_some_round(played: Played) -> None:
    assert {row["stage"] for expected in played.expected for row in expected["requests"]} == STAGES


def test_every_judged_code_is_expected_in_some_round(played: Played) -> None:
    rows = [row for expected in played.expected for row in expected["requests"]]
    assert {code for row in rows for code in row["exceptions"]} == set(oracle.CODES_JUDGED)


@pytest.mark.parametrize(
    ("number", "entered"),
    [
        ("PR1001", {1: "Cart Received", 2: "PO Sent", 3: "Order Confirmed", 4: "Shipped", 5: "Invoiced"}),
        (
            "PR1002",
            {
                1: "New",
                2: "Cart Received",
                3: "PO Queued",
                4: "PO Sent",
                5: "Order Confirmed",
                6: "Shipped",
                7: "Invoiced",
            },
        ),
        ("PR1004", {1: "Cart Received", 2: "PO Queued", 3: "Order Confirmed", 4: "Shipped", 5: "Invoiced"}),
        (
            "PR1005",
            {
                1: "Cart Received",
                2: "PO Sent",
                3: "Order Confirmed",
                4: "Partially Shipped",
                5: "Partially Invoiced",
                7: "Invoiced",
            },
        ),
        ("PR1006", {1: "Cart Received", 2: "PO Sent", 3: "Rejected"}),
        ("PR1007", {1: "Cart Received", 2: "Pending Approval", 3: "Send Failed"}),
        (
            "PR1008",
            {
                1: "Cart Received",
                2: "PO Sent",
                3: "Partially Confirmed",
                5: "Order Confirmed",
                6: "Shipped",
                7: "Invoiced",
            },
        ),
        ("PR1009", {1: "Cart Received", 2: "PO Sent", 3: "Order Confirmed", 4: "Invoiced"}),
        ("PR1013", {1: "Cart Received", 2: "PO Created", 4: "PO Sent", 6: "Order Confirmed", 7: "Shipped"}),
        (
            "PR1014",
            {
                1: "Cart Received",
                2: "Pending Approval",
                3: "Released",
                4: "PO Sent",
                5: "Order Confirmed",
                6: "Shipped",
                7: "Invoiced",
            },
        ),
        ("PR1016", {5: "New", 7: "Cart Received", 8: "Pending Approval"}),
    ],
)
def test_a_request_enters_its_stages_in_their_rounds(played: Played, number: str, entered: dict[int, str]) -> None:
    rounds = range(min(entered), len(ROUNDS) + 1)
    stages = {at: played.request(number, at)["stage"] for at in rounds}
    assert {at: stages[at] for at in rounds if stages[at] != stages.get(at - 1)} == entered


def test_the_accidents_are_counted_from_the_round_they_happen_in(played: Played) -> None:
    assert played.expected[0]["documents"] == {"quarantined": {}, "waiting": 0}
    assert played.expected[-1]["documents"] == {
        "quarantined": {"EXPORT_INVALID": 1, "PAYLOAD_REUSED": 1, "XML_REJECTED": 3},
        "waiting": 1,
    }


def test_business_central_holds_what_the_sync_before_told_it(played: Played) -> None:
    shipped = next(row for row in played.expected[4]["business_central"] if row["number"] == "PR1001")
    assert shipped["stage"] == "Shipped"
    assert [(line["shippingDate"], line["invoiceId"]) for line in shipped["lines"]] == [("2026-03-04", None)] * 2


def test_the_operator_sends_in_the_round_after_the_release(played: Played) -> None:
    assert [outcome["actions"] for outcome in played.outcomes if outcome["actions"]] == [[{"send": "PR1002"}]]
    draft = played.request("PR1002", 3)
    assert (draft["outbox_state"], draft["lines"][0]["ordered"]) == ("draft", "2")


def test_each_order_reaches_amazon_once(played: Played) -> None:
    ordered = sorted(request.order for request in REQUESTS if request.ordered)
    assert sorted(order["orderID"] for order in played.orders) == ordered
    assert {order["receipts"] for order in played.orders} == {1}


def test_only_the_scripted_reply_is_lost(played: Played) -> None:
    assert played.lost_replies == ["PR1004"]


def test_goods_sent_and_ordered_agree_in_price(played: Played) -> None:
    prices = [
        Decimal(line["unitPrice"]) - Identifiers(7).price("PR1001", line["lineNumber"] // 10000)
        for row in played.tables["requests"]
        if row["number"] == "PR1001"
        for line in row["lines"]
    ]
    assert prices == [0, 0]
