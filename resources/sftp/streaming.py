"""Fetching one file that is too large to be held: piece by piece in order, some reads under way at once."""

from collections.abc import Iterator
from typing import Final

from resources.mailbox import Entry, EntryNotReady
from resources.sftp import packets
from resources.sftp.fetching import READ_LENGTH, is_same, reason
from resources.sftp.packets import Kind, Opening, Request
from resources.sftp.session import Session

_WAVE: Final = 32 * READ_LENGTH


def stream(session: Session, path: str, entry: Entry) -> Iterator[bytes]:
    """Yield what a file holds; see `Mailbox.pieces`.

    Raises:
        EntryNotReady: it is not there, or is not any more the file that was listed.
        MailboxUnavailable: the session is lost.
    """
    opened = session.call(lambda number: packets.opened(number, path, Opening.READ))
    if opened.kind != Kind.HANDLE:
        raise EntryNotReady(f"{entry.shown} cannot be read: {reason(opened)}")
    given = 0
    # It reaches behind the end, where nothing should be.
    while given <= entry.size and (piece := _wave(session, opened.handle, given, min(given + _WAVE, entry.size + 1))):
        given += len(piece)
        yield piece
    looked = session.call(lambda number: packets.handled(Request.FSTAT, number, opened.handle))
    session.call(lambda number: packets.handled(Request.CLOSE, number, opened.handle))
    if looked.state is None or not is_same(entry, looked.state):
        raise EntryNotReady(f"{entry.shown} has changed since it was listed")
    if given != entry.size:
        raise EntryNotReady(f"{entry.shown} gave {given} bytes of {entry.size}")


def _wave(session: Session, handle: bytes, start: int, end: int) -> bytes:
    """Read from `start` as far as the server gives it without a gap, up to `end`; nothing where it gives nothing."""
    offsets = range(start, end, READ_LENGTH)
    asked = {_ask(session, handle, offset, min(READ_LENGTH, end - offset)): offset for offset in offsets}
    pieces = {}
    while asked:
        number, answer = session.answer(asked)
        pieces[asked.pop(number)] = answer.data
    data = bytearray()
    while piece := pieces.get(start + len(data)):
        data += piece
    return bytes(data)


def _ask(session: Session, handle: bytes, offset: int, length: int) -> int:
    return session.ask(lambda number: packets.read(number, handle, offset, length))
