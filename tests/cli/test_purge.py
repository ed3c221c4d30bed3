"""`punchout purge`: says what goes and what stays, asks, erases, and says what became of the file."""

import pytest

from punchout.cli import purge as command
from punchout.ledger.engine import reading
from punchout.ledger.retention import space
from punchout.ledger.tables.decisions import PURGE
from punchout.ledger.tables.facts import DOCUMENT
from tests.cli.homes import Home, Telling
from tests.support.ledgers import rows
from tests.support.purchases import PENS, Purchase, requests_export
from tests.support.retention import OVER, PERSONAL, holding, over, pass_years

OPEN = Purchase(number="PR0006", order_id="106006", items=(PENS,))
ALL = ("purge", "--older-than", "400d")


@pytest.fixture
def old(home_after: Telling) -> Home:
    """A home years after a purchase came to its end, and with a request that never did."""
    return home_after(of_some_years)


def of_some_years(home: Home) -> None:
    home.play.switch_on()
    over(home.play)
    home.play.sync(requests_export(OPEN.new_row(), name="open.json"))
    pass_years(home.play)


def test_a_plan_says_what_goes_and_what_stays_and_why_and_keeps_everything(old: Home) -> None:
    before = rows(old.engine, DOCUMENT)
    found = old.json(*ALL, "--dry-run")
    erased, kept = found["erased"], found["kept"]
    assert (found["dry_run"], found["space"], erased["orders"], erased["answers"]) == (True, None, 1, 1)
    assert erased["by_kind"]["ShipNoticeRequest"]["count"] == 2
    assert erased["bytes"] == sum(one["bytes"] for one in erased["by_kind"].values())
    assert kept["requests"] == {"open": {"count": 1, "why": "not at its final stage", "first": [OPEN.number]}}
    assert kept["documents"] == {"of_kept": {"count": 1, "why": "speaks of a request that is kept"}}
    assert rows(old.engine, DOCUMENT) == before


def test_a_plan_is_drawn_for_people(old: Home) -> None:
    result = old.run(*ALL, "--dry-run")
    assert (result.exit_code, result.stderr) == (0, "")
    assert all(word in result.stdout for word in ("OrderRequest sent from here", "not at its final stage", OPEN.number))


def test_nothing_is_erased_without_a_word_where_nobody_can_be_asked(old: Home) -> None:
    result = old.run(*ALL)
    assert (result.exit_code, "--yes would erase the bytes of" in result.stderr) == (2, True)
    assert holding(old.engine)
    assert rows(old.engine, PURGE) == []


def test_a_word_erases_and_it_is_told_who_had_it_done_and_why(old: Home) -> None:
    digest, planned = old.play.hash(), old.json(*ALL, "--dry-run")["erased"]
    done = old.json(*ALL, "--yes", "--by", "ann", "--reason", "400 days")
    assert (done["dry_run"], done["erased"], done["by"], done["reason"]) == (False, planned, "ann", "400 days")
    assert done["space"]["problem"] is None
    assert done["space"]["after"] < done["space"]["before"]
    assert {(row["by"], row["reason"]) for row in rows(old.engine, PURGE)} == {("ann", "400 days")}
    assert (holding(old.engine), old.play.hash()) == (set(), digest)
    stored = (old.path / "ledger.sqlite3").read_bytes()
    assert not any(word.encode() in stored for word in PERSONAL)


@pytest.mark.parametrize(("typed", "erases"), [("purge\n", True), ("yes\n", False), ("\n", False)])
def test_a_person_at_a_terminal_is_asked(
    old: Home, monkeypatch: pytest.MonkeyPatch, typed: str, *, erases: bool
) -> None:
    monkeypatch.setattr(command, "_can_be_asked", lambda: True)
    result = old.run(*ALL, stdin=typed)
    assert (result.exit_code, holding(old.engine) == set()) == ((0, True) if erases else (2, False))


def test_what_was_purged_is_known_to_every_other_command(old: Home) -> None:
    old.json(*ALL, "-y", "--by", "ann")
    assert old.json("verify")["ok"] is True
    replayed = old.json("replay")
    assert (replayed["equal"], replayed["carried"] > 0) == (True, True)
    assert "went over with their facts" in old.run("replay").stderr
    assert "would go over with their facts" in old.run("replay", "--dry-run").stderr
    assert "bytes purged on" in old.run("trace", OVER.number).stdout
    assert old.run("report", "--out", str(old.path / "report")).exit_code == 0
    shown = old.run("outbox", "show", OVER.number, "--body")
    assert (shown.exit_code, "bytes purged on" in shown.stderr) == (2, True)
    assert old.run("outbox", "show", OVER.number).exit_code == 0
    number = next(row["id"] for row in rows(old.engine, DOCUMENT) if row["content"] == "cxml")
    for more in ((), ("--dry-run",)):
        again = old.run("reprocess", "--doc", str(number), *more)
        assert (again.exit_code, "bytes purged on" in again.stderr) == (2, True)


def test_a_second_purge_asks_nothing_and_erases_nothing(old: Home) -> None:
    old.json(*ALL, "--yes")
    result = old.run(*ALL)
    assert (result.exit_code, "bytes of 0 documents" in result.stderr) == (0, True)


def test_a_reader_that_keeps_the_file_from_being_cleared_is_told_of(old: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(space, "_PATIENCE_MS", 50)
    with reading(old.engine) as connection:
        connection.exec_driver_sql("SELECT count(*) FROM document").all()
        result = old.run(*ALL, "--yes")
        assert (result.exit_code, "Run the same command again" in result.stderr) == (7, True)
    assert old.run(*ALL).exit_code == 0
    stored = (old.path / "ledger.sqlite3").read_bytes()
    assert not any(word.encode() in stored for word in PERSONAL)


@pytest.mark.parametrize("age", ["400", "0d", "-3d", "400 d", "1y", "999999d", ""])
def test_an_age_that_is_none_is_refused(old: Home, age: str) -> None:
    result = old.run("purge", "--older-than", age, "--yes")
    assert (result.exit_code, "is no number of days" in result.stderr) == (2, True)
    assert rows(old.engine, PURGE) == []


def test_a_purge_cannot_lie_before_the_last_sync(old: Home) -> None:
    for more in (("--dry-run",), ("--yes",)):
        result = old.run(*ALL, "--as-of", "2026-03-03T00:00:00Z", *more)
        assert (result.exit_code, "lies before the last sync" in result.stderr) == (2, True)


def test_a_purge_may_be_dated_and_counts_from_there(old: Home) -> None:
    later = old.json(*ALL, "--as-of", "2030-01-01T00:00:00Z", "--dry-run")
    assert (later["as_of"], later["before"]) == ("2030-01-01T00:00:00+00:00", "2028-11-27T00:00:00+00:00")
