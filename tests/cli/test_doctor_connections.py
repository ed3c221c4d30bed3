"""`punchout doctor` on the servers that are spoken to: real handshakes with servers of this machine."""

import json
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from punchout.cli.check import Check
from punchout.cli.checks_of_connections import _judged, of_supplier
from punchout.cli.checks_of_storage import share_of
from resources.settings import load_settings
from resources.sftp.looking import Seen
from tests.cli.homes import Home
from tests.resources.suppliers import Server, closes, hangs, says
from tests.support.certificates import Authority, Certificate, made_in
from tests.support.faulty_sftp import PASSWORD, PASSWORD_VARIABLE, USER, Faults, FaultySftp, faulty_sftp


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority.made_in(tmp_path_factory.mktemp("authority"))


@contextmanager
def serving(certificate: Certificate) -> Iterator[Server]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate.both)
    with Server(says(b""), tls=context) as server:
        yield server


def looked_at(home: Home, port: int, authority: Authority) -> Check:
    """Give what is found of the supplier's server by somebody who trusts an authority."""
    home.write_settings(f"https://127.0.0.1:{port}/orders")
    trust = ssl.create_default_context(cafile=str(authority.file))
    (found,) = of_supplier(load_settings(), trust)
    return found


@pytest.mark.parametrize(
    ("ends", "state", "words"),
    [
        (timedelta(days=90, minutes=1), "ok", "TLSv1.3: its certificate, until "),
        (timedelta(days=30, minutes=1), "ok", "until "),
        (timedelta(days=29, hours=23), "warn", "in 29 days"),
        (timedelta(days=1, minutes=1), "warn", "in a day"),
        (timedelta(minutes=-1), "fail", "certificate has expired (its certificate ends on "),
    ],
)
def test_until_when_the_suppliers_certificate_holds_is_told_and_judged(
    home: Home, authority: Authority, tmp_path: Path, ends: timedelta, state: str, words: str
) -> None:
    with serving(authority.vouches(tmp_path / "tls", ends)) as server:
        found = looked_at(home, server.port, authority)
    assert (found.name, found.state, bool(found.fix)) == ("tls order_url", state, state != "ok")
    assert words in found.found, found.found
    assert found.found.startswith("127.0.0.1:")


def test_a_certificate_that_nobody_vouches_for_is_not_trusted(home: Home, authority: Authority, tmp_path: Path) -> None:
    with serving(made_in(tmp_path)) as server:
        found = looked_at(home, server.port, authority)
    assert (found.state, "self-signed certificate" in found.found) == ("fail", True)


def test_a_certificate_of_another_name_is_not_trusted(home: Home, authority: Authority, tmp_path: Path) -> None:
    with serving(authority.vouches(tmp_path / "tls", timedelta(days=90))) as server:
        home.write_settings(f"https://localhost:{server.port}/orders")
        (found,) = of_supplier(load_settings(), ssl.create_default_context(cafile=str(authority.file)))
    assert (found.state, "localhost" in found.found) == ("fail", True)


def test_a_server_that_speaks_no_tls_is_told_from_one_that_cannot_be_reached(home: Home, authority: Authority) -> None:
    with Server(says(b"HTTP/1.1 400 Bad Request\r\n\r\n"), listens=False) as server:
        port = server.port
        plain = looked_at(home, port, authority)
    gone = looked_at(home, port, authority)
    with Server(closes, listens=False) as server:
        closing = looked_at(home, server.port, authority)
    assert [plain.state, gone.state, closing.state] == ["fail", "warn", "warn"]
    assert "no TLS that can be used" in plain.found
    assert "cannot be reached" in gone.found


def test_a_server_that_says_nothing_is_given_up(home: Home, authority: Authority) -> None:
    with Server(hangs, listens=False) as server:
        assert looked_at(home, server.port, authority).state == "warn"


def test_nothing_but_a_handshake_is_said(home: Home, authority: Authority, tmp_path: Path) -> None:
    with serving(authority.vouches(tmp_path / "tls", timedelta(days=90))) as server:
        looked_at(home, server.port, authority)
    assert (server.received, server.connections) in (([], 1), ([b""], 1))


def checks(home: Home, *options: str) -> dict[str, Any]:
    return {one["name"]: one for one in json.loads(home.run("doctor", "--json", *options).stdout)["checks"]}


def test_the_command_trusts_only_whom_orders_are_sent_by_and_says_so_with_exit_3(
    home: Home, authority: Authority, tmp_path: Path
) -> None:
    with serving(authority.vouches(tmp_path / "tls", timedelta(days=90))) as server:
        home.write_settings(f"https://127.0.0.1:{server.port}/orders")
        assert home.run("doctor").exit_code == 3
        assert checks(home)["tls order_url"]["state"] == "fail"
        before = server.connections
        assert "tls order_url" not in checks(home, "--offline")
        assert server.connections == before


def test_one_server_at_two_addresses_is_looked_at_once(home: Home, authority: Authority, tmp_path: Path) -> None:
    with serving(authority.vouches(tmp_path / "tls", timedelta(days=90))) as server:
        home.write_settings(f"https://127.0.0.1:{server.port}/orders")
        file = home.path / "punchout.toml"
        setup = f'[supplier]\nsetup_url = "https://127.0.0.1:{server.port}/setup"\n'
        file.write_text(file.read_text().replace("[supplier]\n", setup))
        found = of_supplier(load_settings(), ssl.create_default_context(cafile=str(authority.file)))
        assert [one.name for one in found] == ["tls order_url"]


@pytest.mark.parametrize(
    ("ends", "state"), [(timedelta(days=90), "ok"), (timedelta(days=12), "warn"), (timedelta(days=-1), "fail")]
)
def test_until_when_the_gateways_own_certificate_holds_is_told_and_judged(
    home: Home, authority: Authority, tmp_path: Path, ends: timedelta, state: str
) -> None:
    made = authority.vouches(tmp_path / "tls", ends)
    made.key.chmod(0o600)
    home.write_settings(more=f'gateway = {{ tls_certificate = "{made.certificate}", tls_key = "{made.key}" }}\n')
    found = checks(home)["gateway tls"]
    assert (found["state"], bool(found["fix"])) == (state, state != "ok")


def test_the_certificate_of_the_chain_that_ends_first_is_the_one_that_counts(
    home: Home, authority: Authority, tmp_path: Path
) -> None:
    made, short = (
        authority.vouches(tmp_path / "tls", timedelta(days=90)),
        authority.vouches(tmp_path, timedelta(days=3)),
    )
    made.key.chmod(0o600)
    made.certificate.write_bytes(made.certificate.read_bytes() + short.certificate.read_bytes())
    home.write_settings(more=f'gateway = {{ tls_certificate = "{made.certificate}", tls_key = "{made.key}" }}\n')
    assert checks(home)["gateway tls"]["state"] == "warn"


@pytest.fixture
def sftp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FaultySftp]:
    monkeypatch.setenv(PASSWORD_VARIABLE, PASSWORD)
    root = tmp_path / "root"
    (root / "in").mkdir(parents=True)
    with faulty_sftp(root, Faults()) as running:
        yield running


def on_sftp(home: Home, server: FaultySftp, folder: str = "/in", fingerprint: str | None = None) -> dict[str, Any]:
    home.write_settings()
    known = fingerprint or server.host_key.fingerprint
    file = home.path / "punchout.toml"
    section = (
        f'[feeds.far]\npath = "{folder}"\ncontent = "cxml"\n[feeds.far.sftp]\nhost = "127.0.0.1"\n'
        f'port = {server.port}\nuser = "{USER}"\n'
        f'fingerprint = "{known}"\npassword = "env:{PASSWORD_VARIABLE}"\ntimeout_seconds = 5\n'
    )
    file.write_text(f"{file.read_text()}{section}")
    found: dict[str, Any] = checks(home)[f"sftp 127.0.0.1:{server.port}"]
    return found


def test_by_which_key_an_sftp_server_proves_itself_is_told(home: Home, sftp: FaultySftp) -> None:
    found = on_sftp(home, sftp)
    assert found["state"] == "ok", found
    assert sftp.host_key.fingerprint in found["found"]
    assert "can list /in" in found["found"]


def test_an_sftp_server_with_another_key_is_not_trusted(home: Home, sftp: FaultySftp) -> None:
    found = on_sftp(home, sftp, fingerprint=f"SHA256:{'A' * 43}")
    assert (found["state"], sftp.host_key.fingerprint in found["found"]) == ("fail", True)
    assert sftp.faults.passwords == []


def test_a_folder_that_an_sftp_server_does_not_list_is_named(home: Home, sftp: FaultySftp) -> None:
    found = on_sftp(home, sftp, folder="/nowhere")
    assert (found["state"], "/nowhere cannot be listed" in found["found"]) == ("fail", True)


def test_a_password_that_is_not_taken_is_said_without_it(
    home: Home, sftp: FaultySftp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PASSWORD_VARIABLE, "wr0ng")
    found = on_sftp(home, sftp)
    assert (found["state"], "wr0ng" in str(found)) == ("fail", False)


@pytest.mark.parametrize(
    ("algorithm", "bits", "state"),
    [
        ("ssh-ed25519", 256, "ok"),
        ("rsa-sha2-512", 2048, "ok"),
        ("rsa-sha2-512", 1024, "warn"),
        ("ssh-rsa", 4096, "warn"),
    ],
)
def test_a_key_that_proves_too_little_is_told(sftp: FaultySftp, algorithm: str, bits: int, state: str) -> None:
    found = _judged("sftp", sftp.reached(), Seen(algorithm, bits, "SHA256:x", {}), ["/in"])
    assert (found.state, f"{algorithm}, {bits} bits, SHA256:x" in found.found) == (state, True)


def test_files_that_others_may_use_are_named(home: Home) -> None:
    for file in home.path.iterdir():
        file.chmod(0o600 if file.is_file() else 0o700)
    # References to secrets are no secrets.
    (home.path / "punchout.toml").chmod(0o644)
    assert checks(home, "--offline")["umask"]["state"] == "ok"
    (home.path / "ledger.sqlite3").chmod(0o644)
    found = checks(home, "--offline")["umask"]
    assert (found["state"], "ledger.sqlite3" in found["found"], bool(found["fix"])) == ("warn", True, True)


def test_a_ledger_dated_ahead_of_this_machines_clock_is_told(home: Home) -> None:
    home.play.sync()
    assert checks(home, "--offline")["last sync"]["state"] == "ok"
    home.play.later(24 * 365 * 200)
    home.play.sync()
    assert checks(home, "--offline")["last sync"]["state"] == "warn"


def test_variables_that_stand_above_the_settings_file_are_named_without_their_values(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PUNCHOUT_COMPANY__LOCAL_CURRENCY", "EUR")
    found = checks(home, "--offline")["settings"]["found"]
    assert ("PUNCHOUT_COMPANY__LOCAL_CURRENCY" in found, "EUR" in found) == (True, False)


MOUNTS = """\
/dev/sda1 / ext4 rw 0 0
server:/data /srv/data nfs4 rw 0 0
/dev/sdb1 /srv/data/local xfs rw 0 0
//server/share /mnt/a\\040share cifs rw 0 0
"""


@pytest.mark.parametrize(
    ("folder", "share"),
    [
        ("/var/lib/punchout", None),
        ("/srv/data/punchout", "nfs4"),
        ("/srv/data/local/punchout", None),
        ("/srv/database", None),
        ("/mnt/a share/punchout", "cifs"),
    ],
)
def test_a_folder_on_a_share_is_told_from_one_on_a_disk(folder: str, share: str | None) -> None:
    assert share_of(Path(folder), MOUNTS) == share
