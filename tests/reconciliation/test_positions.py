"""The numbers of a line: what all current documents together say."""

from dataclasses import replace

import pytest

from punchout.model.documents import ShipPortion
from punchout.model.exact import ONE
from punchout.model.history import RequestHistory
from punchout.model.values import PartId
from punchout.reconciliation.results import LinePosition
from tests.reconciliation.hashes import sha_of
from tests.reconciliation.histories import (
    POLICY,
    REFERENCE,
    SENT_AT,
    accept,
    add,
    at,
    backorder,
    billing,
    confirmation,
    history,
    invoice,
    invoice_line,
    item,
    now,
    only_line,
    order_line,
    payload_of,
    purchase_order,
    queued,
    reject,
    request,
    resolved,
    sent,
    shipment,
    status,
    usd,
)
from tests.reconciliation.stories import pieces

LATE = at("2026-03-04T15:00:00Z")
WHOLE = (ShipPortion(ordinal=1, order=REFERENCE),)


def decided(facts: RequestHistory) -> list[str]:
    """Accepted, rejected, backordered of the only line."""
    line = only_line(facts)
    return pieces((line.accepted, line.rejected, line.backordered))


def axes(line: LinePosition) -> tuple[str, str, str]:
    return line.order_axis.value, line.ship_axis.value, line.invoice_axis.value


@pytest.mark.parametrize("kind", ["accept", "detail", "allDetail"])
def test_a_status_that_accepts_counts_as_accepted(kind: str) -> None:
    assert decided(add(sent(3), confirmation(item(1, status(kind, 3))))) == ["3", "0", "0"]


def test_a_line_may_be_split_over_accepted_rejected_and_backordered() -> None:
    split = confirmation(item(1, accept(1), reject(1, 2), backorder(1, 3)))
    assert decided(add(sent(3), split)) == ["1", "1", "1"]


@pytest.mark.parametrize("kind", ["unknown", "requestToPay"])
def test_a_status_that_decides_nothing_leaves_the_line_unnamed(kind: str) -> None:
    line = only_line(add(sent(3), confirmation(item(1, status(kind, 3)))))
    assert (line.named, line.effective, axes(line)) == (False, 3 * ONE, ("sent", "none", "none"))


def test_a_declared_substitute_counts_as_accepted() -> None:
    other = confirmation(item(1, status("detail", 3, substitute=PartId("B0OTHER")), part=PartId("B0OTHER")))
    facts = add(sent(3), other)
    assert (decided(facts), now(facts).links[0].rule) == (["3", "0", "0"], "L2")


def test_confirmations_with_different_numbers_add_up() -> None:
    two = [confirmation(item(1, accept(q)), confirm_id=f"111-{q}") for q in (1, 2)]
    line = only_line(add(sent(3), *two))
    assert (line.accepted, line.amazon_orders, axes(line)[0]) == (3 * ONE, 2, "confirmed")


def test_an_update_replaces_what_it_updates_as_a_whole() -> None:
    first = confirmation(item(1, accept(2)), item(2, accept(1)))
    update = confirmation(item(1, accept(1)), operation="update", previous_payload_id=payload_of(first), notice=LATE)
    lines = now(add(sent(2, 1), first, update)).lines
    assert [line.accepted for line in lines] == [ONE, 0]


@pytest.mark.parametrize("backorder_first", [True, False])
def test_a_backordered_quantity_that_another_confirmation_accepts_no_longer_waits(backorder_first: bool) -> None:  # noqa: FBT001 - a column
    early, late = (at("2026-03-04T08:00:00Z"), LATE) if backorder_first else (LATE, at("2026-03-04T08:00:00Z"))
    waits = confirmation(item(1, backorder(3)), confirm_id="111-1", notice=early)
    comes = confirmation(item(1, accept(2)), confirm_id="111-2", notice=late)
    assert decided(add(sent(3), waits, comes)) == ["2", "0", "1"]


def test_nothing_waits_when_more_is_accepted_than_ordered() -> None:
    facts = add(sent(3), confirmation(item(1, accept(4), backorder(1, 2))))
    assert (decided(facts), axes(only_line(facts))[0]) == (["4", "0", "0"], "over")


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("accept", ["3", "0", "0"]),
        ("except", ["3", "0", "0"]),
        ("reject", ["0", "3", "0"]),
        ("backordered", ["0", "0", "3"]),
        ("detail", ["0", "0", "0"]),
        ("allDetail", ["0", "0", "0"]),
    ],
)
def test_a_header_without_items_speaks_of_every_line(kind: str, expected: list[str]) -> None:
    assert decided(add(sent(3), confirmation(type=kind))) == expected


def test_a_header_without_items_leaves_lines_that_another_confirmation_names() -> None:
    facts = add(sent(3, 2), confirmation(item(1, accept(3))), confirmation(type="reject", confirm_id="111-2"))
    assert [(line.accepted, line.rejected) for line in now(facts).lines] == [(3 * ONE, 0), (0, 2 * ONE)]


def test_a_header_of_except_accepts_the_lines_it_does_not_name() -> None:
    facts = add(sent(3, 2), confirmation(item(1, reject(3)), type="except"))
    assert [(line.accepted, line.rejected) for line in now(facts).lines] == [(0, 3 * ONE), (2 * ONE, 0)]


def test_a_header_of_accept_with_items_speaks_of_its_items_only() -> None:
    facts = add(sent(3, 2), confirmation(item(1, accept(3)), type="accept"))
    assert [line.accepted for line in now(facts).lines] == [3 * ONE, 0]


def test_of_two_headers_without_items_the_older_takes_the_lines() -> None:
    older = confirmation(type="accept", confirm_id="111-1")
    newer = confirmation(type="reject", confirm_id="111-2", notice=LATE)
    facts = add(sent(3), newer, older)
    taken = {link.body_sha256: link.line_key for link in now(facts).links}
    assert (decided(facts), taken) == (["3", "0", "0"], {sha_of(older): "10000", sha_of(newer): ""})


def test_a_backorder_of_the_whole_order_ends_when_the_whole_order_is_accepted() -> None:
    older = confirmation(type="backordered", confirm_id="111-1")
    newer = confirmation(type="accept", confirm_id="111-2", notice=LATE)
    assert decided(add(sent(3), newer, older)) == ["3", "0", "0"]


def test_a_backorder_of_the_whole_order_does_not_touch_what_was_accepted_before() -> None:
    older = confirmation(type="accept", confirm_id="111-1")
    newer = confirmation(type="backordered", confirm_id="111-2", notice=LATE)
    assert decided(add(sent(3), newer, older)) == ["3", "0", "0"]


def test_the_confirmed_price_is_the_newest_that_is_stated() -> None:
    older = confirmation(item(1, accept(1, unit_price=usd(11))), confirm_id="111-1")
    newer = confirmation(item(1, accept(1, unit_price=usd(12)), accept(1, 2)), confirm_id="111-2", notice=LATE)
    line = only_line(add(sent(3), newer, older))
    assert (line.price_ordered, line.price_confirmed) == (10 * ONE, 12 * ONE)


def test_a_price_on_a_rejection_is_not_confirmed() -> None:
    assert only_line(add(sent(3), confirmation(item(1, reject(3, unit_price=usd(11)))))).price_confirmed is None


def test_shipments_add_up() -> None:
    facts = add(sent(3), shipment((1, 1)), shipment((1, 1), shipment_id="S2"))
    line = only_line(facts)
    assert (line.shipped, line.shipments, axes(line)[1]) == (2 * ONE, 2, "partial")


def test_shipments_without_an_id_are_told_apart_by_content() -> None:
    facts = add(sent(3), shipment((1, 1), shipment_id=None), shipment((1, 2), shipment_id=None))
    assert only_line(facts).shipments == 2


def test_a_shipment_is_measured_against_what_was_accepted() -> None:
    facts = add(sent(3), confirmation(item(1, accept(2), reject(1, 2))), shipment((1, 2)), invoice((1, 2)))
    assert axes(only_line(facts)) == ("settled", "full", "full")


def test_without_a_confirmation_a_shipment_is_measured_against_the_order() -> None:
    line = only_line(add(sent(3), shipment((1, 3))))
    assert (line.accepted, axes(line)) == (0, ("sent", "full", "none"))


def test_a_planned_shipment_has_not_shipped() -> None:
    line = only_line(add(sent(3), shipment((1, 3), type="planned")))
    assert (line.shipped, line.shipping_date, line.delivery_date) == (0, None, "2026-03-08")


def test_a_return_is_taken_off_what_was_shipped() -> None:
    facts = add(sent(3), shipment((1, 3)), shipment((1, 1), shipment_id="S2", reason="return"))
    line = only_line(facts)
    assert (line.shipped, line.returned, axes(line)[1]) == (2 * ONE, ONE, "partial")


def test_a_deleted_shipment_never_shipped() -> None:
    notice = shipment((1, 3))
    delete = shipment(operation="delete", previous_payload_id=payload_of(notice), portions=())
    assert only_line(add(sent(3), notice, delete)).shipped == 0


def test_a_ship_notice_without_items_ships_the_whole_order() -> None:
    facts = add(sent(3, 2), confirmation(item(1, accept(1), reject(2, 2))), shipment(portions=WHOLE))
    assert [line.shipped for line in now(facts).lines] == [ONE, 2 * ONE]


def test_a_ship_notice_without_items_ships_what_others_left_open() -> None:
    facts = add(sent(3), shipment(portions=WHOLE), shipment((1, 2), shipment_id="S2"))
    whole = [link.quantity for link in now(facts).links if link.rule == "WHOLE"]
    assert (only_line(facts).shipped, whole) == (3 * ONE, [ONE])


def test_a_second_ship_notice_without_items_finds_nothing_left() -> None:
    facts = add(sent(3), shipment(portions=WHOLE), shipment(portions=WHOLE, shipment_id="S2"))
    line = only_line(facts)
    assert (line.shipped, line.shipments) == (3 * ONE, 2)


def test_a_ship_notice_without_items_adds_nothing_to_a_line_that_is_over_shipped() -> None:
    facts = add(sent(3), shipment((1, 4)), shipment(portions=WHOLE, shipment_id="S2"))
    assert only_line(facts).shipped == 4 * ONE


def test_a_ship_notice_without_items_ships_a_cancelled_order_all_the_same() -> None:
    cancelled = history(request(3), queued(3), resolved("cancelled", SENT_AT + 1))
    facts = add(cancelled, shipment(portions=WHOLE))
    assert (only_line(facts).shipped, now(facts).stage) == (3 * ONE, "Shipped")


def test_a_header_without_items_says_nothing_of_a_line_of_which_nothing_is_ordered() -> None:
    order = purchase_order(lines=(order_line(1, 0), order_line(2, 2)))
    facts = history(request(3, 2), order, confirmation(type="accept"))
    assert [line.named for line in now(facts, policy=replace(POLICY, sent_by="bc")).lines] == [False, True]


def test_a_ship_notice_without_items_passes_over_rejected_lines() -> None:
    facts = add(sent(3, 2), confirmation(item(1, reject(3))), shipment(portions=WHOLE))
    assert [line.shipped for line in now(facts).lines] == [0, 2 * ONE]


def test_a_ship_notice_without_items_for_an_order_without_live_lines_is_linked_to_the_order() -> None:
    facts = add(sent(3), confirmation(item(1, reject(3))), shipment(portions=WHOLE))
    assert ("", "ORDER") in {(link.line_key, link.rule) for link in now(facts).links}


def test_a_whole_return_takes_back_all_that_was_shipped() -> None:
    back = shipment(portions=WHOLE, shipment_id="S2", reason="return", notice=at("2026-03-01T00:00:00Z"))
    line = only_line(add(sent(3), back, shipment((1, 2))))
    assert (line.shipped, line.returned) == (0, 2 * ONE)


def test_invoices_add_up() -> None:
    facts = add(sent(3), shipment((1, 3)), invoice((1, 1)), invoice((1, 2), invoice_id="I2"))
    line = only_line(facts)
    assert (line.invoiced, line.invoice_ids, axes(line)[2]) == (3 * ONE, 2, "full")


@pytest.mark.parametrize("purpose", ["creditMemo", "lineLevelCreditMemo"])
@pytest.mark.parametrize(("quantity", "amount"), [(1, 10), (1, -10), (-1, 10), (-1, -10)])
def test_a_credit_counts_negative_whatever_its_signs(purpose: str, quantity: int, amount: int) -> None:
    line = invoice_line(1, 1, quantity, subtotal=usd(amount))
    facts = add(sent(3), invoice((1, 3)), billing(line, invoice_id="C1", purpose=purpose))
    found = only_line(facts)
    assert (found.invoiced, found.credited) == (2 * ONE, ONE)


@pytest.mark.parametrize(
    "line",
    [
        invoice_line(1, 1, -1),
        invoice_line(1, 1, 1, subtotal=usd(-10)),
        invoice_line(1, 1, 1, subtotal=None, unit_price=usd(-10)),
        invoice_line(1, 1, -1, subtotal=None, unit_price=None),
    ],
)
def test_a_refund_inside_a_standard_invoice_counts_negative(line: object) -> None:
    facts = add(sent(3), billing(replace(invoice_line(2, 1, 3)), line, invoice_id="I2"))  # type: ignore[arg-type]
    found = only_line(facts)
    assert (found.invoiced, found.credited) == (2 * ONE, ONE)


def test_a_line_without_amount_and_price_counts_as_stated() -> None:
    bare = invoice_line(1, 1, 2, subtotal=None, unit_price=None)
    assert only_line(add(sent(3), billing(bare))).invoiced == 2 * ONE


def test_a_line_that_is_credited_in_full_is_credited() -> None:
    facts = add(sent(3), invoice((1, 3)), invoice((1, 3), invoice_id="C1", purpose="lineLevelCreditMemo"))
    line = only_line(facts)
    assert (line.invoiced, axes(line)[2]) == (0, "credited")


def test_a_credit_of_more_than_was_invoiced_goes_below_nothing() -> None:
    line = only_line(add(sent(3), invoice((1, 1), purpose="lineLevelCreditMemo")))
    assert (line.invoiced, axes(line)[2]) == (-ONE, "credited")


def test_an_invoice_for_information_bills_nothing_and_is_linked_to_the_order() -> None:
    facts = add(sent(3), invoice((1, 3), is_information_only=True))
    assert (only_line(facts).invoiced, [link.rule for link in now(facts).links]) == (0, ["ORDER"])


def test_a_header_invoice_bills_no_line_and_is_linked_to_the_order() -> None:
    facts = add(sent(3), invoice(is_header_invoice=True))
    assert (only_line(facts).invoiced, [link.rule for link in now(facts).links]) == (0, ["ORDER"])


def test_a_deleted_invoice_bills_nothing() -> None:
    bill = invoice((1, 3))
    delete = invoice(operation="delete", original_payload_id=payload_of(bill))
    assert only_line(add(sent(3), bill, delete)).invoiced == 0


def test_a_link_says_which_rule_matched_and_what_was_stated() -> None:
    (link,) = now(add(sent(3), shipment((1, 2)))).links
    found = (link.kind, link.ordinals, link.line_key, link.rule, link.confidence, link.quantity)
    assert found == ("ship_notice", (1, 1), "10000", "L1", 970, 2 * ONE)


def test_every_place_of_a_document_is_linked_or_reported() -> None:
    facts = add(
        sent(3), confirmation(item(1, accept(3)), item(9, accept(1))), shipment((1, 1), (9, 1)), invoice((9, 1))
    )
    found = now(facts)
    linked = {(link.body_sha256, link.ordinals) for link in found.links}
    reported = {one.subject_key for one in found.exceptions if one.code == "LINE_NOT_FOUND"}
    assert (len(linked), len(reported)) == (2, 3)
