"""What is said of an order itself: that it is unlike its cart, and under which payloadIDs it was sent twice."""

from punchout.model.exact import ONE
from punchout.reconciliation.reconcile import reconcile
from punchout.reconciliation.results import ExceptionFound
from tests.reconciliation.copies import order_copy
from tests.reconciliation.histories import NOW, POLICY, add, history, only, purchase_order, request, sent, stated

FACTS = sent(3, 1)


def told(*remarks: tuple[str, str, int]) -> tuple[ExceptionFound, ...]:
    return reconcile(FACTS, POLICY, NOW, order_remarks=remarks).exceptions


def test_a_line_unlike_its_item_of_the_cart_is_reported_with_the_words_and_what_they_come_to() -> None:
    (found,) = told(("20000", "unit price 11, in the cart 10", ONE))
    assert (found.code, found.subject_kind, found.subject_key) == ("OUT_ROUNDTRIP_DIFF", "line", "PR1/20000")
    assert (found.detail, found.amount_at_risk) == ("unit price 11, in the cart 10", ONE)


def test_a_remark_about_a_line_that_the_order_does_not_have_is_nobodys() -> None:
    assert told(("97", "unit price 11, in the cart 10", ONE)) == ()


def test_an_order_that_was_sent_several_times_names_its_payload_ids_in_order() -> None:
    names = [f"order-{place}@buyer.example" for place in range(1, 7)]
    copies = [stated(order_copy(3), place, payload_id=name) for place, name in enumerate(reversed(names), 1)]
    found = only(add(history(request(3), purchase_order(3)), *copies), "OUT_ALREADY_SENT")
    assert found.detail == f"PO1 was also sent as {', '.join(names)}"
