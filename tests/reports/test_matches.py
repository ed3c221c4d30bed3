"""The three-way match as people read it: the verdict, what decided, the tolerance, and the worst first."""

import pytest
import sqlalchemy as sa

from punchout.ledger.engine import reading
from punchout.ledger.views.status import status_report
from punchout.reconciliation.accounts import MatchWord
from punchout.reports.matches import RULES, counted_words, match_order, quantity_variance
from tests.reports.pages import lines_of, matches_of, page, rows_of, text, texts
from tests.reports.statuses import Json, charge, compared, invoiced, line, report, request


def matched(number: int = 10000, **changes: object) -> Json:
    bill = invoiced(number, 3)
    return bill | {"match": compared(bill, **changes)}


def dear(number: int = 10000, amount: str = "1.5") -> Json:
    return matched(
        number, word="price", words=["price", "qty short"], price_invoiced="10.49", amount_at_variance=amount
    )


def test_every_verdict_says_what_decided() -> None:
    assert list(RULES) == [word.value for word in MatchWord]


def test_a_line_shows_what_was_ordered_what_came_what_is_billed_and_within_which_tolerance() -> None:
    bill = dear() | {"description": "Pens"}
    bill["match"] |= {"tax_expected": "2", "tax_tolerance": "0.07", "tax_invoiced": "2.5", "charges": "4",
                      "charges_expected": "3", "received": "2", "effective": "4", "credited": "1"}  # fmt: skip
    assert matches_of(report([request("PR1", "Invoiced", [bill])])) == [
        [
            f"price {RULES['price']} also: qty short",
            "PR1 line 10000 B07XJ8C8F5 Pens",
            "3 29.97",
            "3",
            "3 29.97",
            "2",
            "3 29.97 1 credited",
            "10.49 ordered 9.99 ± 0.04995",
            "1.50 -1",
            "2.5 confirmed 2 ± 0.07",
            "4 confirmed 3 ± 0",
            "1KX7-4QWD-91FH 2026-03-05",
        ]
    ]


def test_the_worst_comes_first_then_what_costs_most_and_last_what_nobody_billed() -> None:
    unbilled = line(50000, 3)
    lines = [
        unbilled | {"match": compared(unbilled, word="no PO", words=["no PO"])},
        matched(10000),
        dear(20000, "1"),
        dear(30000, "2"),
        matched(40000, word="qty over", words=["qty over"]),
        line(60000, 1),
    ]
    assert match_order([request("PR1", "Invoiced", lines)]) == [4, 3, 2, 1, 0]


def test_a_request_shows_the_worst_verdict_of_its_lines() -> None:
    given = report([request("PR1", "Invoiced", [matched(10000), dear(20000)]), request("PR2", "New", [])])
    assert [row[13] for row in rows_of(given)] == ["price", ""]
    assert [row[13].split()[0] for row in lines_of(given)] == ["matched", "price"]


def test_verdicts_are_counted_by_line_the_worst_first() -> None:
    given = [request("PR1", "Invoiced", [matched(10000), dear(20000)]), request("PR2", "Invoiced", [matched()])]
    assert [(one.word, one.lines, one.look) for one in counted_words(given)] == [
        ("price", 1, "bad"),
        ("matched", 2, "same"),
    ]
    assert texts(page(report(given)), "//ul[@class='words']/li") == ["price 1", "matched 2"]


def test_a_cart_that_nobody_ordered_is_no_alarm_before_its_bill() -> None:
    cart, bill = line(10000, 0), invoiced(10000, 3)
    looks = [
        counted_words([request("PR1", "New", [one | {"match": compared(one, word="no PO", words=["no PO"])}])])[0].look
        for one in (cart, bill)
    ]
    assert looks == ["open", "bad"]


@pytest.mark.parametrize(("due", "expected"), [("3", ""), ("1", "+2"), ("3.5", "-0.5")])
def test_a_quantity_varies_from_what_was_agreed_with_its_sign(due: str, expected: str) -> None:
    assert quantity_variance(matched(effective=due)["match"]) == expected


def test_a_verdict_of_a_later_version_is_shown_first_and_as_a_worry() -> None:
    given = report([request("PR1", "Invoiced", [dear(10000), matched(20000, word="brand new", words=["brand new"])])])
    assert next(row[0] for row in matches_of(given)) == "brand new"
    assert counted_words(given["requests"])[0].look == "bad"


def test_a_line_that_is_not_compared_yet_is_shown_without_a_verdict() -> None:
    given = report([request("PR1", "Invoiced", [invoiced(10000, 3)])])
    assert matches_of(given) == []
    assert "No line is compared yet." in text(page(given))


def test_what_is_billed_beside_the_lines_names_its_document() -> None:
    given = request("PR1", "Invoiced", [], charges=[charge("shipping", "5", content="ab" * 32, line_number=10000)])
    assert "shipping 5.00 USD on line 10000, document abababab" in text(page(report([given])))


def test_the_lines_of_a_ledger_have_the_verdicts_of_its_status(ledger: sa.Engine) -> None:
    with reading(ledger) as connection:
        status = status_report(connection)
    expected = [one["match"]["word"] for row in status["requests"] for one in row["lines"] if one["match"]]
    shown = [row[0] for row in matches_of(status)]
    assert expected
    assert sorted(f"{word} {RULES[word]}" for word in expected) == sorted(row.split(" also: ")[0] for row in shown)
