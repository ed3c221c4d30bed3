"""The SFTP server of the stand-in Business Central: its exports are fetched there, and updates for it are put there.

It is paramiko's, on the loopback interface, over one folder of this machine with a folder for each feed in it. What is
in the files is not known here. It lets one user in, by password, and shows a host key that is made once.
"""

import hmac
import os
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import paramiko
from typing_extensions import Buffer

HOST = "127.0.0.1"
_WRITES = os.O_WRONLY | os.O_RDWR
_OWNERS = 0o600


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """What is served, and to whom: a folder that is shown as `/`, and the user who may see it."""

    root: Path
    user: str
    password: str


class FileServer:
    """A running server; leaving the `with` block ends it.

    Args:
        access: what is served, and to whom.
        key_file: where its host key lies; made if it is not there.
        port: 0 takes any free one.
    """

    def __init__(self, access: Access, key_file: Path, port: int) -> None:
        self._access = access
        self._key = _host_key(key_file)
        self._listener = socket.create_server((HOST, port))
        self.port: int = self._listener.getsockname()[1]

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        # Whoever waits for a client in `accept` does not notice that a socket is closed.
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def told(self) -> dict[str, object]:
        """Return what a client needs to know of it, and may know: not the password."""
        return {"host": HOST, "port": self.port, "user": self._access.user, "fingerprint": self._key.fingerprint}

    def known_hosts(self) -> str:
        """Return the line by which OpenSSH's known_hosts file trusts it."""
        return f"[{HOST}]:{self.port} {self._key.get_name()} {self._key.get_base64()}\n"

    def _accept(self) -> None:
        while True:
            try:
                wire, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(wire,), daemon=True).start()

    def _serve(self, wire: socket.socket) -> None:
        wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        transport = paramiko.Transport(wire)
        transport.add_server_key(self._key)
        transport.set_subsystem_handler("sftp", paramiko.SFTPServer, _Folder, self._access.root)
        try:
            transport.start_server(server=_Door(self._access))
        except (paramiko.SSHException, EOFError, OSError):
            transport.close()


class _Door(paramiko.ServerInterface):
    def __init__(self, access: Access) -> None:
        self._access = access

    def get_allowed_auths(self, username: str) -> str:  # noqa: ARG002 - paramiko's
        return "password"

    def check_auth_password(self, username: str, password: str) -> int:
        given, wanted = f"{username}\0{password}", f"{self._access.user}\0{self._access.password}"
        is_known = hmac.compare_digest(given.encode(), wanted.encode())
        return paramiko.common.AUTH_SUCCESSFUL if is_known else paramiko.common.AUTH_FAILED

    def check_channel_request(self, kind: str, chanid: int) -> int:  # noqa: ARG002 - paramiko's
        is_session = kind == "session"
        return paramiko.common.OPEN_SUCCEEDED if is_session else paramiko.common.OPEN_FAILED_ADMINISTRATIVELY_PROHIBITED


class _Folder(paramiko.SFTPServerInterface):
    """What a client may do: list, look, read, write, rename and remove files; nothing with folders and links."""

    def __init__(self, server: Any, root: Path) -> None:  # noqa: ANN401 - paramiko's
        super().__init__(server)
        self._root = root

    def list_folder(self, path: str) -> Any:  # noqa: ANN401 - paramiko's
        def listed() -> list[paramiko.SFTPAttributes]:
            with os.scandir(self._at(path)) as entries:
                return [_attributes(Path(entry.path), entry.name) for entry in entries]

        return _answered(listed)

    def lstat(self, path: str) -> Any:  # noqa: ANN401 - paramiko's
        return _answered(lambda: _attributes(self._at(path)))

    def stat(self, path: str) -> Any:  # noqa: ANN401 - paramiko's
        return self.lstat(path)

    def open(self, path: str, flags: int, attr: paramiko.SFTPAttributes) -> Any:  # noqa: ANN401, ARG002 - paramiko's
        return _answered(lambda: _File(os.open(self._at(path), flags | os.O_NOFOLLOW, _OWNERS), flags))

    def remove(self, path: str) -> int:
        return _done(lambda: self._at(path).unlink())

    def rename(self, oldpath: str, newpath: str) -> int:
        def move() -> None:
            source, target = self._at(oldpath), self._at(newpath)
            # A hard link takes no name that is in use, which a rename would.
            os.link(source, target, follow_symlinks=False)
            source.unlink()

        return _done(move)

    def posix_rename(self, oldpath: str, newpath: str) -> int:
        return _done(lambda: self._at(oldpath).replace(self._at(newpath)))

    def _at(self, path: str) -> Path:
        # Normalised by `canonicalize`, no `..` is left in it; what it then names lies under the root.
        return self._root / self.canonicalize(path).lstrip("/")


class _File(paramiko.SFTPHandle):
    def __init__(self, descriptor: int, flags: int) -> None:
        super().__init__(flags)
        self._descriptor = descriptor

    def stat(self) -> Any:  # noqa: ANN401 - paramiko's
        return _answered(lambda: paramiko.SFTPAttributes.from_stat(os.fstat(self._descriptor)))

    def read(self, offset: int, length: int) -> Any:  # noqa: ANN401 - paramiko's
        return _answered(lambda: os.pread(self._descriptor, length, offset) or paramiko.sftp.SFTP_EOF)

    def write(self, offset: int, data: Buffer) -> int:
        return _done(lambda: os.pwrite(self._descriptor, data, offset))

    def close(self) -> None:
        os.close(self._descriptor)


def _host_key(path: Path) -> paramiko.PKey:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f"{path.name}.part")
        paramiko.ECDSAKey.generate().write_private_key_file(str(part))
        part.rename(path)
    return paramiko.ECDSAKey.from_private_key_file(str(path))


def _attributes(path: Path, name: str | None = None) -> paramiko.SFTPAttributes:
    return paramiko.SFTPAttributes.from_stat(path.lstat(), name)


def _answered(work: Callable[[], Any]) -> Any:  # noqa: ANN401 - paramiko's
    try:
        return work()
    except OSError as error:
        return paramiko.sftp.SFTP_FAILURE if error.errno is None else paramiko.SFTPServer.convert_errno(error.errno)
    except ValueError:
        # A name with a NUL in it.
        return paramiko.sftp.SFTP_FAILURE


def _done(work: Callable[[], object]) -> int:
    def done() -> int:
        work()
        return paramiko.sftp.SFTP_OK

    status: int = _answered(done)
    return status
