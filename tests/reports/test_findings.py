"""The worklist and the documents that need a person: worst first, and what comes next."""

from punchout.model.codes import Code, Severity
from tests.reports.pages import papers_of, rows_of, work_of
from tests.reports.statuses import content, exception, refused, report, request


def test_the_worklist_begins_with_the_worst_and_then_with_the_dearest() -> None:
    problems = [
        exception(Code.CONF_OVERDUE, "5000"),
        exception(Code.INV_QTY_OVER, "9"),
        exception(Code.ORDER_ADOPTED, "7000"),
        exception(Code.SUBSTITUTION, "10"),
        exception(Code.OUT_ALREADY_SENT),
        exception(Code.CONF_BACKORDER, "1", severity=Severity.CRITICAL.value),
    ]
    work = work_of(report([request("PR1", "PO Sent", [], problems)]))
    assert [(row[0], row[1].split()[0]) for row in work] == [
        ("critical", "CONF_BACKORDER"),
        ("critical", "OUT_ALREADY_SENT"),
        ("error", "SUBSTITUTION"),
        ("error", "INV_QTY_OVER"),
        ("warning", "CONF_OVERDUE"),
        ("info", "ORDER_ADOPTED"),
    ]


def test_an_entry_of_the_worklist_says_what_it_is_about_and_what_comes_next() -> None:
    problem = exception(Code.CONF_REJECTED_LINE, "17.95", line_number=20000, detail="1 of 2 rejected")
    given = request("PR 7", "Order Confirmed", [], [problem], order_id="106007")
    assert work_of(report([given])) == [
        [
            "error",
            f"CONF_REJECTED_LINE {Code.CONF_REJECTED_LINE.meaning}",
            "PR 7 line 20000 106007 1 of 2 rejected",
            "17.95 USD",
            "2026-03-05 18:00",
            f"{Code.CONF_REJECTED_LINE.action} punchout trace 'PR 7'",
        ]
    ]


def test_a_refused_document_shows_why_where_and_what_comes_next() -> None:
    rows = [refused(118, Code.XML_REJECTED, "a.xml", place="line 41, column 7", detail="ends early")]
    raised = [exception(Code.XML_REJECTED, subject="document", subject_key=content("a.xml"))]
    (row,) = papers_of(report(quarantine=rows, document_exceptions=raised))
    assert row[:5] == [
        "critical", f"XML_REJECTED {Code.XML_REJECTED.meaning}", "a.xml cxml", "line 41, column 7 ends early",
        "2026-03-06 15:12",
    ]  # fmt: skip
    assert row[5].endswith("punchout quarantine show 118")


def test_a_refused_document_of_which_nothing_else_is_known_is_listed_by_its_content() -> None:
    raised = [exception(Code.XML_REJECTED, subject="document", subject_key=content("a.xml"))]
    (row,) = papers_of(report(document_exceptions=raised))
    assert row[2] == content("a.xml")[:12]


def test_a_document_without_an_order_names_the_order_it_looks_for() -> None:
    raised = [exception(Code.ORDER_NOT_FOUND, subject="document", subject_key=content("b") + "#1")]
    waiting = {"document_id": 9, "kind": "InvoiceDetailRequest", "body_sha256": content("b"), "names": ["inv.xml"],
               "received_at": "2026-03-06T15:20:00+00:00", "orders": ["999"], "identifiers": ["999", "I1"]}  # fmt: skip
    (row,) = papers_of(report(document_exceptions=raised, waiting=[waiting]))
    assert row[2:5] == ["inv.xml InvoiceDetailRequest", "order 999", "2026-03-06 15:20"]
    assert row[5].endswith("punchout status 999")


def test_a_code_of_a_later_version_is_shown_all_the_same() -> None:
    later = exception(Code.CONF_OVERDUE) | {"code": "BRAND_NEW", "severity": "odd"}
    given = report([request("PR1", "Brand New Stage", [], [later])])
    assert work_of(given)[0][:2] == ["odd", "BRAND_NEW"]
    assert rows_of(given)[0][13] == "BRAND_NEW"
