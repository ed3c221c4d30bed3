"""Telling Business Central: only what differs, never a blank, once; and again under the same name after a crash."""

import json
from pathlib import Path
from typing import Any

import pytest

from punchout.ledger.business_central import updates
from punchout.ledger.tables.facts import UPDATE_DELIVERED, UPDATE_QUEUED
from resources.local_folder import LocalFolder
from tests.support.ledgers import rows
from tests.support.plays import Play
from tests.support.purchases import Purchase, orders_export, requests_export
from tests.support.stories import FIRST, confirmed, invoiced, ordered


def told(play: Play, kind: str) -> list[dict[str, Any]]:
    """Give every row of a kind that lies ready for Business Central, in the order it was written down."""
    found = [json.loads(path.read_text()) for path in play.update_files()]
    order = {str(row["update_id"]): place for place, row in enumerate(rows(play.engine, UPDATE_QUEUED))}
    of_kind = [row for file in found if file["kind"] == kind for row in file["value"]]
    return sorted(of_kind, key=lambda row: order[row["updateId"]])


def test_the_cart_s_lines_are_added_to_an_open_request_that_has_none(play: Play) -> None:
    play.sync(requests_export(FIRST.new_row()), FIRST.cart())
    (row,) = told(play, "cart_lines")
    assert (row["number"], [line["lineNumber"] for line in row["lines"]]) == ("PR0001", [10_000, 20_000])
    assert [(line["supplierPartId"], line["quantity"], line["unitPrice"]) for line in row["lines"]] == [
        ("B0TEST0001", "3", "10"),
        ("0596007973", "1", "20"),
    ]


def test_a_cart_that_comes_before_its_request_is_told_as_soon_as_the_request_is_known(play: Play) -> None:
    play.sync(FIRST.cart())
    play.sync(requests_export(FIRST.new_row()))
    assert len(told(play, "cart_lines")) == 1


NO_PLACE_FOR_LINES: dict[str, dict[str, Any]] = {
    "has lines already": {"status": "open", "purchaseOrderNumber": None},
    "is pending approval": {"status": "pendingApproval", "purchaseOrderNumber": None, "lines": []},
    "is released": {"lines": []},
}


@pytest.mark.parametrize("name", NO_PLACE_FOR_LINES)
def test_a_request_is_left_alone_that(play: Play, name: str) -> None:
    play.sync(requests_export(FIRST.row(**NO_PLACE_FOR_LINES[name])), FIRST.cart())
    assert told(play, "cart_lines") == []


def test_a_cart_is_told_once_however_long_the_request_stays_empty(play: Play) -> None:
    for hour in range(3):
        play.sync(requests_export(FIRST.new_row(), at=f"0{2 + hour}T17:00", scope="full"), FIRST.cart())
        play.later(24)
    assert len(told(play, "cart_lines")) == 1


def test_where_business_central_receives_carts_none_is_told(play: Play) -> None:
    theirs = Play(play.engine, play.settings.home, cart={"received_by": "bc"})
    theirs.sync(requests_export(FIRST.new_row()), FIRST.cart())
    assert told(theirs, "cart_lines") == []


def test_tracking_tells_what_became_known_and_nothing_else(play: Play) -> None:
    invoiced(play)
    rows_told = told(play, "tracking")
    assert [row["stage"] for row in rows_told] == [
        "Cart Received", "PO Sent", "Order Confirmed", "Shipped", "Invoiced",
    ]  # fmt: skip
    assert [row.get("orderConfirmationId") for row in rows_told] == [None, None, "111-PR0001", None, None]
    assert rows_told[3]["lines"] == [
        {"requestNumber": "PR0001", "lineNumber": line, "shippingDate": "2026-03-04", "deliveryDate": "2026-03-06"}
        for line in (10_000, 20_000)
    ]
    assert rows_told[4]["lines"] == [
        {"requestNumber": "PR0001", "lineNumber": line, "invoiceId": "I-PR0001", "invoiceDate": "2026-03-04"}
        for line in (10_000, 20_000)
    ]


def test_what_business_central_holds_already_is_not_told(placed: Play) -> None:
    known = FIRST.row(modified="02T19:00", stage="PO Sent")
    placed.sync(requests_export(known, at="02T19:00", name="later.json"))
    assert placed.sync().updates == 0


def test_what_was_told_is_not_told_again_while_business_central_has_not_exported_it_yet(placed: Play) -> None:
    stale = FIRST.row(modified="02T19:00", stage="")
    synced = placed.sync(requests_export(stale, at="02T19:00", name="stale.json"))
    assert (synced.updates, synced.files) == (0, 0)


def test_nothing_to_tell_makes_no_file(placed: Play) -> None:
    before = placed.update_files()
    placed.later(1)
    synced = placed.sync()
    assert (synced.updates, synced.files, placed.update_files()) == (0, 0, before)


def test_a_value_that_is_gone_is_not_blanked(placed: Play) -> None:
    placed.sync(FIRST.ship_notice("S1", (1, "3")))
    placed.later(1)
    withdrawn = FIRST.ship_notice("S1", (1, "3"), operation="delete", notice="04T10:00")
    placed.sync(withdrawn)
    last = told(placed, "tracking")[-1]
    assert placed.request()["lines"][0]["shipping_date"] is None
    assert (last["stage"], last["lines"]) == ("PO Sent", [])


def test_a_stage_has_the_name_that_business_central_gives_it(placed: Play) -> None:
    renamed = Play(
        placed.engine, placed.settings.home, business_central={"stage_map": {"Order Confirmed": "CONFIRMED"}}
    )
    renamed.sync(confirmed())
    assert told(renamed, "tracking")[-1]["stage"] == "CONFIRMED"


def test_a_purchase_order_without_a_request_is_nobody_s_to_tell(play: Play) -> None:
    play.sync(orders_export(FIRST.order_row(punchoutRequestNumber=None)), confirmed())
    assert rows(play.engine, UPDATE_QUEUED) == []


def test_several_requests_share_a_file_of_one_kind(play: Play) -> None:
    other = Purchase(number="PR0002", order_id="106002")
    synced = play.sync(requests_export(FIRST.new_row(), other.new_row()), FIRST.cart(), other.cart())
    assert (synced.updates, synced.files) == (4, 2)


@pytest.mark.parametrize("dies_at", ["the file", "the manifest", "the note of delivery"])
def test_after_a_crash_the_same_file_is_delivered_under_the_same_name(
    play: Play, monkeypatch: pytest.MonkeyPatch, dies_at: str
) -> None:
    calls: list[str] = []
    deliver = LocalFolder.deliver

    def die_in_deliver(folder: LocalFolder, name: str, data: bytes) -> None:
        calls.append(name)
        if len(calls) == (1 if dies_at == "the file" else 2):
            raise KeyboardInterrupt
        deliver(folder, name, data)

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        if dies_at == "the note of delivery":
            patched.setattr("resources.exchange.delivered", die)
        else:
            patched.setattr(LocalFolder, "deliver", die_in_deliver)
        with pytest.raises(KeyboardInterrupt):
            play.sync(requests_export(FIRST.new_row()))
    left = [path.name for path in play.update_files()]
    assert rows(play.engine, UPDATE_DELIVERED) == []

    play.later(1)
    synced = play.sync()
    assert (synced.updates, synced.files) == (0, 1)
    (file,) = play.update_files()
    assert left in ([], [file.name])
    assert Path(str(file).replace(".json", ".manifest.json")).is_file()
    assert [row["file_name"] for row in rows(play.engine, UPDATE_DELIVERED)] == [file.name]


def test_a_delivery_that_is_noted_twice_is_one(play: Play) -> None:
    play.take_in(requests_export(FIRST.new_row()))
    exchange = play.exchange()
    exchange.update_business_central()
    with play.engine.begin() as connection:
        known = updates._told(connection, [FIRST.key])[FIRST.key]
        updates.delivered(connection, known, "again.json", play.now)
    assert len(rows(play.engine, UPDATE_DELIVERED)) == 1
    assert play.broken_promises() == {}


def test_a_whole_story_told_again_tells_nothing_new(play: Play) -> None:
    ordered(play)
    before = play.update_files(), rows(play.engine, UPDATE_QUEUED)
    for one in (requests_export(FIRST.new_row(), name="x.json"), *FIRST.exported()):
        play.sync(one.again("again.json"))
    assert (play.update_files(), rows(play.engine, UPDATE_QUEUED)) == before
