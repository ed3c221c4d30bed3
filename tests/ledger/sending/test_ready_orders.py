"""Candidates compared with their purchase orders and with each other."""

from punchout.ledger.sending.ready_orders import Candidate, Contradiction, contradictions
from punchout.model.keys import RequestKey


def key(number: str, company: str = "C") -> RequestKey:
    return RequestKey(company, "S", number)


def candidate(
    number: str, *orders: str, request_lines: int = 1, order_lines: int | None = 1, company: str = "C"
) -> Candidate:
    return Candidate(
        key=key(number, company), order_numbers=orders, request_lines=request_lines, order_lines=order_lines
    )


def test_candidates_that_agree_contradict_nothing() -> None:
    assert contradictions([candidate("A", "1"), candidate("B", "2")]) == []


def test_a_candidate_without_a_purchase_order_is_a_contradiction() -> None:
    found = contradictions([candidate("A", order_lines=None)])
    assert found == [Contradiction("has not one purchase order", key("A"))]


def test_a_candidate_with_two_purchase_orders_is_a_contradiction() -> None:
    (found,) = contradictions([candidate("A", "1", "2", order_lines=None)])
    assert found.rule == "has not one purchase order"


def test_another_number_of_lines_is_a_contradiction() -> None:
    (found,) = contradictions([candidate("A", "1", request_lines=2), candidate("B", "2")])
    assert found == Contradiction("has another number of lines than its purchase order", key("A"))


def test_two_candidates_with_one_purchase_order_are_both_named() -> None:
    found = contradictions([candidate("A", "1"), candidate("B", "1"), candidate("C", "3")])
    assert [(one.rule, one.key.request_no) for one in found] == [
        ("shares its purchase order with another request", "A"),
        ("shares its purchase order with another request", "B"),
    ]


def test_the_same_number_in_two_companies_is_no_contradiction() -> None:
    assert contradictions([candidate("A", "1"), candidate("B", "1", company="D")]) == []
