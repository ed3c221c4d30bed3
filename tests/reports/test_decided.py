"""What people decided: who, when, about what and with which words, at the exception and in a table of its own."""

import csv
import io
from pathlib import Path
from typing import get_args

import pytest
import sqlalchemy as sa
from lxml import html

from punchout.model.codes import Code
from punchout.model.decisions import DecisionKind
from punchout.reports.tracking import write_tracking_report
from tests.reports.pages import decisions_of, papers_of, table_of, work_of
from tests.reports.statuses import Json, content, decision, exception, report, request
from tests.reports.test_csv_files import files_of
from tests.reports.test_workbook import book_of

PROBLEM = exception(Code.INV_QTY_OVER, "8.98", line_number=10000, detail="12 invoiced")
SAID = "Acknowledged by ann, 2026-03-06 09:30: “as agreed by phone”"


def decided(*decisions: Json, problem: Json = PROBLEM) -> Json:
    """Return a report on one request with an exception on its line, about which people decided."""
    return report([request("PR1", "Invoiced", [], [problem], decisions=list(decisions), order_id="106001")])


def test_an_exception_says_who_knows_of_it_when_and_in_which_words() -> None:
    given = decided(decision("acknowledge", "PR1/10000", code="INV_QTY_OVER"))
    assert work_of(given)[0][2] == f"PR1 line 10000 106001 12 invoiced {SAID}"
    for rows in (files_of(given)["worklist"], book_of(given)["Worklist"]):
        assert (rows[0]["Acknowledged by"], rows[0]["In their words"]) == ("ann", "as agreed by phone")
    assert files_of(given)["worklist"][0]["Acknowledged at"] == "2026-03-06 09:30"


def test_of_several_acknowledgements_the_latest_is_shown_at_the_exception() -> None:
    early = decision("acknowledge", "PR1/10000", code="INV_QTY_OVER", by="bob", at="2026-03-05T08:00:00+00:00")
    given = decided(early, decision("acknowledge", "PR1/10000", code="INV_QTY_OVER"))
    assert SAID in work_of(given)[0][2]
    assert [row[1] for row in decisions_of(given)] == ["ann", "bob"]


@pytest.mark.parametrize(
    "other",
    [
        decision("acknowledge", "PR1/20000", code="INV_QTY_OVER"),
        decision("acknowledge", "PR1/10000", code="INV_PRICE_UP"),
        decision("close_line", "PR1/10000"),
    ],
)
def test_a_decision_about_something_else_is_no_acknowledgement(other: Json) -> None:
    assert "Acknowledged" not in work_of(decided(other))[0][2]


def test_a_document_that_waits_says_who_knows_of_it() -> None:
    raised = [exception(Code.ORDER_NOT_FOUND, subject="document", subject_key=content("b") + "#1")]
    told = [decision("acknowledge", content("b") + "#1", code="ORDER_NOT_FOUND")]
    given = report(document_exceptions=raised, decisions_apart=told)
    assert SAID in papers_of(given)[0][3]
    assert files_of(given)["documents"][0]["In their words"] == "as agreed by phone"


def test_a_waived_exception_stands_in_the_table_of_decisions() -> None:
    given = report([request("PR1", "Invoiced", [], decisions=[decision("waive", "PR1/10000", code="INV_QTY_OVER")])])
    assert decisions_of(given) == [
        ["2026-03-06 09:30", "ann", "waived", "PR1 INV_QTY_OVER, line 10000", "as agreed by phone"]
    ]
    (row,) = files_of(given)["decisions"]
    assert (row["Decision"], row["Exception"], row["Line"], row["By"]) == ("waived", "INV_QTY_OVER", "10000", "ann")


@pytest.mark.parametrize(
    ("told", "about"),
    [
        (decision("link", content("b") + "#1.2", line="10000"), f"line 10000, document {content('b')[:12]}#1.2"),
        (decision("ignore_doc", content("b")), f"document {content('b')[:12]}"),
        (decision("accept_price", "PR1/10000", price="12.5"), "line 10000, at 12.5"),
        (decision("waive", "PR1", code="CONF_OVERDUE"), "CONF_OVERDUE"),
        (decision("brand_new", "PR1/1"), "line 1"),
    ],
)
def test_a_decision_says_what_it_is_about(told: Json, about: str) -> None:
    (row,) = decisions_of(report([request("PR1", "Invoiced", [], decisions=[told])]))
    assert row[3] == f"PR1 {about}"


def test_every_kind_of_decision_has_words_for_people() -> None:
    shown = [
        decisions_of(report([request("PR1", "New", [], decisions=[decision(kind, "PR1")])]))[0][2]
        for kind in get_args(DecisionKind)
    ]
    assert not {word for word in shown if "_" in word} | (set(shown) & set(get_args(DecisionKind)))


def test_the_files_of_a_ledger_say_who_decided_what(ledger: sa.Engine, tmp_path: Path) -> None:
    with ledger.connect() as connection:
        path = write_tracking_report(connection, tmp_path)
    rows = list(csv.DictReader(io.StringIO((tmp_path / "tracking-decisions.csv").read_text(encoding="utf-8-sig"))))
    assert ("acknowledged", "CONF_PARTIAL_QTY", "PR0001", "ann", "the supplier called") in {
        (row["Decision"], row["Exception"], row["Request"], row["By"], row["In their words"]) for row in rows
    }
    told = [(row["Decided at"], row["By"], row["Decision"], row["Exception"], row["In their words"]) for row in rows]
    assert len(set(told)) == len(told), "a decision is listed twice"
    shown = table_of(html.document_fromstring(path.read_text(encoding="utf-8")), "decisions")
    assert len(shown) == len(rows)
