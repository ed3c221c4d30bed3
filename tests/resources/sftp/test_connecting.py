"""The way to an SFTP server that is not what it should be: nothing secret is said, and nothing waits for ever."""

import socket
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from resources.errors import ConfigurationError
from resources.mailbox import MailboxUnavailable
from resources.secrets import SecretReference
from resources.settings_sections import SftpSettings
from resources.sftp.folder import SftpFolder
from tests.support.faulty_sftp import PASSWORD_VARIABLE, Faults, FaultySftp


def test_a_wrong_password_is_said_without_it(server: FaultySftp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PASSWORD_VARIABLE, "wr0ng")
    with pytest.raises(ConfigurationError, match="does not let exchange in") as raised:
        SftpFolder(server.reached(), "/").list_settled(1)
    assert "wr0ng" not in str(raised.value)


def test_nothing_secret_is_sent_to_a_server_that_is_not_trusted(server: FaultySftp, faults: Faults) -> None:
    with pytest.raises(ConfigurationError, match="not trusted"):
        SftpFolder(server.reached(fingerprint=f"SHA256:{'B' * 43}"), "/").list_settled(1)
    assert (faults.connections, faults.passwords) == (1, [])


def test_a_server_that_takes_the_call_and_says_nothing_is_given_up(server: FaultySftp) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        box = SftpFolder(replace(server.reached(timeout=0.5), port=listener.getsockname()[1]), "/")
        started = time.monotonic()
        with pytest.raises(MailboxUnavailable):
            box.list_settled(1)
        assert time.monotonic() - started < 0.5 + 5


def test_by_its_settings_no_server_is_waited_for_longer_than_half_a_minute() -> None:
    secret = SecretReference.parse("env:SECRET")
    settings = SftpSettings(host="sftp.example", user="us", known_hosts=Path("known"), password=secret)
    assert settings.timeout_seconds <= 30


def test_a_server_that_is_no_ssh_server_is_unavailable(server: FaultySftp) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            wire, _ = listener.accept()
            wire.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            wire.close()

        threading.Thread(target=answer, daemon=True).start()
        box = SftpFolder(replace(server.reached(timeout=2), port=listener.getsockname()[1]), "/")
        with pytest.raises(MailboxUnavailable):
            box.list_settled(1)
