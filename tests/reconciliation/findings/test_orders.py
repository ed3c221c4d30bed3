"""What is said of an order itself: where it does not give the supplier back what the cart said."""

from punchout.model.exact import ONE
from punchout.reconciliation.reconcile import reconcile
from punchout.reconciliation.results import ExceptionFound
from tests.reconciliation.histories import NOW, POLICY, sent

FACTS = sent(3, 1)


def told(*remarks: tuple[str, str, int]) -> tuple[ExceptionFound, ...]:
    return reconcile(FACTS, POLICY, NOW, order_remarks=remarks).exceptions


def test_a_line_unlike_its_item_of_the_cart_is_reported_with_the_words_and_what_they_come_to() -> None:
    (found,) = told(("20000", "unit price 11, in the cart 10", ONE))
    assert (found.code, found.subject_kind, found.subject_key) == ("OUT_ROUNDTRIP_DIFF", "line", "PR1/20000")
    assert (found.detail, found.amount_at_risk) == ("unit price 11, in the cart 10", ONE)


def test_a_remark_about_a_line_that_the_order_does_not_have_is_nobodys() -> None:
    assert told(("97", "unit price 11, in the cart 10", ONE)) == ()
