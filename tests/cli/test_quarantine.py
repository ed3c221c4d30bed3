"""`punchout quarantine`: refused documents, looked at, read again, or let be."""

import gzip

import pytest

from tests.cli.homes import Home, Telling, punchout
from tests.support.deliveries import cxml
from tests.support.purchases import (
    SECRET,
    Purchase,
)

CUT = Purchase().confirmation("112-1", (1, "accept", "3"))


@pytest.fixture
def refused(home_after: Telling) -> Home:
    """A home with a document that was cut off, and one that is compressed."""
    return home_after(two_refused)


def two_refused(home: Home) -> None:
    home.play.sync(cxml("cut.xml", CUT.data[:-20]), cxml("cut.xml.gz", gzip.compress(CUT.data)))


def test_refused_documents_are_listed_with_their_reason(refused: Home) -> None:
    first = refused.json("quarantine", "ls")[0]
    assert (first["reason"], first["names"]) == ("XML_REJECTED", ["cut.xml"])
    assert "cut.xml" in refused.run("quarantine", "ls").stdout


def test_a_refused_document_says_what_to_do_about_it(refused: Home) -> None:
    number = str(refused.json("quarantine", "ls")[0]["document_id"])
    assert "redrive" in refused.json("quarantine", "show", number)["action"]
    assert "XML_REJECTED, not well-formed" in refused.run("quarantine", "show", number).stdout


def test_its_bytes_are_shown_without_the_secret(refused: Home) -> None:
    number = str(refused.json("quarantine", "ls")[0]["document_id"])
    done = punchout("quarantine", "show", number, "--body")
    assert "<ConfirmationRequest>" in done.stdout
    assert SECRET not in done.stdout


def test_bytes_in_which_nothing_could_be_masked_are_not_shown(refused: Home) -> None:
    number = str(refused.json("quarantine", "ls")[1]["document_id"])
    result = refused.run("quarantine", "show", number, "--body")
    assert (result.exit_code, result.stdout) == (2, "")


def test_a_document_is_read_again_by_the_next_sync(refused: Home) -> None:
    number = str(refused.json("quarantine", "ls")[0]["document_id"])
    assert refused.run("quarantine", "redrive", number, "--by", "ann").exit_code == 0
    assert len(refused.json("quarantine", "ls")) == 1
    refused.play.later(1)
    refused.play.sync()
    assert len(refused.json("quarantine", "ls")) == 2


def test_a_dismissed_document_is_off_the_list(refused: Home) -> None:
    number = str(refused.json("quarantine", "ls")[0]["document_id"])
    assert refused.run("quarantine", "dismiss", number, "--reason", "sent again as another").exit_code == 0
    assert number not in [str(one["document_id"]) for one in refused.json("quarantine", "ls")]


def test_dismissing_needs_a_reason(refused: Home) -> None:
    assert refused.run("quarantine", "dismiss", "1").exit_code == 2
    assert refused.run("quarantine", "dismiss", "1", "--reason", " ").exit_code == 2


@pytest.mark.parametrize("arguments", [["redrive"], ["dismiss", "--reason", "x"]])
def test_a_dry_run_changes_nothing(arguments: list[str], refused: Home) -> None:
    before = refused.json("quarantine", "ls")
    step, *options = arguments
    result = refused.run("quarantine", step, str(before[0]["document_id"]), *options, "--dry-run")
    assert (result.exit_code, result.stderr.startswith("Would ")) == (0, True)
    assert refused.json("quarantine", "ls") == before


@pytest.mark.parametrize("step", ["show", "redrive"])
def test_a_document_that_was_not_refused_is_a_usage_error(step: str, refused: Home) -> None:
    assert refused.run("quarantine", step, "4711").exit_code == 2
