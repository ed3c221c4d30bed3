"""An SFTP server that misbehaves as it is told: paramiko's, over a folder of this machine, with faults put in.

What a fault does is said by the test, as a function that is called where the server does the thing.
"""

import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import paramiko
from typing_extensions import Buffer

from resources.secrets import SecretReference
from resources.sftp.connection import SftpServer

USER, PASSWORD = "exchange", "correct horse"
PASSWORD_VARIABLE = "TEST_SFTP_PASSWORD"  # noqa: S105 - the name of a variable


@dataclass
class Faults:
    """What goes wrong, and what was seen.

    Attributes:
        on_request: called with what is asked for, before anything is done.
        on_list: called with the names of a listing before it is sent; returns those that are.
        on_open: called with a path before it is opened; an `OSError` of it is the server's answer.
        on_read: called with path, offset, length and the data; returns the data that is sent.
        may_rename: whether files may be renamed or removed.
        after_rename: called with the new path.
        refuses: connections are ended before a word is said.
        connections: how often somebody connected.
        passwords: those that were tried.
    """

    on_request: Callable[[str], None] = lambda _kind: None
    on_list: Callable[[list[paramiko.SFTPAttributes]], list[paramiko.SFTPAttributes]] = list
    on_open: Callable[[Path], None] = lambda _path: None
    on_read: Callable[[Path, int, int, bytes], bytes] = lambda _path, _offset, _length, data: data
    may_rename: bool = True
    after_rename: Callable[[Path], None] = lambda _path: None
    refuses: bool = False
    connections: int = 0
    passwords: list[str] = field(default_factory=list)
    transports: list[paramiko.Transport] = field(default_factory=list)

    def hang_up(self) -> None:
        """End every connection at once."""
        for transport in self.transports:
            transport.close()


@dataclass(frozen=True, slots=True)
class FaultySftp:
    """A server that runs: its address, its host key, and the folder that it shows as `/`."""

    port: int
    host_key: paramiko.PKey
    root: Path
    faults: Faults

    def reached(self, *, fingerprint: str | None = None, timeout: float = 5) -> SftpServer:
        """Return how the product reaches it."""
        return SftpServer(
            host="127.0.0.1",
            port=self.port,
            user=USER,
            fingerprint=fingerprint or self.host_key.fingerprint,
            password=SecretReference.parse(f"env:{PASSWORD_VARIABLE}"),
            timeout=timeout,
        )


@contextmanager
def faulty_sftp(root: Path, faults: Faults) -> Iterator[FaultySftp]:
    """Serve a folder with faults."""
    host_key = paramiko.ECDSAKey.generate()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=_accept, args=(listener, host_key, root, faults), daemon=True)
        thread.start()
        try:
            yield FaultySftp(listener.getsockname()[1], host_key, root, faults)
        finally:
            faults.hang_up()
            listener.shutdown(socket.SHUT_RDWR)
    thread.join(5)


def _accept(listener: socket.socket, host_key: paramiko.PKey, root: Path, faults: Faults) -> None:
    while True:
        try:
            wire, _ = listener.accept()
        except OSError:
            return
        faults.connections += 1
        if faults.refuses:
            wire.close()
            continue
        transport = paramiko.Transport(wire)
        transport.add_server_key(host_key)
        transport.set_subsystem_handler("sftp", paramiko.SFTPServer, _Folder, root, faults)
        faults.transports.append(transport)
        try:
            transport.start_server(server=_Door(faults))
        except (paramiko.SSHException, EOFError, OSError):
            transport.close()


class _Door(paramiko.ServerInterface):
    def __init__(self, faults: Faults) -> None:
        self._faults = faults

    def check_auth_password(self, username: str, password: str) -> int:
        self._faults.passwords.append(password)
        is_known = (username, password) == (USER, PASSWORD)
        return paramiko.common.AUTH_SUCCESSFUL if is_known else paramiko.common.AUTH_FAILED

    def get_allowed_auths(self, username: str) -> str:  # noqa: ARG002 - paramiko's
        return "password"

    def check_channel_request(self, kind: str, chanid: int) -> int:  # noqa: ARG002 - paramiko's
        return paramiko.common.OPEN_SUCCEEDED


class _Folder(paramiko.SFTPServerInterface):
    def __init__(self, server: Any, root: Path, faults: Faults) -> None:  # noqa: ANN401 - paramiko's
        super().__init__(server)
        self._root = root
        self._faults = faults

    def list_folder(self, path: str) -> Any:  # noqa: ANN401 - paramiko's
        self._faults.on_request("list")
        try:
            found = [
                paramiko.SFTPAttributes.from_stat(entry.stat(follow_symlinks=False), entry.name)
                for entry in os.scandir(self._at(path))
            ]
        except OSError as error:
            return _status(error)
        return self._faults.on_list(found)

    def lstat(self, path: str) -> Any:  # noqa: ANN401 - paramiko's
        self._faults.on_request("lstat")
        return _answered(lambda: paramiko.SFTPAttributes.from_stat(self._at(path).lstat()))

    def open(self, path: str, flags: int, attr: paramiko.SFTPAttributes) -> Any:  # noqa: ANN401, ARG002 - paramiko's
        self._faults.on_request("open")
        target = self._at(path)
        try:
            self._faults.on_open(target)
            descriptor = os.open(target, flags, 0o600)
        except OSError as error:
            return _status(error)
        return _File(
            target, os.fdopen(descriptor, "r+b" if flags & os.O_RDWR else "wb" if flags & 1 else "rb"), self._faults
        )

    def remove(self, path: str) -> int:
        self._faults.on_request("remove")
        return self._changed(lambda: self._at(path).unlink())

    def rename(self, oldpath: str, newpath: str) -> int:
        self._faults.on_request("rename")

        def move() -> None:
            target = self._at(newpath)
            if target.exists():
                raise FileExistsError
            self._at(oldpath).rename(target)
            self._faults.after_rename(target)

        return self._changed(move)

    def _changed(self, change: Callable[[], None]) -> int:
        if not self._faults.may_rename:
            return paramiko.sftp.SFTP_PERMISSION_DENIED
        result: int = _answered(change) or paramiko.sftp.SFTP_OK
        return result

    def _at(self, path: str) -> Path:
        return self._root / path.lstrip("/")


class _File(paramiko.SFTPHandle):
    def __init__(self, path: Path, file: Any, faults: Faults) -> None:  # noqa: ANN401 - an open file
        super().__init__()
        self._path = path
        self._file = file
        self._faults = faults

    def stat(self) -> Any:  # noqa: ANN401 - paramiko's
        self._faults.on_request("fstat")
        return _answered(lambda: paramiko.SFTPAttributes.from_stat(os.fstat(self._file.fileno())))

    def read(self, offset: int, length: int) -> Any:  # noqa: ANN401 - paramiko's
        self._faults.on_request("read")
        data = os.pread(self._file.fileno(), length, offset)
        given = self._faults.on_read(self._path, offset, length, data)
        return given if given != b"" else paramiko.sftp.SFTP_EOF

    def write(self, offset: int, data: Buffer) -> int:
        self._faults.on_request("write")
        os.pwrite(self._file.fileno(), data, offset)
        return paramiko.sftp.SFTP_OK

    def close(self) -> None:
        self._faults.on_request("close")
        self._file.close()


def _answered(work: Callable[[], Any]) -> Any:  # noqa: ANN401 - paramiko's
    try:
        return work()
    except OSError as error:
        return _status(error)


def _status(error: OSError) -> int:
    if error.errno is None:
        return paramiko.sftp.SFTP_FAILURE
    status: int = paramiko.SFTPServer.convert_errno(error.errno)
    return status
