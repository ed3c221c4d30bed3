"""The other end of an SFTP channel, in memory: it counts what leaves together, and is as odd as it is told to be.

It takes the protocol apart by itself, so that it can disagree with `resources.sftp.packets`.
"""

import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

INIT, OPEN, CLOSE, READ, FSTAT = 1, 3, 4, 5, 8
_VERSION, _STATUS, _HANDLE, _DATA, _ATTRS = 2, 101, 102, 103, 105
_OK, _EOF, _NO_SUCH_FILE, _FAILURE = 0, 1, 2, 4
_PLAIN_FILE: Final = 0o100600
MODIFIED: Final = 1_700_000_000
"""When every file was last changed, seconds UTC."""


@dataclass
class ScriptedSftp:
    """A channel whose other end serves some files by their paths.

    Attributes:
        most: the most bytes that one READ gives.
        closes_first: of what came together, every CLOSE is done before everything else.
        after_read: called with the path after each READ.
        sent: the kinds of the requests that left together, in order.
        open: the paths that are open, by handle.
        most_open: how many were at most.
    """

    files: dict[str, bytes]
    most: int = 32 * 1024
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
        if kind == OPEN:
            return self._opened(number, name.decode())
        path = self.open.get(name)
        if path is None:
            return _status(number, _FAILURE)
        if kind == CLOSE:
            del self.open[name]
            return _status(number, _OK)
        if kind == FSTAT:
            flags = 0x1 | 0x4 | 0x8
            return bytes([_ATTRS]) + number + struct.pack(
                ">IQIII", flags, len(self.files[path]), _PLAIN_FILE, MODIFIED, MODIFIED
            )  # fmt: skip
        return self._read(number, path, *struct.unpack(">QI", rest))

    def _opened(self, number: bytes, path: str) -> bytes:
        if path not in self.files:
            return _status(number, _NO_SUCH_FILE)
        self._handles += 1
        handle = f"handle {self._handles}".encode()
        self.open[handle] = path
        self.most_open = max(self.most_open, len(self.open))
        return bytes([_HANDLE]) + number + struct.pack(">I", len(handle)) + handle

    def _read(self, number: bytes, path: str, offset: int, length: int) -> bytes:
        data = self.files[path][offset : offset + min(length, self.most)]
        self.after_read(path)
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


def _status(number: bytes, code: int) -> bytes:
    return bytes([_STATUS]) + number + struct.pack(">III", code, 0, 0)
