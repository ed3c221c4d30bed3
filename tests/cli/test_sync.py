"""`punchout sync`: what it ends with, and what it says. The run itself is tested with `pipelines`."""

import json
from pathlib import Path

import pytest

from punchout.model.moments import Micros
from resources.settings import Settings
from tests.cli.homes import Home, Outcome, plain_sync, punchout, sync_with
from tests.support.deliveries import cxml
from tests.support.plays import LOST
from tests.support.purchases import (
    Purchase,
    instant,
)

PAGE = cxml("page.html", b"<html><body>Bad Gateway</body></html>")


@pytest.fixture
def syncing(home: Home, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home in which `punchout sync` goes by the same steps without Dagster."""
    sync_with(monkeypatch, plain_sync)
    return home


def put(home: Home, name: str, data: bytes) -> None:
    (home.path / "inbox" / "cxml" / name).write_bytes(data)


def test_a_sync_in_which_all_went_well_ends_with_nought(syncing: Home) -> None:
    result = syncing.run("sync", "--as-of", "2026-03-02T17:00:00Z")
    assert (result.exit_code, result.stderr) == (0, "")


def test_a_newly_refused_document_is_told_in_words_once(syncing: Home) -> None:
    put(syncing, "page.html", PAGE.data)
    result = syncing.run("sync", "--as-of", "2026-03-02T17:00:00Z")
    assert result.exit_code == 4
    assert "1 document newly refused" in result.stderr
    assert "page.html: XML_REJECTED at line 1" in result.stderr
    assert "punchout quarantine show 1" in result.stderr
    assert syncing.run("sync", "--as-of", "2026-03-02T17:00:00Z").exit_code == 0


def test_an_order_in_doubt_is_told_at_every_sync(syncing: Home) -> None:
    syncing.play.supplier.answers = (LOST,)
    syncing.play.sync(*Purchase().exported())
    for _ in range(2):
        result = syncing.run("sync", "--as-of", "2026-03-02T18:00:00Z")
        assert result.exit_code == 5
        assert "punchout outbox resolve 106001" in result.stderr


def test_json_says_the_same_to_a_script(syncing: Home) -> None:
    put(syncing, "page.html", PAGE.data)
    result = syncing.run("sync", "--as-of", "2026-03-02T17:00:00Z", "--json")
    told = json.loads(result.stdout)
    assert (result.exit_code, told["success"], told["as_of"]) == (4, True, "2026-03-02T17:00:00+00:00")
    assert [document["reason"] for document in told["quarantined"]] == ["XML_REJECTED"]


def test_time_does_not_run_backwards(syncing: Home) -> None:
    syncing.run("sync", "--as-of", "2026-03-02T17:00:00Z")
    result = syncing.run("sync", "--as-of", "2026-03-02T16:00:00Z")
    assert result.exit_code == 2
    assert "lies before the last sync" in result.stderr


def test_a_failed_run_says_where(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    failed = Outcome(success=False, failure="received_documents: the folder is gone", failed_checks=("columns",))
    sync_with(monkeypatch, lambda _settings, _as_of: failed)
    result = home.run("sync")
    assert result.exit_code == 1
    assert "received_documents: the folder is gone" in result.stderr
    assert "columns" in result.stderr


def test_what_did_not_move_is_told(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    counts = {"documents_oversize": 1, "documents_left": 2, "held_back": {"the kill switch is set": 3}}
    sync_with(monkeypatch, lambda _settings, _as_of: Outcome(counts=counts))
    said = home.run("sync").stderr
    assert "1 file left in the inbox: much larger than documents.max_bytes" in said
    assert "2 files left in the inbox" in said
    assert "3 orders held back: the kill switch is set" in said


def test_the_stated_moment_is_the_one_that_is_synced(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Micros | None] = []

    def noted(settings: Settings, as_of: Micros | None) -> Outcome:
        assert settings.home == home.path
        asked.append(as_of)
        return Outcome()

    sync_with(monkeypatch, noted)
    home.run("sync", "--as-of", "2026-03-02T09:00:00-08:00")
    home.run("sync")
    assert asked == [instant("02T17:00"), None]


def test_settings_that_say_not_who_sends_are_told_without_starting_dagster(tmp_path: Path) -> None:
    done = punchout("sync", PUNCHOUT_HOME=str(tmp_path))
    assert done.returncode == 3
    assert "orders.sent_by is not set" in done.stderr


@pytest.mark.slow
def test_a_sync_is_a_recorded_run_and_writes_the_report(home: Home) -> None:
    put(home, "page.html", PAGE.data)
    done = punchout("sync", "--as-of", "2026-03-02T17:00:00Z", "--json")
    told = json.loads(done.stdout)
    assert (done.returncode, told["success"]) == (4, True), done.stderr
    assert told["run_id"]
    assert Path(told["report"]).is_file()
