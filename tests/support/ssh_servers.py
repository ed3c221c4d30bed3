"""A real SSH server: OpenSSH's sshd on loopback, with keys of its own and one account, ours."""

import getpass
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from resources.secrets import SecretReference
from resources.sftp.connection import SftpServer
from tests.support.lanes import need_command

_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Keys:
    """A key pair in two files."""

    private: Path

    @classmethod
    def made(cls, path: Path, kind: str = "ed25519") -> "Keys":
        """Make a pair."""
        maker = need_command("ssh-keygen")
        subprocess.run([maker, "-q", "-t", kind, "-N", "", "-f", str(path)], check=True, timeout=_SECONDS)
        return cls(path)

    @property
    def public(self) -> str:
        """The public key, as OpenSSH writes it, without a comment."""
        return " ".join(Path(f"{self.private}.pub").read_text().split()[:2])

    @property
    def fingerprint(self) -> str:
        """The fingerprint that OpenSSH shows."""
        shown = subprocess.run(
            [need_command("ssh-keygen"), "-l", "-f", f"{self.private}.pub"],
            check=True,
            capture_output=True,
            text=True,
            timeout=_SECONDS,
        )
        return shown.stdout.split()[1]


@dataclass(frozen=True, slots=True)
class OpenSsh:
    """A server that runs."""

    port: int
    host_key: Keys
    user_key: Keys
    known_hosts: Path

    @property
    def server(self) -> SftpServer:
        """How the product reaches it."""
        return SftpServer(
            host="127.0.0.1",
            port=self.port,
            user=getpass.getuser(),
            known_hosts=self.known_hosts,
            private_key=SecretReference.parse(f"file:{self.user_key.private}"),
            timeout=_SECONDS,
        )


@contextmanager
def openssh(folder: Path, options: str = "") -> Iterator[OpenSsh]:
    """Run sshd with everything it needs in a folder.

    Args:
        folder: empty, and outlives the server.
        options: further lines of its configuration.
    """
    daemon = need_command("sshd", "/usr/sbin/sshd")
    host, user, port = Keys.made(folder / "host"), Keys.made(folder / "user"), _free_port()
    (folder / "authorized").write_text(f"{user.public}\n")
    known_hosts = folder / "known_hosts"
    known_hosts.write_text(f"[127.0.0.1]:{port} {host.public}\n")
    configuration = folder / "sshd_config"
    configuration.write_text(
        f"ListenAddress 127.0.0.1:{port}\nHostKey {host.private}\nAuthorizedKeysFile {folder / 'authorized'}\n"
        f"PidFile none\nStrictModes no\nUsePAM no\nPasswordAuthentication no\nSubsystem sftp internal-sftp\n{options}\n"
    )
    if os.getuid() == 0:
        # Where sshd drops its rights to; Debian's service makes it at its start.
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
    log = folder / "log"
    with subprocess.Popen([daemon, "-D", "-f", str(configuration), "-E", str(log)]) as process:
        try:
            _wait_for(port, process, log)
            yield OpenSsh(port, host, user, known_hosts)
        finally:
            process.terminate()


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def _wait_for(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + _SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise RuntimeError(f"sshd does not listen: {log.read_text() if log.exists() else 'it has said nothing'}")
