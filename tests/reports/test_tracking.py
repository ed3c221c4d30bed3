"""The report as a whole: everything is there, anybody can read it, and the file is its owner's alone."""

import os
import re
import stat
import tempfile
from pathlib import Path

import pytest
import sqlalchemy as sa
from lxml import html

from punchout.ledger.engine import reading
from punchout.ledger.views.status import status_report
from punchout.model.codes import Code
from punchout.reports.tracking import render, write_tracking_report
from tests.reports.demo import demo
from tests.reports.pages import data_of, found, lines_of, page, rows_of, searched_by, table_of, text, texts, work_of
from tests.reports.statuses import Json, compared, exception, invoiced, report, request

STEPS = ("Cart Received", "Released", "PO Queued", "PO Sent", "Confirmation", "Shipment", "Invoice")
EVENTS = [(f"2026-03-0{day}T15:04", what) for day, what in enumerate(STEPS, 1)]


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
    assert len(tables) == 11
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
    requests = table_of(shown, "requests")
    owners = [requests[place]["request_no"] for place in data_of(shown)["work"]["of"]]
    assert owners == [re.split(" line | ", row[2])[0] for row in work_of(demo())]
    assert len(owners) == sum(len(one["exception_details"]) for one in demo()["requests"])


def test_ten_thousand_lines_stay_below_three_megabytes() -> None:
    given = [_unlike_any_other(number) for number in range(2500)]
    assert sum(len(one["lines"]) for one in given) == 10_000
    assert len(render(report(given)).encode()) < 3_000_000


def test_ten_thousand_requests_of_one_line_stay_below_three_megabytes_too() -> None:
    given = [_unlike_any_other(number) for number in range(10_000)]
    for number, one in enumerate(given):
        one |= {"lines": one["lines"][:1], "exceptions": [], "exception_details": []}
        for event in one["timeline"]:
            event["at"] = f"{event['at'][:11]}{number % 24:02d}:{number % 60:02d}:00+00:00"
    assert sum(len(one["timeline"]) for one in given) == 70_000
    assert len(render(report(given)).encode()) < 3_000_000


def test_the_plain_tables_say_how_many_rows_they_leave_to_the_files() -> None:
    problem = exception(Code.CONF_OVERDUE, "1")
    shown = page(report([request(f"PR{number}", "New", [], [problem]) for number in range(1_002)]))
    for name in ("requests", "worklist"):
        rows = texts(shown, f"//table[@id='plain-{name}']//tr[td]")
        assert len(rows) == 1_001
        assert rows[-1] == f"2 more are in tracking-{name}.csv"
    assert not [row for row in texts(shown, "//table[@id='plain-documents']//tr[td]") if "more" in row]


def _unlike_any_other(number: int) -> Json:
    """Return a request of four invoiced lines that shares no identifier, price nor document with another."""
    lines = []
    for place in range(1, 5):
        price = f"{number % 97 + place}.{number % 90 + 10}"
        bill = invoiced(place * 10_000, 3, f"{number:04d}-{place:04d}-91FH", unit_price=price, confirmed_price=price,
                        supplier_part_id=f"B{number:06d}{place:03d}", tracking=[f"1Z{number:08d}{place:08d}"],
                        description=f"Gel pens, medium point, black, model {number % 300}")  # fmt: skip
        lines.append(bill | {"match": compared(bill, price_expected=price, price_invoiced=price, tax_invoiced=price)})
    problem = exception(Code.INV_QTY_OVER, f"{number}.5", line_number=10_000, detail=f"{number} invoiced, 1 accepted")
    return request(f"PR{number:06d}", "Invoiced", lines, [problem], EVENTS, order_id=f"10{number:06d}",
                   order_confirmation_id=f"111-{number:07d}-{number:07d}", identifiers=[f"S-{number:08d}"])  # fmt: skip


def test_the_report_of_a_ledger_shows_what_its_status_says(ledger: sa.Engine, tmp_path: Path) -> None:
    with reading(ledger) as connection:
        status = status_report(connection)
        path = write_tracking_report(connection, tmp_path)
    shown = path.read_text(encoding="utf-8")
    rows = table_of(html.document_fromstring(shown), "requests")
    assert [row["request_no"] for row in rows] == [one["request_no"] for one in status["requests"]]
    assert status["ledger_hash"][:12] in shown
    assert status["requests"]
    for code in status["documents"]["quarantined"]:
        assert code in shown


def test_a_request_of_a_ledger_is_found_by_identifiers_that_no_line_shows(ledger: sa.Engine, tmp_path: Path) -> None:
    with reading(ledger) as connection:
        path = write_tracking_report(connection, tmp_path)
    (held,) = (
        one for one in searched_by(html.document_fromstring(path.read_text(encoding="utf-8"))) if "PR0001" in one
    )
    assert {"PR0001", "106001", "111-1", "111-2", "S1", "S2", "I1", "I2", "C1"} <= held


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


def test_nothing_of_a_report_lies_anywhere_but_in_its_folder(
    empty_ledger: sa.Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    with reading(empty_ledger) as connection:
        path = write_tracking_report(connection, tmp_path / "out")
    assert [one.name for one in path.parent.iterdir() if one.name.startswith(".")] == []


def test_what_a_report_left_that_was_killed_is_gone_after_a_day(empty_ledger: sa.Engine, tmp_path: Path) -> None:
    killed, under_way = tmp_path / ".workbook-a", tmp_path / ".workbook-b"
    for folder in (killed, under_way):
        folder.mkdir()
        (folder / "rows").write_text("personal")
    os.utime(killed, (0, 0))
    with reading(empty_ledger) as connection:
        write_tracking_report(connection, tmp_path)
    assert (killed.exists(), under_way.exists()) == (False, True)
