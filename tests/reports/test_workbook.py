"""The workbook, read back from its own XML: what stands in which cell, and as what."""

import io
import zipfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import cast
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from lxml import etree

from punchout.model.codes import Code
from punchout.reports.tracking import WORKBOOK_NAME, write_tracking_report
from punchout.reports.workbook import workbook
from tests.reports.demo import demo
from tests.reports.statuses import Json, exception, invoiced, line, refused, report, request

Cell = str | float
Rows = list[dict[str, Cell]]
HOSTILE = '=HYPERLINK("http://example.invalid","pay")'
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - a workbook knows no zones


def book_of(status: Json, rows_a_sheet: int = 1_000_000) -> dict[str, Rows]:
    """Read a workbook back: the rows of each sheet by the heads of their columns, empty cells left out."""
    archive = zipfile.ZipFile(io.BytesIO(workbook(status, UTC, rows_a_sheet)))
    names = [str(sheet.get("name")) for sheet in _parsed(archive, "xl/workbook.xml").iter(f"{_MAIN}sheet")]
    return {name: _rows(_parsed(archive, f"xl/worksheets/sheet{place}.xml")) for place, name in enumerate(names, 1)}


def _parsed(archive: zipfile.ZipFile, name: str) -> etree._Element:
    return etree.fromstring(archive.read(name))


def _rows(sheet: etree._Element) -> Rows:
    table = [{_column(cell): _value(cell) for cell in row.iter(f"{_MAIN}c")} for row in sheet.iter(f"{_MAIN}row")]
    heads = table[0] if table else {}
    return [{str(heads.get(place, place)): value for place, value in row.items()} for row in table[1:]]


def _column(cell: etree._Element) -> str:
    return str(cell.get("r")).rstrip("0123456789")


def _value(cell: etree._Element) -> Cell:
    assert cell.find(f"{_MAIN}f") is None, "a formula"
    text = "".join(cast("list[str]", cell.xpath(".//text()")))
    return text if cell.get("t") == "inlineStr" else float(text)


def day(cell: Cell) -> date:
    """Read a date that a workbook keeps as a number."""
    assert isinstance(cell, float)
    return (_EPOCH + timedelta(days=cell)).date()


def test_it_has_a_sheet_for_each_table_of_the_page_with_a_row_for_each_entry() -> None:
    status = demo()
    book = book_of(status)
    assert list(book) == [
        "Read me",
        "Worklist",
        "Documents",
        "Requests",
        "Lines",
        "Match",
        "Charges",
        "Decisions",
        "Events",
    ]
    assert [row["Request"] for row in book["Requests"]] == [one["request_no"] for one in status["requests"]]
    assert len(book["Lines"]) == sum(len(one["lines"]) for one in status["requests"])
    assert len(book["Worklist"]) == sum(len(one["exception_details"]) for one in status["requests"])
    assert len(book["Documents"]) == len(status["quarantine"]) + len(status["waiting"])


def test_the_quantities_add_up_to_those_of_the_status() -> None:
    status = demo()
    lines = book_of(status)["Lines"]
    for head, name in (("Ordered", "ordered"), ("Accepted", "accepted"), ("Invoiced", "invoiced")):
        expected = sum(float(line[name]) for one in status["requests"] for line in one["lines"])
        assert sum(cast("float", row.get(head, 0.0)) for row in lines) == expected


def test_identifiers_keep_their_zeros_and_numbers_and_dates_are_typed() -> None:
    bill = invoiced(10000, 3, supplier_part_id="0596007973", invoice_id="1E5", unit_price="38.49")
    (row,) = book_of(report([request("PR1", "Invoiced", [bill], order_id="000106")]))["Lines"]
    assert (row["Part"], row["Invoice ID"], row["Purchase Order"]) == ("0596007973", "1E5", "000106")
    assert (row["Line"], row["Ordered"], row["Unit price"]) == (10000.0, 3.0, 38.49)
    assert day(row["Invoice Date"]).isoformat() == bill["invoice_date"]


def test_a_number_that_a_spreadsheet_would_round_is_kept_as_text() -> None:
    (row,) = book_of(report([request("PR1", "PO Sent", [line(10000, 1, unit_price="999999999999.123456")])]))["Lines"]
    assert row["Unit price"] == "999999999999.123456"


@pytest.mark.parametrize(
    "text", [HOSTILE, "+1", "-1", "@SUM(A1)", "{=1}", "http://example.invalid/", "x\x1b[31m\u202ey"]
)
def test_text_of_a_document_is_never_a_formula_nor_a_link(text: str) -> None:
    lines = [line(10000, 1, description=text, supplier_part_id=text)]
    status = report(
        [request(text, "PO Sent", lines, [exception(Code.CONF_OVERDUE, "1", detail=text)], order_id=text)],
        quarantine=[refused(1, Code.XML_REJECTED, text, detail=text)],
    )
    archive = zipfile.ZipFile(io.BytesIO(workbook(status, UTC)))
    assert not [name for name in archive.namelist() if "rels" in name and b"example.invalid" in archive.read(name)]
    shown = text.replace("\x1b", r"\x1b").replace("\u202e", r"\u202e")
    (row,) = book_of(status)["Lines"]
    assert row["Description"] == row["Part"] == row["Request"] == shown


def test_a_text_longer_than_a_cell_is_cut_and_not_lost() -> None:
    (row,) = book_of(report([request("PR1", "PO Sent", [line(10000, 1, description="x" * 40_000)])]))["Lines"]
    assert row["Description"] == "x" * 32_766 + "…"


def test_a_requester_is_named_by_initials_alone() -> None:
    status = report([request("PR1", "New", [], requester_email="dana.fields@cronus.example")])
    assert book_of(status)["Requests"][0]["Requester"] == "D. F."
    assert b"cronus" not in workbook(status, UTC)


def test_more_rows_than_a_sheet_holds_go_on_another_one() -> None:
    lines = [line(10000 * place, place) for place in range(1, 6)]
    book = book_of(report([request("PR1", "PO Sent", lines)]), rows_a_sheet=2)
    assert [len(book[name]) for name in ("Lines", "Lines 2", "Lines 3")] == [2, 2, 1]
    assert "Lines 4" not in book


def test_an_empty_ledger_has_its_heads_all_the_same() -> None:
    assert book_of(report([]))["Lines"] == []


def test_the_same_status_is_the_same_file() -> None:
    zone = ZoneInfo("America/Los_Angeles")
    assert workbook(demo(), zone) == workbook(demo(), zone)


def test_it_lies_beside_the_page_for_its_owner_alone(ledger: sa.Engine, tmp_path: Path) -> None:
    with ledger.connect() as connection:
        path = write_tracking_report(connection, tmp_path)
    beside = path.with_name(WORKBOOK_NAME)
    assert zipfile.is_zipfile(beside)
    assert beside.stat().st_mode & 0o077 == 0
