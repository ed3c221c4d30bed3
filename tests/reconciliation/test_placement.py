"""Whether the supplier has an order that somebody else sent: copies, their versions, and what is said of them later."""

from dataclasses import replace

import pytest

from punchout.model.history import RequestHistory
from punchout.model.values import PartId
from punchout.reconciliation.results import Reconciled
from tests.reconciliation.copies import copied_line, order_copy, word
from tests.reconciliation.histories import (
    MUCH_LATER,
    PAYLOAD,
    POLICY,
    SENT_AT,
    accept,
    add,
    at,
    cart,
    confirmation,
    history,
    invoice,
    item,
    mark,
    micros,
    now,
    order_line,
    part_of,
    payload_of,
    purchase_order,
    queued,
    request,
    result,
    sent,
    shipment,
    stated,
)

BC_SENDS = replace(POLICY, sent_by="bc")
COPY = order_copy(3, 1)
KNOWN = history(request(3, 1), purchase_order(3, 1), cart(3, 1))
SENT = add(KNOWN, COPY)
THEIRS = payload_of(COPY)


def found(facts: RequestHistory, when: int = SENT_AT) -> Reconciled:
    return now(facts, when, BC_SENDS)


def codes(result: Reconciled) -> list[str]:
    return [one.code.value for one in result.exceptions]


@pytest.mark.parametrize("answer", [confirmation(item(1, accept(3))), shipment((1, 1)), invoice((1, 1))])
def test_an_answer_outweighs_every_word(answer: object) -> None:
    assert found(add(SENT, word(400, THEIRS))).stage == "Send Failed"
    answered = found(add(SENT, word(400, THEIRS), answer))
    assert answered.stage not in {"Send Failed", "PO Sent"}
    assert "SEND_PERMANENT" not in codes(answered)


@pytest.mark.parametrize(
    ("said", "stage"),
    [
        ([(201, "10:00"), (200, "11:00")], "PO Sent"),
        ([(200, "10:00"), (500, "11:00")], "PO Queued"),
        ([(500, "10:00"), (200, "11:00")], "PO Sent"),
        ([(560, "10:00"), (400, "11:00")], "Send Failed"),
        ([(200, "10:00"), (400, "10:00")], "Send Failed"),
    ],
)
def test_the_last_word_counts_and_of_two_at_once_the_worse(said: list[tuple[int, str]], stage: str) -> None:
    facts = add(SENT, *(word(code, THEIRS, f"2026-03-05T{when}:00Z") for code, when in said))
    assert found(facts).stage == stage


@pytest.mark.parametrize("subject", ["InvoiceStatus", "PaymentStatus", "SourcingStatus", "IntegrationStatus"])
def test_a_word_about_something_else_says_nothing_of_the_order(subject: str) -> None:
    assert found(add(SENT, word(400, THEIRS, subject=subject))).stage == "PO Sent"
    assert found(add(SENT, word(400, THEIRS, subject="DocumentStatus"))).stage == "Send Failed"


def test_a_refused_version_gives_way_to_the_one_before_it() -> None:
    change = order_copy(5, 1, type="update", order_version=2, previous_payload_id=THEIRS)
    changed = found(add(SENT, change))
    assert [line.ordered // 10**6 for line in changed.lines] == [5, 1]
    kept = found(add(SENT, change, word(400, payload_of(change))))
    assert [line.ordered // 10**6 for line in kept.lines] == [3, 1]
    assert {state.body_sha256: state.standing for state in kept.versions} == {
        stated(COPY).source.body_sha256: "current",
        stated(change).source.body_sha256: "refused",
    }


@pytest.mark.parametrize(
    ("second", "stands"),
    [
        (order_copy(5, 1, order_version=2, order_date=at("2026-03-01T10:00:00Z")), 5),
        (order_copy(5, 1, type="update", order_date=at("2026-03-05T10:00:00Z")), 5),
        (order_copy(5, 1, type="update", order_date=at("2026-03-01T10:00:00Z"), previous_payload_id=THEIRS), 5),
        (order_copy(5, 1, type="update", order_date=at("2026-03-01T10:00:00Z")), 3),
    ],
)
def test_the_reference_then_the_version_number_then_the_date_says_which_version_stands(
    second: object, stands: int
) -> None:
    assert found(add(SENT, second)).lines[0].ordered == stands * 10**6


def test_a_deleted_order_is_cancelled_and_says_what_was_ordered() -> None:
    gone = found(add(SENT, order_copy(type="delete", previous_payload_id=THEIRS, order_version=2)))
    assert (gone.stage, [line.ordered // 10**6 for line in gone.lines]) == ("Cancelled", [3, 1])
    assert {line.order_axis for line in gone.lines} == {"cancelled"}


def test_the_copy_of_another_purchase_order_is_left_aside() -> None:
    other = order_copy(9, order_id="PO9", order_version=9)
    assert [line.ordered // 10**6 for line in found(add(SENT, other)).lines] == [3, 1]


def test_the_order_was_sent_when_it_says_and_else_when_its_envelope_says() -> None:
    dated = order_copy(3, 1, order_date=at("2026-03-04"))
    timed = stated(dated, timestamp=micros("2026-03-04T16:00:00Z"))
    for facts, since in ((SENT, "2026-03-05T16:30:00Z"), (add(KNOWN, timed), "2026-03-05T16:00:00Z")):
        late = found(facts, MUCH_LATER)
        assert [one.since for one in late.exceptions if one.code == "CONF_OVERDUE"] == [micros(since)]
        assert found(facts).next_due_at == micros(since)
    by_receipt = found(add(KNOWN, dated), MUCH_LATER)
    (overdue,) = (one for one in by_receipt.exceptions if one.code == "CONF_OVERDUE")
    assert overdue.since == SENT_AT + 24 * 3_600 * 10**6


def test_a_refused_order_is_not_waited_for() -> None:
    assert "CONF_OVERDUE" not in codes(found(add(SENT, word(400, THEIRS)), MUCH_LATER))
    assert "CONF_OVERDUE" in codes(found(add(SENT, word(500, THEIRS)), MUCH_LATER))


def test_its_sending_and_its_refusal_are_in_the_timeline() -> None:
    told = found(add(SENT, word(400, THEIRS, "2026-03-05T10:00:00Z")))
    events = {one.what: one.at for one in told.timeline}
    assert events["PO Sent"] == micros("2026-03-04T16:30:00Z")
    assert events["Send Failed"] == micros("2026-03-05T10:00:00Z")


def test_an_emptied_purchase_order_is_still_at_the_supplier() -> None:
    emptied = purchase_order(0, 0)
    facts = add(SENT, stated(emptied, version=SENT_AT + 1))
    assert "BC_CANCELLED_NOT_AT_AMAZON" in codes(found(facts))
    assert [line.ordered // 10**6 for line in found(facts).lines] == [3, 1]
    refused = add(facts, word(400, THEIRS))
    assert "BC_CANCELLED_NOT_AT_AMAZON" not in codes(found(refused))


def test_two_orders_of_one_number_are_critical() -> None:
    twice = add(KNOWN, COPY, stated(COPY, payload_id="again@buyer.example"))
    assert "OUT_ALREADY_SENT" in codes(found(twice))
    assert "OUT_ALREADY_SENT" not in codes(found(SENT))
    assert "OUT_ALREADY_SENT" in codes(now(add(sent(3, 1), COPY), SENT_AT))


def test_a_conflict_leaves_an_order_in_doubt_and_its_version_standing() -> None:
    assert found(add(SENT, word(409, THEIRS))).stage == found(add(SENT, word(500, THEIRS))).stage == "PO Queued"
    change = order_copy(5, 1, type="update", order_version=2, previous_payload_id=THEIRS)
    doubtful = found(add(SENT, change, word(409, payload_of(change))))
    assert [line.ordered // 10**6 for line in doubtful.lines] == [5, 1]


def test_an_order_that_also_came_without_a_payload_id_is_still_one() -> None:
    assert found(add(KNOWN, COPY, stated(COPY, payload_id=None))) == found(SENT)


def test_a_copy_of_our_own_order_changes_nothing() -> None:
    own = stated(COPY, payload_id=PAYLOAD)
    for facts in (sent(3, 1), add(KNOWN, queued(3, 1), mark(), result("in_doubt"))):
        assert now(add(facts, own), MUCH_LATER) == now(facts, MUCH_LATER)


def test_the_suppliers_word_settles_a_doubt_about_our_own_order_and_a_refusal_fails_it() -> None:
    doubtful = add(KNOWN, queued(3, 1), mark(), result("in_doubt"))
    assert now(add(doubtful, word(201, PAYLOAD)), SENT_AT).outbox_state == "sent"
    assert now(add(doubtful, word(500, PAYLOAD)), SENT_AT).outbox_state == "in_doubt"
    refused = now(add(sent(3, 1), word(400, PAYLOAD)), SENT_AT)
    assert (refused.stage, refused.outbox_state, codes(refused)) == ("Send Failed", "sent", ["SEND_PERMANENT"])


def test_where_orders_are_ours_a_copy_of_what_we_never_wrote_down_is_adopted() -> None:
    adopted = now(SENT, SENT_AT)
    assert (adopted.stage, adopted.adopted, "ORDER_ADOPTED" in codes(adopted)) == ("PO Sent", True, True)


# Which line of Business Central is which.

SAME = PartId("B0PART0001", None)


def keys(facts: RequestHistory) -> list[tuple[str, int | None, bool]]:
    return [(line.key, line.po_sequence, line.inferred) for line in found(facts).lines]


def test_lines_are_told_by_their_part_ids_whatever_they_are_numbered() -> None:
    turned = order_copy(copied_line(2, 1, line_number=7), copied_line(1, 3, line_number=30_000))
    assert keys(add(KNOWN, turned)) == [("20000", 20_000, False), ("10000", 10_000, False)]
    assert [line.order_line_number for line in found(add(KNOWN, turned)).lines] == [7, 30_000]


def test_lines_of_one_part_are_told_by_the_auxiliary_id_and_else_by_the_quantity() -> None:
    twins = replace(request(3, 1), lines=tuple(replace(one, supplier_part_id="B0X") for one in request(3, 1).lines))
    facts = history(twins, purchase_order(3, 1))
    by_aux = [copied_line(line, 9, part=PartId("B0X", part_of(line).supplier_part_aux_id)) for line in (2, 1)]
    assert [key for key, _, _ in keys(add(facts, order_copy(*by_aux)))] == ["20000", "10000"]
    by_quantity = [copied_line(1, quantity, part=PartId("B0X", None)) for quantity in (1, 3)]
    assert [key for key, _, _ in keys(add(facts, order_copy(*by_quantity)))] == ["20000", "10000"]


def test_lines_that_nothing_tells_apart_are_taken_in_order_and_marked() -> None:
    same = [replace(one, supplier_part_id="B0X", supplier_part_auxiliary_id=None) for one in request(2, 2).lines]
    facts = history(replace(request(2, 2), lines=tuple(same)), purchase_order(2, 2))
    alike = [copied_line(line, 2, part=PartId("B0X", None)) for line in (1, 2)]
    assert keys(add(facts, order_copy(*alike))) == [("10000", 10_000, True), ("20000", 20_000, True)]


def test_one_line_of_a_copy_that_may_be_either_of_ours_is_marked_too() -> None:
    same = [replace(one, supplier_part_id="B0X", supplier_part_auxiliary_id=None) for one in request(2, 2).lines]
    facts = history(replace(request(2, 2), lines=tuple(same)), purchase_order(2, 2))
    alone = order_copy(copied_line(1, 2, part=PartId("B0X", None)))
    assert keys(add(facts, alone)) == [("10000", 10_000, True)]


def test_a_line_that_business_central_does_not_have_is_kept_and_reported() -> None:
    facts = add(KNOWN, order_copy(3, 1, copied_line(9, 4, line_number=9)))
    assert keys(facts)[-1] == ("copy:3", None, False)
    assert "BC_LINE_MISSING" in codes(found(facts))


def test_a_copy_finds_the_requests_lines_before_the_purchase_order_is_known() -> None:
    early = history(request(3, 1), cart(3, 1), order_copy(copied_line(2, 1), copied_line(1, 3)))
    assert keys(early) == [("20000", None, False), ("10000", None, False)]


def test_without_a_request_an_account_line_is_told_by_quantity_and_price() -> None:
    lines = tuple(order_line(line, 5 - line, line_type="Account", punchout_line_number=None) for line in (1, 2))
    facts = history(replace(purchase_order(), lines=lines), order_copy(copied_line(1, 3), copied_line(2, 4)))
    assert [(key, sequence) for key, sequence, _ in keys(facts)] == [("order:2", 20_000), ("order:1", 10_000)]


def test_a_copy_without_lines_leaves_them_to_the_purchase_order() -> None:
    assert {line.inferred for line in found(add(KNOWN, order_copy())).lines} == {True}


def test_a_line_without_a_number_goes_by_its_place() -> None:
    unnumbered = order_copy(copied_line(2, 1, line_number=None), copied_line(1, 3, line_number=None))
    assert [line.order_line_number for line in found(add(KNOWN, unnumbered)).lines] == [1, 2]
