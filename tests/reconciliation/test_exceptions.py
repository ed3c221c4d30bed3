"""Each rule fires when it should, says what is at stake, and stops when it no longer holds."""

from dataclasses import replace

import pytest

from punchout.model.codes import Code, Severity
from punchout.model.exact import ONE
from punchout.model.history import RequestHistory
from punchout.model.moments import DAY, HOUR
from punchout.model.values import PartId
from punchout.reconciliation.reconcile import reconcile
from punchout.reconciliation.results import ExceptionFound
from tests.reconciliation.histories import (
    MUCH_LATER,
    NOW,
    POLICY,
    SENT_AT,
    accept,
    add,
    at,
    backorder,
    billing,
    codes,
    confirmation,
    history,
    invoice,
    invoice_line,
    item,
    mark,
    micros,
    now,
    only,
    payload_of,
    purchase_order,
    queued,
    reject,
    request,
    resolved,
    result,
    sent,
    shipment,
    stated,
)
from tests.reconciliation.steps import held, withheld

LATE = at("2026-03-04T15:00:00Z")
INVOICED_AT = micros("2026-03-06T12:00:00Z")


def subject(found: ExceptionFound) -> tuple[str, str]:
    return found.subject_kind, found.subject_key


def test_an_order_on_its_way_raises_nothing() -> None:
    facts = add(sent(3), confirmation(item(1, accept(3))), shipment((1, 3)), invoice((1, 3)))
    assert codes(facts, MUCH_LATER) == []


def test_a_line_that_is_not_in_the_order_is_reported_with_its_place_and_its_money() -> None:
    stranger = invoice_line(1, 97, 2, part=PartId("B0OTHER"))
    found = only(add(sent(3), billing(stranger)), "LINE_NOT_FOUND")
    sha = stated(billing(stranger)).source.body_sha256
    assert subject(found) == ("document", f"{sha}#1.1")
    assert (found.amount_at_risk, found.currency, found.since) == (20 * ONE, "USD", INVOICED_AT)
    assert found.detail == "line number 97, part id B0OTHER"


def test_a_line_without_number_part_price_is_reported_all_the_same() -> None:
    bare = invoice_line(1, None, 2, unit_price=None, subtotal=None)
    found = only(add(sent(3), billing(bare)), "LINE_NOT_FOUND")
    assert (found.amount_at_risk, found.currency, found.detail) == (0, "USD", "no line number, no part id")


def test_confirmed_and_shipped_lines_that_are_not_in_the_order_are_reported() -> None:
    strange = confirmation(item(97, accept(1), part=PartId("B0OTHER")))
    assert codes(add(sent(3), strange, shipment((97, 1)))) == ["LINE_NOT_FOUND", "LINE_NOT_FOUND"]


def test_a_line_is_no_longer_missing_when_the_order_becomes_known() -> None:
    policy = replace(POLICY, sent_by="bc")
    facts = history(request(3), shipment((1, 3)))
    before = now(facts, policy=policy)
    assert [(one.code, one.detail) for one in before.exceptions] == [
        ("BC_PO_MISSING", "purchase order PO1 is not known"),
        ("LINE_NOT_FOUND", "the lines of the order are not known yet"),
    ]
    assert now(add(facts, purchase_order(3)), policy=policy).exceptions == ()


def test_a_rejected_line_names_the_suppliers_code_and_what_it_is_worth() -> None:
    facts = add(sent(3, 1), confirmation(item(1, accept(2), reject(1, 2, error_code="123-456")), item(2, accept(1))))
    found = only(facts, "CONF_REJECTED_LINE")
    assert subject(found) == ("line", "PR1/10000")
    assert (found.severity, found.amount_at_risk, found.currency) == (Severity.ERROR, 10 * ONE, "USD")
    assert (found.detail, found.since) == ("1 of 3 rejected, code 123-456", micros("2026-03-04T10:00:00Z"))


def test_a_rejected_line_stops_being_one_when_an_update_accepts_it() -> None:
    first = confirmation(item(1, reject(3)))
    update = confirmation(item(1, accept(3)), operation="update", previous_payload_id=payload_of(first), notice=LATE)
    assert codes(add(sent(3), first)) == ["CONF_REJECTED_LINE", "CONF_REJECTED_ORDER"]
    assert codes(add(sent(3), first, update)) == []


def test_an_order_of_which_nothing_will_come_is_reported_as_a_whole() -> None:
    facts = add(sent(3, 1), confirmation(type="reject", error_code="012-345"))
    found = only(facts, "CONF_REJECTED_ORDER")
    assert (subject(found), found.amount_at_risk) == (("request", "PR1"), 40 * ONE)
    details = [one.detail for one in now(facts).exceptions if one.code == "CONF_REJECTED_LINE"]
    assert details == ["3 of 3 rejected, code 012-345", "1 of 1 rejected, code 012-345"]


def test_an_order_with_one_live_line_is_not_rejected_as_a_whole() -> None:
    facts = add(sent(3, 1), confirmation(item(1, reject(3))))
    assert "CONF_REJECTED_ORDER" not in codes(facts)


def test_a_backorder_is_reported_until_it_is_accepted() -> None:
    first = confirmation(item(1, accept(1), backorder(2, 2)))
    found = only(add(sent(3), first), "CONF_BACKORDER")
    assert (found.amount_at_risk, found.detail) == (20 * ONE, "2 of 3 backordered")
    second = confirmation(item(1, accept(2)), confirm_id="111-2", notice=LATE)
    assert codes(add(sent(3), first, second)) == ["MULTI_VALUE_PROJECTED"]


def test_more_invoiced_than_accepted_is_reported() -> None:
    facts = add(sent(3), confirmation(item(1, accept(2), reject(1, 2))), shipment((1, 2)), invoice((1, 3)))
    found = only(facts, "INV_QTY_OVER")
    assert (found.amount_at_risk, found.detail) == (10 * ONE, "3 invoiced, 2 accepted")


def test_without_a_confirmation_more_invoiced_than_ordered_is_reported() -> None:
    facts = add(sent(3), shipment((1, 3)), invoice((1, 4)))
    assert only(facts, "INV_QTY_OVER").detail == "4 invoiced, 3 ordered"


def test_a_credit_of_the_excess_settles_it() -> None:
    facts = add(sent(3), shipment((1, 3)), invoice((1, 4)))
    credit = invoice((1, 1), invoice_id="C1", purpose="lineLevelCreditMemo", original_invoice_id="I1")
    assert codes(add(facts, credit)) == []


def test_an_invoice_before_its_shipment_is_flagged_after_three_days() -> None:
    facts = add(sent(3), confirmation(item(1, accept(3))), invoice((1, 3)))
    due = INVOICED_AT + 3 * DAY
    assert (codes(facts, due - 1), now(facts, due - 1).next_due_at) == ([], due)
    found = only(facts, "INV_BEFORE_SHIP", due)
    assert (subject(found), found.severity, found.since) == (("line", "PR1/10000"), Severity.WARNING, due)
    assert (found.amount_at_risk, found.detail) == (30 * ONE, "3 invoiced, 0 shipped")
    assert now(facts, due).next_due_at is None


def test_a_shipment_ends_the_wait() -> None:
    facts = add(sent(3), confirmation(item(1, accept(3))), invoice((1, 3)), shipment((1, 3)))
    assert (codes(facts, MUCH_LATER), now(facts).next_due_at) == ([], None)


def test_the_wait_starts_with_the_first_invoice_that_shipments_do_not_cover() -> None:
    second = invoice((1, 1), invoice_id="I2", invoice_date=at("2026-03-07T12:00:00Z"))
    facts = add(sent(3), confirmation(item(1, accept(3))), shipment((1, 2)), second, invoice((1, 2)))
    assert now(facts, INVOICED_AT).next_due_at == INVOICED_AT + 4 * DAY


def test_what_was_shipped_and_came_back_was_shipped() -> None:
    back = shipment((1, 3), shipment_id="S2", reason="return")
    facts = add(sent(3), confirmation(item(1, accept(3))), shipment((1, 3)), back, invoice((1, 3)))
    assert "INV_BEFORE_SHIP" not in codes(facts, MUCH_LATER)


def test_what_was_credited_need_not_be_shipped() -> None:
    credit = invoice((1, 2), invoice_id="C1", purpose="lineLevelCreditMemo", invoice_date=at("2026-03-05"))
    later = invoice((1, 1), invoice_id="I2", invoice_date=at("2026-03-07T12:00:00Z"))
    facts = add(sent(3), confirmation(item(1, accept(3))), invoice((1, 2)), credit, later)
    assert now(facts, INVOICED_AT).next_due_at == INVOICED_AT + 4 * DAY


def test_an_invoice_dated_by_day_waits_from_its_receipt() -> None:
    facts = add(sent(3), stated(invoice((1, 3), invoice_date=at("2026-03-06")), received=SENT_AT + HOUR))
    assert now(facts).next_due_at == SENT_AT + HOUR + 3 * DAY


@pytest.mark.parametrize("outcome", ["sent", "in_doubt"])
def test_a_missing_confirmation_is_a_warning_after_24_hours_and_an_error_after_48(outcome: str) -> None:
    facts = history(queued(3), mark(), result(outcome))
    assert ("CONF_OVERDUE" in codes(facts, SENT_AT + 24 * HOUR - 1)) is False
    assert only(facts, "CONF_OVERDUE", SENT_AT + 24 * HOUR).severity is Severity.WARNING
    assert only(facts, "CONF_OVERDUE", SENT_AT + 48 * HOUR - 1).severity is Severity.WARNING
    assert only(facts, "CONF_OVERDUE", SENT_AT + 48 * HOUR).severity is Severity.ERROR


def test_the_confirmation_deadline_is_due_when_it_passes_and_not_afterwards() -> None:
    facts = sent(3)
    due = [now(facts, SENT_AT + hours * HOUR).next_due_at for hours in (0, 24, 48)]
    assert due == [SENT_AT + 24 * HOUR, SENT_AT + 48 * HOUR, None]


@pytest.mark.parametrize("answer", [confirmation(item(1, accept(3))), shipment((1, 3)), invoice((1, 3))])
def test_any_answer_ends_the_wait_for_a_confirmation(answer: object) -> None:
    assert "CONF_OVERDUE" not in codes(add(sent(3), answer), MUCH_LATER)


@pytest.mark.parametrize("outcome", ["pending", "refused", "blocked"])
def test_an_order_that_did_not_leave_is_not_overdue(outcome: str) -> None:
    assert "CONF_OVERDUE" not in codes(history(queued(3), mark(), result(outcome)), MUCH_LATER)


def test_an_order_that_nobody_marked_is_not_overdue() -> None:
    assert "CONF_OVERDUE" not in codes(history(queued(3), result("sent")), MUCH_LATER)


@pytest.mark.parametrize(
    ("outcome", "code"),
    [("in_doubt", "SEND_AMBIGUOUS"), ("refused", "SEND_PERMANENT"), ("blocked", "OUT_BLOCKED")],
)
def test_an_order_that_did_not_go_out_as_it_should_says_how_it_was_answered(outcome: str, code: str) -> None:
    facts = history(queued(3), mark(), result(outcome, http_status=200, cxml_code=500, detail="try later"))
    found = only(facts, code)
    assert (subject(found), found.detail) == (("request", "PR1"), "HTTP 200, cXML 500, try later")
    assert (found.since, found.amount_at_risk) == (SENT_AT, 30 * ONE)


def test_an_order_in_doubt_without_any_answer_has_nothing_to_quote() -> None:
    assert only(history(queued(3), mark(), result("in_doubt")), "SEND_AMBIGUOUS").detail == ""


def test_an_order_that_was_passed_on_by_an_unreliable_way_is_overdue_after_four_hours() -> None:
    facts = history(queued(3), mark(), result("sent", http_status=200, cxml_code=281))
    assert "CONF_OVERDUE" not in codes(facts, SENT_AT + 4 * HOUR - 1)
    found = only(facts, "CONF_OVERDUE", SENT_AT + 4 * HOUR)
    assert (found.detail, found.since) == ("no answer 4 h after sending", SENT_AT + 4 * HOUR)
    assert now(facts, SENT_AT).next_due_at == SENT_AT + 4 * HOUR


def test_an_order_that_is_kept_here_says_by_what() -> None:
    found = only(history(queued(3), withheld(SENT_AT)), "OUT_BLOCKED")
    assert (subject(found), found.detail) == (("request", "PR1"), "the kill switch is set")
    assert (found.since, found.amount_at_risk) == (SENT_AT, 30 * ONE)


def test_an_order_that_is_held_says_by_whom_and_why() -> None:
    assert only(history(queued(3), held(SENT_AT)), "OUT_BLOCKED").detail == "held by ann"
    assert only(history(queued(3), held(SENT_AT, reason="budget")), "OUT_BLOCKED").detail == "held by ann: budget"


def test_a_persons_word_ends_the_doubt() -> None:
    facts = history(queued(3), mark(), result("in_doubt"), resolved("sent", SENT_AT + HOUR))
    assert "SEND_AMBIGUOUS" not in codes(facts)


def test_two_order_confirmation_ids_are_reported_on_the_request() -> None:
    facts = add(sent(3), confirmation(item(1, accept(1, confirm_id="111-2"), accept(2, 2))))
    found = only(facts, "MULTI_VALUE_PROJECTED")
    assert (subject(found), found.detail) == (("request", "PR1"), "Order Confirmation ID: 111-1, 111-2")


def test_two_dates_of_a_line_are_reported_on_the_line() -> None:
    second = shipment((1, 2), shipment_id="S2", shipment_date=at("2026-03-06T20:00:00Z"))
    found = only(add(sent(3), shipment((1, 1)), second), "MULTI_VALUE_PROJECTED")
    assert (subject(found), found.detail) == (("line", "PR1/10000"), "Shipping Date: 2 values")


def test_two_instants_of_one_day_are_one_value() -> None:
    second = shipment((1, 2), shipment_id="S2", shipment_date=at("2026-03-05T20:00:00Z"))
    assert codes(add(sent(3), shipment((1, 1)), second)) == []


def test_an_adopted_order_says_why() -> None:
    facts = history(request(3), purchase_order(3), confirmation(item(1, accept(3))))
    found = only(facts, "ORDER_ADOPTED")
    assert (found.severity, found.detail) == (
        Severity.INFO,
        "answered by the supplier, and nothing was ever queued here",
    )


READY = history(request(3), purchase_order(3))


REFUSALS = tuple((Code.OUT_VALIDATION, text) for text in ("no e-mail", "no address", "no e-mail"))


def refused(facts: RequestHistory, sent_by: str = "pipeline") -> list[str]:
    policy = replace(POLICY, sent_by=sent_by)  # type: ignore[arg-type]
    found = reconcile(facts, policy, NOW, order_refusals=REFUSALS)
    return [one.detail for one in found.exceptions if one.code == "OUT_VALIDATION"]


def test_an_order_that_cannot_be_built_says_everything_that_is_missing() -> None:
    assert refused(READY) == ["no address; no e-mail"]


def test_an_order_that_can_be_built_raises_nothing() -> None:
    assert codes(READY) == []


@pytest.mark.parametrize(
    "facts",
    [
        history(request(3, status="open"), purchase_order(3)),
        history(request(3)),
        history(purchase_order(3)),
        add(READY, queued(3)),
        add(READY, confirmation()),
    ],
    ids=["not released", "no purchase order", "no request", "queued", "adopted"],
)
def test_refusals_count_only_for_a_released_request_with_an_order_that_is_ours_to_build(facts: RequestHistory) -> None:
    assert refused(facts) == []


def test_where_business_central_sends_nothing_is_refused_here() -> None:
    assert refused(READY, sent_by="bc") == []


def test_exceptions_are_sorted_by_code_and_subject() -> None:
    facts = add(sent(3, 1), confirmation(item(2, reject(1)), item(1, reject(1)), item(9, accept(1))))
    found = [(one.code.value, one.subject_kind, one.subject_key) for one in now(facts).exceptions]
    assert found == sorted(found)


@pytest.mark.parametrize("code", [Code.CART_EXPIRED, Code.AUX_ID_CHANGED, Code.AUX_ID_MISSING, Code.OUT_ALREADY_SENT])
def test_what_stands_against_an_order_keeps_its_own_code(code: Code) -> None:
    refusals = ((code, "line 10000 b"), (code, "line 10000 a"), (Code.OUT_VALIDATION, "no e-mail"))
    found = reconcile(READY, POLICY, NOW, order_refusals=refusals).exceptions
    assert {one.code: one.detail for one in found} == {
        code: "line 10000 a; line 10000 b",
        Code.OUT_VALIDATION: "no e-mail",
    }
    assert {one.subject_key for one in found} == {"PR1"}
