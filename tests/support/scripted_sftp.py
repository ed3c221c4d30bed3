"""The other end of an SFTP channel, in memory: it counts what leaves together, and is as odd as it is told to be.

It takes the protocol apart by itself, so that it can disagree with `resources.sftp.packets`.
"""

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

INIT, OPEN, CLOSE, READ, FSTAT, OPENDIR, READDIR = 1, 3, 4, 5, 8, 11, 12
_VERSION, _STATUS, _HANDLE, _DATA, _NAME, _ATTRS = 2, 101, 102, 103, 104, 105
_NAMES_AT_ONCE: Final = 100
_OK, _EOF, _NO_SUCH_FILE, _FAILURE = 0, 1, 2, 4
_PLAIN_FILE: Final = 0o100600
MODIFIED: Final = 1_700_000_000
"""When every file was last changed, seconds UTC."""


@dataclass
class ScriptedSftp:
    """A channel whose other end serves some files by their paths.

    Attributes:
        listing: the names that listing any folder gives, each of a file of one byte.
        most: the most bytes that one READ gives.
        unreadable: paths of which every READ fails.
        closes_first: of what came together, every CLOSE is done before everything else.
        after_read: called with the path after each READ.
        sent: the kinds of the requests that left together, in order.
        open: the paths that are open, by handle.
        most_open: how many were at most.
    """

    files: dict[str, bytes] = field(default_factory=dict)
    listing: Iterator[str] = field(default_factory=lambda: iter(()))
    most: int = 32 * 1024
    unreadable: frozenset[str] = frozenset()
    closes_first: bool = False
    after_read: Callable[[str], None] = lambda _path: None
    sent: list[list[int]] = field(default_factory=list)
    open: dict[bytes, str] = field(default_factory=dict)
    most_open: int = 0
    _handles: int = 0
    _answers: bytearray = field(default_factory=bytearray)

    def sendall(self, data: bytes) -> None:
        """Take requests that leave together, and answer them."""
        packets = list(_split(data))
        self.sent.append([packet[0] for packet in packets])
        if self.closes_first:
            packets.sort(key=lambda packet: packet[0] != CLOSE)
        for packet in packets:
            answer = self._answer(packet)
            self._answers += struct.pack(">I", len(answer)) + answer

    def recv(self, length: int) -> bytes:
        """Give what has been answered."""
        given = bytes(self._answers[:length])
        del self._answers[:length]
        return given

    def _answer(self, packet: bytes) -> bytes:
        kind, number = packet[0], packet[1:5]
        if kind == INIT:
            return bytes([_VERSION]) + struct.pack(">I", 3)
        length = int.from_bytes(packet[5:9], "big")
        name, rest = packet[9 : 9 + length], packet[9 + length :]
        if kind in {OPEN, OPENDIR}:
            return self._opened(number, name.decode(), is_there=kind == OPENDIR or name.decode() in self.files)
        if name not in self.open:
            return _status(number, _FAILURE)
        acts = {CLOSE: self._closed, READDIR: self._names, FSTAT: self._looked, READ: self._read}
        return acts[kind](number, name, rest)

    def _closed(self, number: bytes, handle: bytes, _rest: bytes) -> bytes:
        del self.open[handle]
        return _status(number, _OK)

    def _looked(self, number: bytes, handle: bytes, _rest: bytes) -> bytes:
        return bytes([_ATTRS]) + number + _state(len(self.files[self.open[handle]]))

    def _names(self, number: bytes, _handle: bytes, _rest: bytes) -> bytes:
        names = [name.encode() for name in islice(self.listing, _NAMES_AT_ONCE)]
        if not names:
            return _status(number, _EOF)
        entries = [struct.pack(">I", len(name)) + name + bytes(4) + _state(1) for name in names]
        return bytes([_NAME]) + number + struct.pack(">I", len(names)) + b"".join(entries)

    def _opened(self, number: bytes, path: str, *, is_there: bool) -> bytes:
        if not is_there:
            return _status(number, _NO_SUCH_FILE)
        self._handles += 1
        handle = f"handle {self._handles}".encode()
        self.open[handle] = path
        self.most_open = max(self.most_open, len(self.open))
        return bytes([_HANDLE]) + number + struct.pack(">I", len(handle)) + handle

    def _read(self, number: bytes, handle: bytes, rest: bytes) -> bytes:
        path = self.open[handle]
        offset, length = struct.unpack(">QI", rest)
        data = self.files[path][offset : offset + min(length, self.most)]
        self.after_read(path)
        if path in self.unreadable:
            return _status(number, _FAILURE)
        if not data:
            return _status(number, _EOF)
        return bytes([_DATA]) + number + struct.pack(">I", len(data)) + data


def _split(data: bytes) -> list[bytes]:
    packets = []
    while data:
        length = int.from_bytes(data[:4], "big")
        packets.append(data[4 : 4 + length])
        data = data[4 + length :]
    return packets


def _state(size: int) -> bytes:
    return struct.pack(">IQIII", 0x1 | 0x4 | 0x8, size, _PLAIN_FILE, MODIFIED, MODIFIED)


def _status(number: bytes, code: int) -> bytes:
    return bytes([_STATUS]) + number + struct.pack(">III", code, 0, 0)
