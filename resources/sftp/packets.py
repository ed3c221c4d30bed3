"""SFTP's packets, version 3: requests to bytes, answers to records. No connection is known here.

draft-ietf-secsh-filexfer-02 is what every server speaks; OpenSSH's `PROTOCOL` document names the extensions. The bytes
are taken apart here and not by paramiko's `Message`, which fills up with zeros what a server promised and did not send.
Names travel as UTF-8 with surrogate escapes, so that one in another encoding comes back to its server as it was.
"""

import stat
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

VERSION = 3
POSIX_RENAME = "posix-rename@openssh.com"
FSYNC = "fsync@openssh.com"
LARGEST_PACKET = 512 * 1024
"""No sound answer is longer: names of one READDIR, or the data of one READ."""

_SIZE, _OWNER, _PERMISSIONS, _TIMES, _EXTENDED = 0x1, 0x2, 0x4, 0x8, 0x8000_0000


class Request(IntEnum):
    """What is asked of a server."""

    INIT = 1
    OPEN = 3
    CLOSE = 4
    READ = 5
    WRITE = 6
    LSTAT = 7
    FSTAT = 8
    OPENDIR = 11
    READDIR = 12
    REMOVE = 13
    RENAME = 18
    EXTENDED = 200


class Kind(IntEnum):
    """What a server answers."""

    VERSION = 2
    STATUS = 101
    HANDLE = 102
    DATA = 103
    NAME = 104
    ATTRS = 105


class Status(IntEnum):
    """The status codes that mean something here; others are failures like `FAILURE`."""

    OK = 0
    EOF = 1
    NO_SUCH_FILE = 2
    PERMISSION_DENIED = 3
    FAILURE = 4
    OP_UNSUPPORTED = 8


class Opening(IntEnum):
    """How a file is opened (`pflags`)."""

    READ = 0x1
    WRITE = 0x2
    CREATE = 0x8
    TRUNCATE = 0x10


class Broken(Exception):  # noqa: N818 - a fact about an answer
    """An answer that does not follow the protocol."""


@dataclass(frozen=True, slots=True)
class FileState:
    """What a server says of a file: size in bytes, time of last change in seconds UTC, and whether it is a plain file.

    None where the server leaves it out.
    """

    size: int | None
    modified: int | None
    is_file: bool | None


@dataclass(frozen=True, slots=True)
class Named:
    """One name of a listing."""

    name: str
    state: FileState


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer: its kind, and what that kind carries.

    Attributes:
        status: of a `STATUS`.
        handle: of a `HANDLE`.
        data: of a `DATA`.
        names: of a `NAME`.
        state: of an `ATTRS`.
    """

    kind: int
    status: int | None = None
    handle: bytes = b""
    data: bytes = b""
    names: tuple[Named, ...] = ()
    state: FileState | None = None


def initialise() -> bytes:
    """Return the packet that opens a session; it alone has no number."""
    return _framed(struct.pack(">BI", Request.INIT, VERSION))


def named(kind: Request, number: int, path: str) -> bytes:
    """Ask about a path: LSTAT, OPENDIR, REMOVE."""
    return _framed(_headed(kind, number), _text(path))


def handled(kind: Request, number: int, handle: bytes) -> bytes:
    """Ask about something open: CLOSE, FSTAT, READDIR."""
    return _framed(_headed(kind, number), _string(handle))


def opened(number: int, path: str, how: int) -> bytes:
    """Open a file; one that is made is its owner's alone."""
    attributes = struct.pack(">II", _PERMISSIONS, 0o600) if how & Opening.CREATE else struct.pack(">I", 0)
    return _framed(_headed(Request.OPEN, number), _text(path), struct.pack(">I", how), attributes)


def read(number: int, handle: bytes, offset: int, length: int) -> bytes:
    """Read up to `length` bytes."""
    return _framed(_headed(Request.READ, number), _string(handle), struct.pack(">QI", offset, length))


def written(number: int, handle: bytes, offset: int, data: bytes) -> bytes:
    """Write bytes."""
    return _framed(_headed(Request.WRITE, number), _string(handle), struct.pack(">Q", offset), _string(data))


def renamed(number: int, source: str, target: str, *, replacing: bool) -> bytes:
    """Rename; a plain RENAME fails where the target exists, OpenSSH's extension replaces it."""
    if not replacing:
        return _framed(_headed(Request.RENAME, number), _text(source), _text(target))
    return _framed(_headed(Request.EXTENDED, number), _text(POSIX_RENAME), _text(source), _text(target))


def synced(number: int, handle: bytes) -> bytes:
    """Have an open file made durable."""
    return _framed(_headed(Request.EXTENDED, number), _text(FSYNC), _string(handle))


def extensions(packet: bytes) -> frozenset[str]:
    """Read the answer to `initialise`.

    Raises:
        Broken: it is another answer, or of another version.
    """
    reading = _Reading(packet)
    kind, version = reading.byte(), reading.number()
    if kind != Kind.VERSION or version < VERSION:
        raise Broken(f"answers the first packet with kind {kind}, version {version}")
    found = set()
    while not reading.is_over():
        found.add(reading.text())
        reading.string()
    return frozenset(found)


def answer(packet: bytes) -> tuple[int, Answer]:
    """Read an answer; returns the number of the request it answers, and what it says.

    Raises:
        Broken: it is of no kind that a server may send, or shorter than it claims.
    """
    reading = _Reading(packet)
    kind, number = reading.byte(), reading.number()
    if kind == Kind.STATUS:
        return number, Answer(kind, status=reading.number())
    if kind == Kind.HANDLE:
        return number, Answer(kind, handle=reading.string())
    if kind == Kind.DATA:
        return number, Answer(kind, data=reading.string())
    if kind == Kind.NAME:
        return number, Answer(kind, names=tuple(_names(reading)))
    if kind == Kind.ATTRS:
        return number, Answer(kind, state=_state(reading))
    raise Broken(f"sends a packet of kind {kind}")


class _Reading:
    """A packet that is being read from its beginning."""

    def __init__(self, packet: bytes) -> None:
        self._packet = packet
        self._at = 0

    def is_over(self) -> bool:
        return self._at >= len(self._packet)

    def byte(self) -> int:
        return self._take(1)[0]

    def number(self) -> int:
        return int.from_bytes(self._take(4), "big")

    def long_number(self) -> int:
        return int.from_bytes(self._take(8), "big")

    def string(self) -> bytes:
        return self._take(self.number())

    def text(self) -> str:
        return self.string().decode("utf-8", "surrogateescape")

    def _take(self, length: int) -> bytes:
        taken = self._packet[self._at : self._at + length]
        if len(taken) != length:
            raise Broken("sends a packet that is shorter than it claims")
        self._at += length
        return taken


def _names(reading: _Reading) -> Iterator[Named]:
    for _ in range(reading.number()):
        name = reading.text()
        # The line that `ls -l` would print.
        reading.string()
        yield Named(name, _state(reading))


def _state(reading: _Reading) -> FileState:
    flags = reading.number()
    size = reading.long_number() if flags & _SIZE else None
    if flags & _OWNER:
        reading.number()
        reading.number()
    mode = reading.number() if flags & _PERMISSIONS else None
    modified = None
    if flags & _TIMES:
        reading.number()
        modified = reading.number()
    if flags & _EXTENDED:
        for _ in range(reading.number()):
            reading.string()
            reading.string()
    # Some servers state the rights without the type of the file.
    is_file = None if mode is None or not stat.S_IFMT(mode) else stat.S_ISREG(mode)
    return FileState(size, modified, is_file)


def _headed(kind: Request, number: int) -> bytes:
    return struct.pack(">BI", kind, number)


def _string(data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + data


def _text(text: str) -> bytes:
    return _string(text.encode("utf-8", "surrogateescape"))


def _framed(*parts: bytes) -> bytes:
    return _string(b"".join(parts))
