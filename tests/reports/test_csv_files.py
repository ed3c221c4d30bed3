"""The CSV files: everything of the workbook, readable by any program, and harmless in a spreadsheet."""

import csv
import io
import stat
from datetime import UTC
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from punchout.ledger.views.status import status_report
from punchout.model.codes import Code
from punchout.reports.csv_files import csv_files, harmless
from punchout.reports.sheets import sheets
from punchout.reports.tracking import write_tracking_report
from tests.reports.demo import demo
from tests.reports.statuses import Json, charge, compared, decision, exception, invoiced, line, refused, report, request

Rows = list[dict[str, str]]
_FULL_WIDTH = "\uff1d\uff0b\uff0d\uff20"
_BEGINNINGS = tuple("=+-@\t\r\n" + _FULL_WIDTH)


def files_of(status: Json) -> dict[str, Rows]:
    """Read the files back, by the name of their table."""
    files = csv_files(status, UTC)
    return {name[len("tracking-") : -len(".csv")]: _rows(content) for name, content in files.items()}


def _rows(content: bytes) -> Rows:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_there_is_a_file_for_each_table_with_a_row_for_each_of_its_rows() -> None:
    status = demo()
    files = files_of(status)
    assert list(files) == ["worklist", "documents", "requests", "lines", "match", "charges", "decisions", "events"]
    for sheet in sheets(status, UTC):
        assert len(files[sheet.name.lower()]) == len(list(sheet.rows()))
    assert len(files["lines"]) == sum(len(one["lines"]) for one in status["requests"])


def test_it_begins_with_a_byte_order_mark_and_its_lines_end_as_the_standard_says() -> None:
    for content in csv_files(demo(), UTC).values():
        assert content.startswith(b"\xef\xbb\xbf")
        assert content.endswith(b"\r\n")
        assert content.count(b"\n") == content.count(b"\r\n")


def test_numbers_dates_and_identifiers_stand_as_they_are() -> None:
    bill = invoiced(10000, 3, supplier_part_id="0596007973", unit_price="999999999999.123456", returned="-2")
    (row,) = files_of(report([request("PR1", "Invoiced", [bill], order_id="000106")]))["lines"]
    assert (row["Part"], row["Purchase Order"], row["Line"]) == ("0596007973", "000106", "10000")
    assert (row["Unit price"], row["Returned"], row["Invoice Date"]) == ("999999999999.123456", "-2", "2026-03-05")


def test_texts_with_separators_quotes_and_letters_of_any_language_come_back() -> None:
    told = 'Café, "2 m"; ひらがな'
    (row,) = files_of(report([request("PR1", "New", [line(10000, 1, description=told)])]))["lines"]
    assert row["Description"] == told


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", " =1", "x;=1+1", "x; @y", "\uff1d1"])
def test_text_of_a_document_is_never_a_formula_in_any_file(text: str) -> None:
    lines = [line(10000, 1, description=text, supplier_part_id=text, tracking=[text], invoice_id=text, unit=text)]
    lines[0]["match"] = compared(lines[0], word=text, words=[text], currency=text, price_base=text)
    status = report(
        [request(text, text, lines, [exception(Code.CONF_OVERDUE, "1", detail=text)], order_id=text,
                 decisions=[decision(text, text, by=text, reason=text, code=text)],
                 charges=[charge(text, content=text)], timeline=[{"at": text, "what": text, "source": text}])],
        quarantine=[refused(1, Code.XML_REJECTED, text, detail=text, kind=text, place=text)],
    )  # fmt: skip
    files = files_of(status)
    assert files["lines"][0]["Description"] == harmless(text) != text
    for rows in files.values():
        for field in (field for row in rows for field in row.values()):
            assert not field.lstrip(" ").startswith(_BEGINNINGS), field
            assert ";=" not in field


@given(st.text())
def test_no_text_begins_a_formula_and_only_those_that_would_are_changed(text: str) -> None:
    written = harmless(text)
    assert not any(part.lstrip(" ").startswith(_BEGINNINGS) for part in written.split(";"))
    if not any(part.lstrip(" ").startswith(_BEGINNINGS) for part in text.split(";")):
        assert written == text


def test_the_match_and_the_charges_say_which_rule_decided_and_where_it_stands() -> None:
    bill = invoiced(10000, 3, unit_price="9.99")
    bill["match"] = compared(
        bill, word="qty over", words=["qty over", "price"], effective="2", amount_at_variance="1.5"
    )
    given_request = request(
        "PR1", "Invoiced", [bill], charges=[charge("shipping", "-5", content="ab", ordinals=[2, 1])]
    )
    files = files_of(report([given_request]))
    (row,) = files["match"]
    assert (row["Match"], row["What decided"], row["All that applies"]) == (
        "qty over", "more is billed than agreed", "qty over, price"
    )  # fmt: skip
    assert (row["Agreed"], row["Invoiced"], row["Quantity variance"]) == ("2", "3", "1")
    assert (row["Price expected"], row["Price as"], row["Price tolerance"]) == ("9.99", "ordered", "0.04995")
    assert (row["Amount ordered"], row["Amount invoiced"], row["Amount at variance"]) == ("29.97", "29.97", "1.5")
    assert row["Where it comes from"] == "punchout trace PR1"
    (beside,) = files["charges"]
    assert (beside["Charge"], beside["Amount"], beside["Document"], beside["Place"]) == ("shipping", "-5", "ab", "2.1")


def test_they_lie_beside_the_page_for_their_owner_alone_and_add_up_to_the_ledger(
    ledger: sa.Engine, tmp_path: Path
) -> None:
    with ledger.connect() as connection:
        path = write_tracking_report(connection, tmp_path)
        status = status_report(connection)
    written = sorted(one.name for one in path.parent.iterdir())
    tables = ("charges", "decisions", "documents", "events", "lines", "match", "requests", "worklist")
    assert written == [*(f"tracking-{name}.csv" for name in tables), "tracking.html", "tracking.xlsx"]
    assert all(stat.S_IMODE(one.stat().st_mode) == 0o600 for one in path.parent.iterdir())
    rows = _rows((tmp_path / "tracking-match.csv").read_bytes())
    billed = [one["match"] for given in status["requests"] for one in given["lines"] if one["match"]]
    assert len(rows) == len(billed) > 0
    for head, name in (("Invoiced", "invoiced"), ("Amount invoiced", "amount_invoiced"), ("Charges", "charges")):
        assert sum(Decimal(row[head]) for row in rows) == sum(Decimal(one[name]) for one in billed)
