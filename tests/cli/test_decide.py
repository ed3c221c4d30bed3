"""`punchout decide`: people say what they see, what it would change is shown, and what is decided holds at once."""

import json
from pathlib import Path

import pytest

from punchout.ledger.tables.decisions import ANALYST_DECISION
from punchout.ledger.tables.logs import AUDIT
from tests.cli.homes import Home, Telling
from tests.support.ledgers import rows
from tests.support.purchases import Purchase, instant, orders_export, requests_export
from tests.support.stories import FIRST, confirmed, ordered

WHO = ("--by", "ann", "--reason", "the supplier called")
STRANGE = FIRST.invoice("I9", (7, "3"))
"""An invoice for a line that is not in the order."""


@pytest.fixture
def billed(home_after: Telling) -> Home:
    """A home with an order that was confirmed, and an invoice that fits no line of it."""
    return home_after(strangely_billed)


def strangely_billed(home: Home) -> None:
    ordered(home.play)
    home.play.later(1)
    home.play.sync(confirmed(), STRANGE)
    assert "LINE_NOT_FOUND" in home.play.request()["exceptions"]


def refused(home: Home, *arguments: str) -> str:
    """Run a command that is refused, and give what it says."""
    before = rows(home.engine, AUDIT), home.play.hash()
    result = home.run("decide", *arguments, *WHO)
    assert result.exit_code == 2, result.output
    assert rows(home.engine, ANALYST_DECISION) == []
    assert (rows(home.engine, AUDIT), home.play.hash()) == before
    return result.stderr


def test_a_place_is_put_on_a_line_and_holds_when_the_command_ends(billed: Home) -> None:
    result = billed.run("decide", "link", "I9", "10000", *WHO)
    assert result.exit_code == 0, result.stderr
    assert "Kept 1 decision." in result.stderr
    request = billed.play.request()
    assert (request["lines"][0]["invoiced"], "LINE_NOT_FOUND" in request["exceptions"]) == ("3", False)
    assert billed.play.broken_promises() == {}


@pytest.mark.parametrize(
    "named", ["I9", "I9#1.1", "PR0001-invoice-I9-standard.xml#1.1", "PR0001-invoice-I9-standard@amazon.example"]
)
@pytest.mark.parametrize("line", ["10000", "PR0001/10000", "106001/10000", "B0TEST0001"])
def test_people_name_places_and_lines_as_they_see_them(billed: Home, named: str, line: str) -> None:
    (decision,) = billed.json("decide", "link", named, line, *WHO, "--dry-run")["decisions"]
    assert (decision["line"], decision["subject"].partition("#")[2]) == ("10000", "1.1")


def test_a_hash_as_it_is_shown_and_a_documents_number_name_the_document(billed: Home) -> None:
    subject = billed.json("decide", "link", "I9", "10000", *WHO, "--dry-run")["decisions"][0]["subject"]
    number = str(billed.json("trace", "PR0001")["values"][-1]["sources"][0]["document_id"])
    short = f"{subject[:12]}#1.1"
    assert billed.json("decide", "unlink", short, *WHO, "--dry-run")["decisions"][0]["subject"] == subject
    assert billed.run("decide", "ignore-doc", number, *WHO, "--dry-run").exit_code == 0


def test_a_dry_run_says_what_would_change_and_keeps_nothing(billed: Home) -> None:
    before = billed.play.hash()
    told = billed.json("decide", "link", "I9", "10000", *WHO, "--dry-run")
    assert told["dry_run"] is True
    invoiced = {"request_no": "PR0001", "subject": "PR0001/10000", "field": "invoiced", "before": "0", "after": "3"}
    assert invoiced in told["changes"]
    assert (rows(billed.engine, ANALYST_DECISION), billed.play.hash()) == ([], before)


def test_what_a_dry_run_foretells_is_what_happens(billed: Home) -> None:
    command = ("decide", "link", "I9", "10000", *WHO, "--as-of", "2026-04-02T19:00:00Z")
    foretold, happened = billed.json(*command, "--dry-run"), billed.json(*command)
    assert foretold["changes"] == happened["changes"] != []


@pytest.fixture
def stray(home: Home) -> Home:
    """A home with an invoice for an order that nobody knows."""
    home.play.sync(Purchase(number="PR0077", order_id="106077").invoice("I77", (1, "1")))
    return home


@pytest.mark.parametrize("named", ["I77", "I77#1", "PR0077-invoice-I77-standard.xml"])
def test_an_exception_of_a_document_without_an_order_is_let_be(stray: Home, named: str) -> None:
    command = ("decide", "waive", named, "ORDER_NOT_FOUND", *WHO, "--as-of", "2026-04-02T19:00:00Z")
    foretold, happened = stray.json(*command, "--dry-run"), stray.json(*command)
    (change,) = happened["changes"]
    assert foretold["changes"] == happened["changes"]
    assert (change["request_no"], change["before"], change["after"]) == (None, "open", "waived")
    assert stray.play.status()["document_exceptions"] == []
    assert stray.json(*command)["new"] == 0


def test_who_knows_of_a_document_without_an_order_is_shown(stray: Home) -> None:
    (change,) = stray.json("decide", "acknowledge", "I77", "ORDER_NOT_FOUND", *WHO)["changes"]
    assert change["after"] == "acknowledged by ann"
    assert [one["acknowledged_by"] for one in stray.json("status", "--all")["document_exceptions"]] == ["ann"]


def test_what_is_wrong_with_a_document_without_an_order_is_told(stray: Home) -> None:
    assert "I77 has no INV_QTY_OVER; it waits with ORDER_NOT_FOUND" in refused(stray, "waive", "I77", "INV_QTY_OVER")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("close-line", "PR0001/30000"), "its lines are 10000 (B0TEST0001), 20000 (0596007973)"),
        (("close-line", "PR0002/10000"), "no request is known by PR0002; near it: PR0001"),
        (("close-line", "PR0001"), "say REQ/LINE"),
        (("waive", "PR0001", "LINE_NOTFOUND"), "near it: LINE_NOT_FOUND"),
        (("waive", "PR0001", "INV_QTY_OVER"), "PR0001 has no INV_QTY_OVER; PR0001 has"),
        (("unlink", "I9#4.4"), "its places are"),
        (("unlink", "I8"), "no document that counts goes by I8"),
        (("ignore-doc", "nothing"), "no document that counts goes by nothing"),
        (("accept-price", "PR0001/10000", "12,50"), "the price cannot be read"),
        (("accept-price", "PR0001/10000", "0"), "more than nothing"),
        (("link", "I9", "30000"), "PR0001 has no line 30000; its lines are 10000"),
    ],
)
def test_what_leads_nowhere_is_refused_with_what_is_near(billed: Home, arguments: tuple[str, ...], words: str) -> None:
    assert words in refused(billed, *arguments)


def test_who_and_why_must_be_said(billed: Home) -> None:
    assert billed.run("decide", "close-line", "PR0001/10000", "--reason", "x").exit_code == 2
    assert billed.run("decide", "close-line", "PR0001/10000", "--by", "ann").exit_code == 2
    assert billed.run("decide", "close-line", "PR0001/10000", "--by", "ann", "--reason", " ").exit_code == 2
    assert rows(billed.engine, ANALYST_DECISION) == []


def test_of_two_alike_the_one_that_is_named_is_decided_about(billed: Home) -> None:
    billed.play.sync(FIRST.invoice("I10", (8, "3")))
    assert "has LINE_NOT_FOUND several times" in refused(billed, "waive", "PR0001", "LINE_NOT_FOUND")
    assert billed.run("decide", "waive", "I10", "LINE_NOT_FOUND", *WHO).exit_code == 0
    left = [one for one in billed.play.request()["exception_details"] if one["code"] == "LINE_NOT_FOUND"]
    assert [one["detail"] for one in left] == ["line number 7, no part id"]


def test_every_kind_can_be_decided(billed: Home) -> None:
    for arguments in (
        ("acknowledge", "PR0001", "LINE_NOT_FOUND"),
        ("waive", "I9", "LINE_NOT_FOUND"),
        ("accept-price", "PR0001/10000", "12.50"),
        ("close-line", "PR0001/20000"),
        ("link", "I9", "10000"),
        ("unlink", "I9"),
        ("ignore-doc", "I9"),
    ):
        result = billed.run("decide", *arguments, *WHO)
        assert result.exit_code == 0, (arguments, result.stderr)
    kinds = [one["kind"] for one in billed.json("decide", "ls", "PR0001")]
    assert sorted(kinds) == ["accept_price", "acknowledge", "close_line", "ignore_doc", "link", "unlink", "waive"]
    assert billed.json("decide", "ls", "106001") == billed.json("decide", "ls")
    assert billed.play.broken_promises() == {}


def test_status_and_trace_show_what_was_decided_and_what_it_decides(billed: Home) -> None:
    billed.run("decide", "acknowledge", "PR0001", "LINE_NOT_FOUND", *WHO)
    (shown,) = billed.json("status", "PR0001")["requests"]
    assert [(one["kind"], one["by"], one["reason"]) for one in shown["decisions"]] == [
        ("acknowledge", "ann", "the supplier called")
    ]
    known = {one["code"]: one["acknowledged_by"] for one in shown["exception_details"]}
    assert known["LINE_NOT_FOUND"] == "ann"
    (decision,) = billed.json("trace", "PR0001")["decisions"]
    (change,) = decision["changes"]
    assert (change["field"], change["before"], change["after"]) == ("LINE_NOT_FOUND", "open", "acknowledged by ann")
    for command in ("status", "trace"):
        assert "the supplier called" in billed.run(command, "PR0001").stdout


def test_a_decision_that_a_later_one_replaces_decides_nothing(billed: Home) -> None:
    billed.run("decide", "link", "I9", "10000", *WHO, "--as-of", "2026-04-02T19:00:00Z")
    billed.run("decide", "link", "I9", "20000", *WHO, "--as-of", "2026-04-02T20:00:00Z")
    first, second = billed.json("trace", "PR0001")["decisions"]
    assert (first["line"], first["changes"]) == ("10000", [])
    assert second["changes"] != []


def test_a_suggestion_names_the_command_that_accepts_it(home: Home) -> None:
    ordered(home.play)
    torn = FIRST.invoice("I9", (1, "1")).saying(
        '<InvoiceDetailItemReference lineNumber="1"><ItemID><SupplierPartID>0596007973</SupplierPartID></ItemID>'
        "</InvoiceDetailItemReference>",
        instead_of='<InvoiceDetailItemReference lineNumber="1"/>',
    )
    home.play.sync(torn)
    details = {one["code"]: one["detail"] for one in home.play.request()["exception_details"]}
    command = details["MATCH_LOW_CONFIDENCE"].split("`")[1].removeprefix("punchout ").split()
    assert home.run(*command, *WHO).exit_code == 0
    assert [line["invoiced"] for line in home.play.request()["lines"]] == ["0", "1"]


ROWS = (
    {"kind": "link", "subject": "I9", "line": "10000", "by": "bob", "at": "2026-03-02T18:00:00Z", "reason": "seen"},
    {"kind": "accept-price", "subject": "PR0001/10000", "price": "12.50", "by": "bob", "at": "2026-03-02T18:00:00Z",
     "reason": "agreed, in writing"},
)  # fmt: skip


def as_csv(path: Path) -> Path:
    names = ("kind", "subject", "line", "price", "by", "at", "reason")
    lines = [",".join(names), *(",".join(f'"{row.get(name, "")}"' for name in names) for row in ROWS)]
    path.write_text("\ufeff" + "\r\n".join(lines), encoding="utf-8")
    return path


def as_json_lines(path: Path) -> Path:
    path.write_text("\n".join(json.dumps(row) for row in ROWS))
    return path


@pytest.mark.parametrize("write", [as_csv, as_json_lines])
def test_the_decisions_of_a_file_are_taken_once_however_often_it_is_read(billed: Home, write: object) -> None:
    assert callable(write)
    file = str(write(billed.path / "decisions"))
    first = billed.json("decide", "file", file, "--by", "ann")
    again = billed.json("decide", "file", file, "--by", "ann")
    assert (first["new"], again["new"], len(again["decisions"])) == (2, 0, 2)
    assert [(one["by"], one["price"]) for one in billed.json("decide", "ls")] == [("bob", "12.5"), ("bob", None)]
    assert billed.play.request()["lines"][0]["invoiced"] == "3"
    assert [row["who"] for row in rows(billed.engine, AUDIT)] == ["ann", "ann"]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"kind": "forget"}, "forget is no kind of decision"),
        ({"at": "yesterday"}, "no date and time"),
        ({"at": "2026-03-02T18:00:00"}, "in which zone"),
        ({"at": "2999-03-02T18:00:00Z"}, "it cannot have been decided at"),
        ({"by": ""}, "does not say by"),
        ({"color": "red"}, "color is no part of a decision"),
        ({"line": 1.5}, "line is to be text"),
        ({"line": None}, "link needs line"),
        ({"subject": "I8"}, "no document that counts goes by I8"),
        ({"reason": "a\0b"}, "reason holds a character that cannot be kept"),
        ({"by": "\ud800"}, "by holds a character that cannot be kept"),
        ({"subject": "x" * 600}, "subject is longer than 500 bytes"),
    ],
)
def test_a_file_with_a_row_that_says_nothing_is_refused_whole(billed: Home, row: dict[str, object], words: str) -> None:
    file = billed.path / "decisions.jsonl"
    file.write_text("\n".join(json.dumps(one) for one in ({**ROWS[0], **row}, ROWS[1])))
    result = billed.run("decide", "file", str(file), "--by", "ann")
    assert result.exit_code == 2
    assert words in result.stderr
    assert "Nothing was decided." in result.stderr
    assert rows(billed.engine, ANALYST_DECISION) == []


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"{no json}", b"[1]", b"a,b\n1,2\n", b'{"kind": 1}'])
def test_a_file_that_is_none_is_refused(billed: Home, content: bytes) -> None:
    file = billed.path / "decisions"
    file.write_bytes(content)
    assert billed.run("decide", "file", str(file), "--by", "ann").exit_code == 2
    assert billed.run("decide", "file", str(billed.path / "nowhere"), "--by", "ann").exit_code == 2


def test_a_file_may_be_read_before_what_it_is_about_where_it_says_so(home: Home, tmp_path: Path) -> None:
    file = tmp_path / "ahead.jsonl"
    closing = {
        "kind": "close_line",
        "subject": "PR0001/10000",
        "by": "bob",
        "at": "2026-03-01T08:00:00Z",
        "reason": "x",
    }
    file.write_text(json.dumps(closing))
    home.run("status")
    assert home.run("decide", "file", str(file), "--by", "ann").exit_code == 2
    taken = home.run("decide", "file", str(file), "--by", "ann", "--ahead", "--as-of", "2026-03-02T08:00:00Z")
    assert taken.exit_code == 0, taken.stderr
    home.play.sync(*Purchase().exported())
    assert home.play.request()["lines"][0]["order_axis"] == "cancelled"


def test_a_decision_before_the_last_sync_is_refused(billed: Home) -> None:
    result = billed.run("decide", "close-line", "PR0001/10000", *WHO, "--as-of", "2026-01-01T00:00:00Z")
    assert result.exit_code == 2
    assert "lies before the last sync" in result.stderr


UNCLAIMED = orders_export(FIRST.order_row(punchoutRequestNumber=None), name="unclaimed.json")
CLAIM = requests_export(FIRST.row(), name="claim.json")


def test_what_was_decided_about_an_order_without_a_request_is_shown_with_the_request_that_claims_it(
    home: Home, tmp_path: Path
) -> None:
    home.play.sync(UNCLAIMED, FIRST.ship_notice("S1", (2, "1")))
    home.json("decide", "close-line", "106001/order:1", *WHO)
    lost = {"kind": "close_line", "subject": "PO:106001/order:9", "by": "bob", "at": "2026-03-01T08:00:00Z"}
    file = tmp_path / "lost.jsonl"
    file.write_text(json.dumps({**lost, "reason": "x"}))
    assert home.run("decide", "file", str(file), "--by", "ann", "--ahead").exit_code == 0
    home.play.now = instant("2099-01-01T00:00:00Z")
    home.play.sync(CLAIM)
    assert [one["by"] for one in home.json("decide", "ls", "PR0001")] == ["bob", "ann"]
    assert [one["counts_for"] for one in home.json("trace", "PR0001")["decisions"]] == [
        None,
        {"subject": "PR0001/10000", "line": None},
    ]
    shown = " ".join(home.run("trace", "PR0001").stdout.split())
    assert "close_line of PO:106001/order:1 by ann counts for PR0001/10000" in shown
    assert "close_line of PO:106001/order:9 by bob counts for nothing" in shown
    exceptions = {one["code"]: one["detail"] for one in home.play.request()["exception_details"]}
    assert "close_line of PO:106001/order:9 by bob" in exceptions["DECISION_UNPLACED"]
    assert home.run("decide", "waive", "PR0001", "DECISION_UNPLACED", *WHO).exit_code == 0
    assert "DECISION_UNPLACED" not in home.play.request()["exceptions"]
    assert home.play.broken_promises() == {}
