"""The report as a whole: everything is there, anybody can read it, and the file is its owner's alone."""

import os
import re
import stat
from pathlib import Path

import sqlalchemy as sa
from lxml import html

from punchout.ledger.engine import reading
from punchout.ledger.views.status import status_report
from punchout.reports.tracking import render, write_tracking_report
from tests.reports.demo import demo
from tests.reports.pages import found, lines_of, page, rows_of, text, texts
from tests.reports.statuses import invoiced, report, request

EVENTS = [(f"2026-03-0{day}T15:04", "Shipment") for day in range(1, 8)]


def test_every_request_and_every_line_is_there() -> None:
    given = demo()
    assert [row[0] for row in rows_of(given)] == [one["request_no"] for one in given["requests"]]
    assert len(lines_of(given)) == sum(len(one["lines"]) for one in given["requests"]) == 22


def test_a_ledger_in_which_nothing_happened_gives_a_page_that_says_so() -> None:
    shown = text(page(report(as_of=None)))
    assert "No sync has run yet" in shown
    assert "There are no requests yet." in shown
    assert "no exception is open" in shown


def test_every_table_has_a_caption_and_its_heads_say_what_they_head() -> None:
    shown = page(demo())
    tables = found(shown, "//table")
    assert len(tables) == 4
    for table in tables:
        assert texts(table, "./caption")[0]
        assert {head.get("scope") for head in found(table, ".//th")} <= {"col", "row"}


def test_every_control_has_a_label_and_every_name_is_given_once() -> None:
    shown = page(demo())
    assert all(label.strip() for label in texts(shown, "//label/span"))
    assert not found(shown, "//input[not(ancestor::label)]|//select[not(ancestor::label)]")
    names = [str(element.get("id")) for element in found(shown, "//*[@id]")]
    assert len(names) == len(set(names))
    referred = {name for element in found(shown, "//*[@aria-labelledby]") for name in [element.get("aria-labelledby")]}
    assert referred <= set(names)


def test_a_link_of_the_worklist_leads_to_its_request() -> None:
    shown = page(demo())
    for row in found(shown, "//table[@id='worklist']//tr[@data-r]"):
        (link,) = found(row, ".//a")
        (target,) = found(shown, f"//tbody[@id='{str(link.get('href'))[1:]}']")
        assert texts(target, ".//summary") == [text(link)]


def test_ten_thousand_lines_stay_small() -> None:
    lines = [invoiced(number * 10000, 3) for number in range(1, 5)]
    given = [
        request(f"PR{number:06d}", "Invoiced", lines, events=EVENTS, order_id=f"10{number:06d}",
                order_confirmation_id=f"111-{number:07d}-{number:07d}")
        for number in range(2500)
    ]  # fmt: skip
    assert len(render(report(given)).encode()) < 5_000_000


def test_the_report_of_a_ledger_shows_what_its_status_says(ledger: sa.Engine, tmp_path: Path) -> None:
    with reading(ledger) as connection:
        status = status_report(connection)
        path = write_tracking_report(connection, tmp_path)
    shown = path.read_text(encoding="utf-8")
    assert all(f"<summary>{one['request_no']}</summary>" in shown for one in status["requests"])
    assert status["ledger_hash"][:12] in shown
    assert status["requests"]
    for code in status["documents"]["quarantined"]:
        assert code in shown


def test_a_request_of_a_ledger_is_found_by_identifiers_that_no_line_shows(ledger: sa.Engine, tmp_path: Path) -> None:
    with reading(ledger) as connection:
        path = write_tracking_report(connection, tmp_path)
    (body,) = found(html.document_fromstring(path.read_text(encoding="utf-8")), "//tbody[.//summary='PR0001']")
    assert {"PR0001", "106001", "111-1", "111-2", "S1", "S2", "I1", "I2", "C1"} <= set(
        str(body.get("data-i")).split("\n")
    )


def test_documents_of_a_ledger_show_the_names_they_came_under(ledger: sa.Engine, tmp_path: Path) -> None:
    with reading(ledger) as connection:
        path = write_tracking_report(connection, tmp_path)
    shown = path.read_text(encoding="utf-8")
    assert "order 999999" in shown
    assert "punchout status 999999" in shown
    assert re.search(r"punchout quarantine show \d+", shown)


def test_the_report_is_written_for_its_owner_alone(empty_ledger: sa.Engine, tmp_path: Path) -> None:
    os.umask(0)
    with reading(empty_ledger) as connection:
        path = write_tracking_report(connection, tmp_path / "new" / "folder")
    assert path == tmp_path / "new" / "folder" / "tracking.html"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_report_speaks_as_of_the_moment_it_is_given(empty_ledger: sa.Engine, tmp_path: Path) -> None:
    with reading(empty_ledger) as connection:
        path = write_tracking_report(connection, tmp_path, 1_772_816_400_000_000)
    assert "2026-03-06 17:00 UTC" in path.read_text(encoding="utf-8")
