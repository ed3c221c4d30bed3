"""Which mailbox the settings speak of, and an exchange whose feeds lie far away."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from punchout.ledger.engine import reading
from punchout.ledger.views.status import status_report
from resources.errors import ConfigurationError
from resources.local_folder import LocalFolder
from resources.mailboxes import feed_mailbox, local_folders, updates_mailbox
from resources.settings import Settings, load_settings
from resources.sftp.folder import SftpFolder
from tests.support.exchange_home import at, drop, home_settings, opened
from tests.support.faulty_sftp import PASSWORD, PASSWORD_VARIABLE, USER, Faults, FaultySftp, faulty_sftp

NOW = at("2026-03-02T17:00:00+00:00")
REACHED = {"host": "sftp.example", "user": "exchange", "password": "env:SFTP_PASSWORD", "known_hosts": "known_hosts"}


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FaultySftp]:
    monkeypatch.setenv(PASSWORD_VARIABLE, PASSWORD)
    for name in ("in", "out"):
        (tmp_path / "far" / name).mkdir(parents=True)
    with faulty_sftp(tmp_path / "far", Faults()) as running:
        yield running


def reached(server: FaultySftp) -> dict[str, object]:
    return {
        "host": "127.0.0.1",
        "port": server.port,
        "user": USER,
        "fingerprint": server.host_key.fingerprint,
        "password": f"env:{PASSWORD_VARIABLE}",
        "timeout_seconds": 5,
    }


def far_settings(home: Path, server: FaultySftp) -> Settings:
    return home_settings(
        home,
        feeds={"cxml": {"path": "/in", "sftp": reached(server)}},
        business_central={"updates_dir": "/out", "sftp": reached(server)},
    )


def refusal(**sftp: object) -> str:
    with pytest.raises(ConfigurationError) as raised:
        load_settings(overrides={"feeds": {"cxml": {"path": "in", "sftp": {**REACHED, **sftp}}}})
    return str(raised.value)


def test_a_feed_is_a_folder_of_this_machine_unless_it_says_otherwise(tmp_path: Path) -> None:
    settings = home_settings(tmp_path)
    assert feed_mailbox(settings, settings.feeds["cxml"]) == LocalFolder(tmp_path / "inbox/cxml", 0)
    assert set(local_folders(settings)) == {"feed bc_orders", "feed bc_requests", "feed cxml", "bc updates"}


def test_a_folder_of_a_server_is_where_that_server_says_it_is(tmp_path: Path) -> None:
    settings = home_settings(tmp_path, feeds={"cxml": {"path": "amazon/in", "sftp": REACHED}})
    mailbox = feed_mailbox(settings, settings.feeds["cxml"])
    assert isinstance(mailbox, SftpFolder)
    assert (mailbox.folder, mailbox.server.host) == ("amazon/in", "sftp.example")
    assert mailbox.server.known_hosts == tmp_path / "known_hosts"
    assert "feed cxml" not in local_folders(settings)


def test_a_server_that_cannot_prove_itself_is_refused() -> None:
    assert "a server that cannot prove itself is not spoken to" in refusal(known_hosts=None)


def test_one_way_of_letting_us_in_is_wanted_and_no_two() -> None:
    assert "set either password or private_key" in refusal(private_key="env:KEY")
    assert "set either password or private_key" in refusal(password=None)


def test_a_password_is_a_reference_and_never_shown() -> None:
    said = refusal(password="hunter2")  # noqa: S106 - what must not be shown
    assert "env:NAME or file:/PATH" in said
    assert "hunter2" not in said


def test_a_fingerprint_is_one() -> None:
    assert "feeds.cxml.sftp.fingerprint" in refusal(fingerprint="MD5:aa:bb")


def test_documents_of_a_server_are_taken_in_and_removed_there(tmp_path: Path, server: FaultySftp) -> None:
    settings = far_settings(tmp_path / "home", server)
    for number in range(3):
        (server.root / f"in/{number}.xml").write_bytes(b"<cXML/>" + b" " * number)
    with opened(settings, NOW) as exchange:
        taken = exchange.receive()["cxml"]
        assert (taken.total, taken.new, taken.kept, taken.unavailable) == (3, 3, 0, 0)
        assert list((server.root / "in").iterdir()) == []
        with reading(exchange.engine) as connection:
            assert [feed["documents"] for feed in status_report(connection)["feeds"]] == [3]


def test_documents_that_a_server_keeps_are_counted_and_no_new_ones_the_next_time(
    tmp_path: Path, server: FaultySftp
) -> None:
    server.faults.may_rename = False
    (server.root / "in/a.xml").write_bytes(b"<cXML/>")
    with opened(far_settings(tmp_path / "home", server), NOW) as exchange:
        first, second = exchange.receive()["cxml"], exchange.receive()["cxml"]
    assert (first.new, first.kept) == (1, 1)
    assert (second.new, second.kept) == (0, 1)


def test_a_server_out_of_reach_stops_no_other_feed(tmp_path: Path, server: FaultySftp) -> None:
    settings = far_settings(tmp_path / "home", server)
    settings.feeds["bc_orders"].path.mkdir(parents=True)
    drop(settings, "bc_orders", "orders.json", b"{}")
    server.faults.refuses = True
    with opened(settings, NOW) as exchange:
        taken = exchange.receive()
    assert (taken["cxml"].unavailable, taken["bc_orders"].new) == (1, 1)


def test_updates_are_delivered_to_a_server(tmp_path: Path, server: FaultySftp) -> None:
    mailbox = updates_mailbox(far_settings(tmp_path / "home", server))
    mailbox.deliver("updates.json", b"{}")
    mailbox.close()
    assert (server.root / "out/updates.json").read_bytes() == b"{}"
