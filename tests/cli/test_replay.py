"""`punchout replay`: says whether the stored bytes make the same ledger again, and what differs where they do not."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from punchout.ledger.sql import insert_all
from punchout.ledger.tables.logs import RUN
from punchout.ledger.tables.projections import REQUEST_STAGE
from tests.cli.homes import Home, Telling
from tests.support.stories import invoiced


@pytest.fixture
def finished(home_after: Telling) -> Home:
    """A home with a purchase from the cart to the invoice."""
    return home_after(bought)


def bought(home: Home) -> None:
    invoiced(home.play)


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_an_equal_replay_ends_with_nought_and_leaves_nothing(finished: Home) -> None:
    before = names_in(finished.path)
    found = finished.json("replay")
    assert (found["equal"], found["differences"], found["ledger_hash"]) == (True, [], found["replayed_hash"])
    assert found["ledger_hash"] == finished.play.hash()
    assert names_in(finished.path) == before


def test_a_different_replay_ends_with_eight_and_says_where(finished: Home) -> None:
    with finished.engine.begin() as connection:
        connection.execute(sa.update(REQUEST_STAGE).values(stage="Closed"))
    result = finished.run("replay")
    assert result.exit_code == 8
    assert "request_stage" in result.stdout
    assert "PR0001" in result.stdout


def test_a_replayed_ledger_is_kept_where_it_is_asked_for_and_never_replaced(finished: Home) -> None:
    kept = finished.path / "again.sqlite3"
    for address in (str(kept), f"sqlite:///{finished.path / 'third.sqlite3'}"):
        assert finished.run("replay", "--into", address).exit_code == 0
    result = finished.run("replay", "--into", str(kept))
    assert result.exit_code == 2
    assert "has tables in it" in result.stderr
    assert kept.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("command", [("status", "PR0001"), ("replay",), ("outbox", "release", "PR0001", "--by", "ann")])
def test_a_replay_that_was_cut_short_is_refused_as_a_ledger(finished: Home, command: tuple[str, ...]) -> None:
    with finished.engine.begin() as connection:
        insert_all(connection, RUN, [{"name": "replay", "as_of": 1, "started_at": 1}])
    result = finished.run(*command)
    assert (result.exit_code, result.stdout) == (3, "")
    assert "it is no ledger" in result.stderr


def test_the_ledger_itself_is_no_place_to_replay_into(finished: Home) -> None:
    before = finished.play.hash()
    assert finished.run("replay", "--into", str(finished.path / "ledger.sqlite3")).exit_code == 2
    assert finished.play.hash() == before


@pytest.mark.parametrize("address", ["nowhere/at/all.sqlite3", "mysql://x/y", "postgresql+psycopg://u:secret@h/d"])
def test_an_address_that_cannot_be_used_is_refused(finished: Home, address: str) -> None:
    result = finished.run("replay", "--into", address)
    assert result.exit_code == 2
    assert "secret" not in result.stderr


def test_a_plan_says_how_much_would_be_read(finished: Home) -> None:
    result = finished.run("replay", "--dry-run")
    assert (result.exit_code, "Would read" in result.stderr) == (0, True)


def test_without_a_ledger_there_is_nothing_to_replay(home: Home) -> None:
    home.engine.dispose()
    (home.path / "ledger.sqlite3").unlink()
    assert home.run("replay").exit_code == 3
