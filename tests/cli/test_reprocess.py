"""`punchout reprocess`: reads one document again, says what that changes, and ends as quarantine does."""

import pytest

from punchout.ledger.tables.control import DOCUMENT_STATE
from tests.cli.homes import Home, Telling
from tests.support.ledgers import rows
from tests.support.stories import FIRST, confirmed, ordered


@pytest.fixture
def answered(home_after: Telling) -> Home:
    """A home with an order that was confirmed."""
    return home_after(ordered_and_confirmed)


def ordered_and_confirmed(home: Home) -> None:
    ordered(home.play)
    home.play.sync(confirmed())


def number_of(home: Home) -> int:
    sources = [one for value in home.json("trace", "PR0001")["values"] for one in value["sources"]]
    numbers: list[int] = [one["document_id"] for one in sources if one["kind"] == "ConfirmationRequest"]
    return max(numbers)


def test_a_document_is_read_again_and_everything_holds_when_the_command_ends(answered: Home) -> None:
    before, number = answered.play.hash(), number_of(answered)
    read = answered.json("reprocess", "--doc", str(number), "--by", "ann")
    assert (read["state"], read["read_as"] > number, read["changes"]) == ("accepted", True, [])
    assert (answered.play.hash(), number_of(answered)) == (before, read["read_as"])
    assert answered.play.broken_promises() == {}
    assert answered.json("replay")["equal"] is True


def test_a_plan_reads_it_and_keeps_nothing(answered: Home) -> None:
    before = rows(answered.engine, DOCUMENT_STATE)
    read = answered.json("reprocess", "--doc", str(number_of(answered)), "--dry-run")
    assert (read["dry_run"], read["state"], read["read_as"]) == (True, "accepted", None)
    assert rows(answered.engine, DOCUMENT_STATE) == before


def test_a_document_that_is_refused_again_ends_with_four(answered: Home) -> None:
    stranger = FIRST.confirmation("111-9", (1, "detail", "1"), sender="Somebody")
    answered.play.sync(stranger)
    (refused,) = answered.json("quarantine", "ls")
    result = answered.run("reprocess", "--doc", str(refused["document_id"]))
    assert result.exit_code == 4
    assert "AUTH_FAILED" in result.stdout
    assert len(answered.json("quarantine", "ls")) == 1


def test_a_document_that_is_not_there_is_refused(answered: Home) -> None:
    for more in ((), ("--dry-run",)):
        result = answered.run("reprocess", "--doc", "999", *more)
        assert (result.exit_code, "there is no document 999" in result.stderr) == (2, True)


def test_a_redriven_document_says_by_which_number_it_goes_from_then_on(answered: Home) -> None:
    answered.play.sync(FIRST.confirmation("111-9", (1, "detail", "1"), sender="Somebody"))
    (refused,) = answered.json("quarantine", "ls")
    result = answered.run("quarantine", "redrive", str(refused["document_id"]))
    assert f"is read again by the next sync as document {refused['document_id'] + 1}." in result.stderr
