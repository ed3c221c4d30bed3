"""The doors of a sandbox run: every one is used, none matters for the ledger, and none is left open."""

import json
import socket
import sqlite3
import tomllib
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from punchout.sandbox.identifiers import Identifiers
from resources.settings import load_settings
from tests.cli.homes import run
from tests.cli.sandbox_runs import HANDFUL, Played, last_line, stop_after_one_round

pytestmark = pytest.mark.sandbox


def test_documents_come_by_every_door(played: Played) -> None:
    with closing(sqlite3.connect(played.home / "ledger.sqlite3")) as ledger:
        by_feed = dict(ledger.execute("SELECT feed, count(*) FROM delivery WHERE is_first GROUP BY feed"))
    assert by_feed.keys() == {"bc_orders", "bc_requests", "cxml", "gateway"}
    assert by_feed["gateway"] > by_feed["cxml"]
    settings = tomllib.loads((played.home / "punchout.toml").read_text())
    assert settings["feeds"]["bc_orders"]["sftp"]["host"] == "127.0.0.1"
    assert not (played.home / "inbox" / "bc-orders").exists()


def test_by_which_door_a_document_comes_does_not_matter(playing: Path, played: Played) -> None:
    ended = run("sandbox", "run", *HANDFUL, "--doors", "folder", "--home", str(playing))
    assert ended.exit_code == 0, ended.stderr
    by_folder, by_all = last_line(ended.stdout), last_line(played.first.stdout)
    for told in (by_folder, by_all):
        del told["report"]
    assert by_folder == by_all
    with closing(sqlite3.connect(playing / "ledger.sqlite3")) as ledger:
        assert set(ledger.execute("SELECT DISTINCT feed FROM delivery")) == {
            ("bc_orders",), ("bc_requests",), ("cxml",)
        }  # fmt: skip


def test_no_door_is_left_open(played: Played) -> None:
    settings = load_settings(home=played.home)
    ports = [settings.gateway.port, urlsplit(settings.supplier.order_url or "").port]
    ports += [feed.sftp.port for feed in settings.feeds.values() if feed.sftp is not None]
    assert len(ports) == 4
    for port in ports:
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port or 0), timeout=2)


def test_the_secret_of_what_was_posted_stays_with_those_who_share_it(played: Played) -> None:
    secret = Identifiers(7).sender_secret().encode()
    assert secret == (played.home / "secrets" / "sender-secret").read_bytes()
    files = [path for path in played.home.rglob("*") if path.is_file()]
    holders = [path for path in files if secret in path.read_bytes()]
    assert {path.relative_to(played.home).parts[0] for path in holders} == {"sandbox", "secrets"}


def test_other_doors_want_a_fresh_start(playing: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stop_after_one_round(monkeypatch)
    run("sandbox", "run", *HANDFUL, "--doors", "folder", "--home", str(playing))
    ended = run("sandbox", "run", *HANDFUL, "--doors", "all", "--home", str(playing))
    assert (ended.exit_code, "doors folder; --fresh" in ended.stderr) == (2, True)


def test_a_folder_of_before_there_were_doors_is_gone_on_with_as_it_was(
    playing: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop_after_one_round(monkeypatch)
    run("sandbox", "run", *HANDFUL, "--doors", "folder", "--home", str(playing))
    noted = json.loads((playing / "sandbox.json").read_text())
    del noted["doors"]
    (playing / "sandbox.json").write_text(json.dumps(noted))
    again = run("sandbox", "run", *HANDFUL, "--home", str(playing))
    assert "the sync as of 2026-03-03" in again.stderr
    assert json.loads((playing / "sandbox.json").read_text())["doors"] == "folder"
