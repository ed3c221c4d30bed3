"""What the oracle expects of single requests of the crowd from round to round; the seed is 7."""

from punchout.sandbox.identifiers import Identifiers
from punchout.sandbox.plan import Request, Script
from tests.sandbox.buyer import Json

LAST = 10


def players(script: Script, name: str) -> list[Request]:
    return [request for request in script.requests if request.about == name]


def history(rows: list[dict[str, Json]], number: str, name: str) -> list[object]:
    return [row[number][name] for row in rows if number in row]


def test_a_backordered_quantity_waits_until_another_amazon_order_takes_it(
    rows: list[dict[str, Json]], crowd: Script
) -> None:
    request = next(item for item in crowd.requests if item.number == "PR2012")  # backordered in round 6, accepted in 8
    assert request.about == "backordered, confirmed later"
    told = [[rows[at - 1]["PR2012"]["lines"][0][name] for name in ("accepted", "backordered")] for at in (5, 6, 7, 8)]
    assert told == [["0", "0"], ["0", "6"], ["0", "6"], ["6", "0"]]
    assert [rows[at - 1]["PR2012"]["exceptions"] for at in (6, 7, 8)] == [
        ["CONF_BACKORDER"],
        ["CONF_BACKORDER"],
        ["MULTI_VALUE_PROJECTED"],
    ]
    both = [Identifiers(7).amazon_order("PR2012", via) for via in (1, 2)]
    assert rows[-1]["PR2012"]["order_confirmation_id"] == both[0]
    assert rows[-1]["PR2012"]["order_confirmation_ids"] == sorted(both)


def test_an_update_outranks_what_it_replaces_though_that_comes_later(rows: list[dict[str, Json]]) -> None:
    # PR2008: made in round 3, 2 of 5 accepted, delivered in round 5; its update, all accepted, delivered in round 4.
    assert [rows[at - 1]["PR2008"]["lines"][0]["accepted"] for at in (3, 4, 5)] == ["0", "5", "5"]
    assert rows[4]["PR2008"]["exceptions"] == []


def test_a_confirmation_is_replaced_twice(rows: list[dict[str, Json]]) -> None:
    # PR2058: 1 of 4 accepted; 1 accepted and 3 backordered; all accepted.
    told = [[rows[at - 1]["PR2058"]["lines"][0][name] for name in ("accepted", "backordered")] for at in (4, 5, 6)]
    assert told == [["1", "0"], ["1", "3"], ["4", "0"]]
    assert [rows[at - 1]["PR2058"]["exceptions"] for at in (4, 5, 6)] == [
        ["CONF_PARTIAL_QTY"],
        ["CONF_BACKORDER", "CONF_PARTIAL_QTY"],
        [],
    ]


def test_a_deleted_shipment_is_gone_until_the_next_one(rows: list[dict[str, Json]]) -> None:
    # PR2158: shipped in round 5, taken back in 6, shipped again in 7.
    assert [rows[at - 1]["PR2158"]["lines"][0]["shipped"] for at in (5, 6, 7)] == ["4", "0", "4"]
    assert [rows[at - 1]["PR2158"]["stage"] for at in (5, 6, 7)] == ["Shipped", "Order Confirmed", "Shipped"]
    assert rows[5]["PR2158"]["lines"][0]["shipping_date"] is None


def test_a_deleted_invoice_gives_way_to_the_corrected_one(rows: list[dict[str, Json]]) -> None:
    # PR2002: invoiced in round 6, taken back in 7, invoiced under another number in 8.
    ids = Identifiers(7)
    assert [rows[at - 1]["PR2002"]["lines"][0]["invoice_id"] for at in (6, 7, 8)] == [
        ids.invoice("PR2002/2"),
        None,
        ids.invoice("PR2002/4"),
    ]
    assert [rows[at - 1]["PR2002"]["stage"] for at in (6, 7, 8)] == ["Invoiced", "Shipped", "Invoiced"]


def test_a_credit_leaves_the_invoice_where_it_is(rows: list[dict[str, Json]]) -> None:
    # PR2029: all of it was credited; PR2075: 3 of 4 pieces of the first line were.
    assert [line["invoice_axis"] for line in rows[-1]["PR2029"]["lines"]] == ["credited"] * 3
    assert rows[-1]["PR2029"]["lines"][0]["invoice_id"] == Identifiers(7).invoice("PR2029/2")
    assert rows[-1]["PR2075"]["lines"][0]["invoice_id"] == Identifiers(7).invoice("PR2075/2")
    assert rows[-1]["PR2075"]["stage"] == "Partially Invoiced"


def test_an_order_in_doubt_is_settled_by_the_first_document_and_overdue_before_it(rows: list[dict[str, Json]]) -> None:
    # PR2060: sent in round 2, its reply lost, 25 hours later nothing has come, confirmed in round 4.
    assert history(rows, "PR2060", "outbox_state")[1:5] == ["in_doubt", "in_doubt", "sent", "sent"]
    assert history(rows, "PR2060", "exceptions")[1:4] == [["SEND_AMBIGUOUS"], ["CONF_OVERDUE", "SEND_AMBIGUOUS"], []]
    # PR2035: sent in round 3, `already processed`; 23 hours later that is all there is to say.
    assert history(rows, "PR2035", "outbox_state")[2:5] == ["in_doubt", "in_doubt", "sent"]
    assert history(rows, "PR2035", "exceptions")[2:5] == [["SEND_AMBIGUOUS"], ["SEND_AMBIGUOUS"], []]


def test_an_order_of_before_the_cutover_is_known_to_be_at_amazon_once_something_says_so(
    rows: list[dict[str, Json]], crowd: Script
) -> None:
    for request in players(crowd, "before cut-over"):
        first = rows[0][request.number]
        assert (first["adopted"], first["outbox_state"], first["order_confirmation_id"]) == (True, None, None)
        assert first["stage"] == ("PO Sent" if request.confirmed_before else "PO Created")
        assert [line["ordered"] for line in first["lines"]] == [str(quantity) for quantity in request.lines]
        assert {line["cart_position"] for line in first["lines"]} == {None}


def test_a_called_off_order_is_critical_until_amazon_rejects_it(rows: list[dict[str, Json]], crowd: Script) -> None:
    code = "BC_CANCELLED_NOT_AT_AMAZON"
    for request in players(crowd, "cancelled purchase order"):
        flagged = [code in codes for codes in history(rows, request.number, "exceptions")]  # type: ignore[operator]
        rejected = rows[-1][request.number]["stage"] == "Rejected"
        assert flagged.count(True) == (1 if rejected else LAST + 1 - (request.cancelled or 0))
        assert {line["ordered"] for line in rows[-1][request.number]["lines"]} != {"0"}


def test_a_cart_expires_at_seven_days_and_not_an_hour_before(rows: list[dict[str, Json]], crowd: Script) -> None:
    for request in players(crowd, "cart that expires"):
        row = rows[(request.ordered or 0) - 1][request.number]
        assert (row["stage"], row["outbox_state"], row["exceptions"]) == ("PO Created", None, ["CART_EXPIRED"])
    for request in players(crowd, "cart just in time"):
        row = rows[(request.ordered or 0) - 1][request.number]
        assert (row["stage"], row["outbox_state"], row["exceptions"]) == ("PO Sent", "sent", [])


def test_a_test_document_and_a_conflicting_one_move_nothing(rows: list[dict[str, Json]]) -> None:
    # PR2079: the test document came in round 5, the shipment in 7. PR2007: shipped in 4, contradicted in 5.
    assert history(rows, "PR2079", "stage")[4:7] == ["Order Confirmed", "Order Confirmed", "Shipped"]
    assert [rows[at - 1]["PR2007"]["lines"][0]["shipped"] for at in (4, 5)] == ["5", "5"]


def test_a_day_of_delivery_stays_the_day_it_is(rows: list[dict[str, Json]], crowd: Script) -> None:
    days = {
        request.number: request.documents[1].arrives  # type: ignore[union-attr]
        for request in crowd.requests
        if request.about == "other time stamps" and len(request.documents[1].arrives) == 10  # type: ignore[union-attr]
    }
    assert days
    assert {number: rows[-1][number]["lines"][0]["delivery_date"] for number in days} == days
