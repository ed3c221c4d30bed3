"""Fetching many files at once: requests for up to a window of files are under way over one channel.

A file costs three round trips (open; look and read; look again and close), and those of a window overlap, so that a far
server costs little more than a near one. What is read counts only if the file had the size and time of the listing
before and after, and gave that many bytes and no more.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from punchout.model.moments import Micros
from resources.mailbox import Entry, EntryNotReady, EntryTooLarge, Outcome, is_plain
from resources.sftp import packets
from resources.sftp.packets import Answer, FileState, Kind, Opening, Request, Status
from resources.sftp.session import Session

READ_LENGTH: Final = 32 * 1024
"""The most that every server gives in one answer (draft-ietf-secsh-filexfer-02, section 3)."""
_READS_AT_ONCE: Final = 64
_SECOND: Final[Micros] = 1_000_000


@dataclass(slots=True)
class _File:
    """A file on its way. `outcome` is there when nothing of it is under way any more."""

    entry: Entry
    path: str
    handle: bytes | None = None
    is_read: bool = False
    states: list[FileState] = field(default_factory=list)
    pieces: dict[int, bytes] = field(default_factory=dict)
    waiting: int = 0
    problem: str | None = None
    outcome: Outcome | None = None


_Act: TypeAlias = Callable[[_File, Answer], None]


class Fetching:
    """Fetches files of one folder over a session.

    Args:
        session: what they are asked for over.
        path_of: the path of a name.
        window: how many files may be under way.
    """

    def __init__(self, session: Session, path_of: Callable[[str], str], window: int) -> None:
        self._session = session
        self._path_of = path_of
        self._window = window
        self._waiting: dict[int, tuple[_File, _Act]] = {}

    def fetch(self, entries: Iterable[Entry], max_bytes: int) -> Iterator[tuple[Entry, Outcome]]:
        """Yield each entry with its content, or why it cannot be had, in the order given.

        Raises:
            MailboxUnavailable: the session is lost; entries not yielded yet were not fetched.
        """
        under_way: deque[_File] = deque()
        for entry in entries:
            while self._is_full(under_way):
                self._advance()
                yield from _finished(under_way)
            under_way.append(self._started(entry, max_bytes))
            yield from _finished(under_way)
        while under_way:
            self._advance()
            yield from _finished(under_way)

    def _is_full(self, under_way: Sequence[_File]) -> bool:
        """Tell whether no more should be asked for now; the first of those under way is never a finished one."""
        reads = sum(file.entry.size // READ_LENGTH + 1 for file in under_way)
        return len(under_way) >= self._window or reads > self._window + _READS_AT_ONCE

    def _started(self, entry: Entry, max_bytes: int) -> _File:
        file = _File(entry, self._path_of(entry.name))
        if not is_plain(entry.name):
            file.outcome = EntryNotReady(f"{entry.shown} is not the name of an entry")
        elif entry.size > max_bytes:
            file.outcome = EntryTooLarge(f"{entry.shown} has {entry.size} bytes, more than {max_bytes}")
        else:
            self._ask(file, _opened, lambda number: packets.opened(number, file.path, Opening.READ))
        return file

    def _advance(self) -> None:
        number, answer = self._session.answer(self._waiting)
        file, act = self._waiting.pop(number)
        file.waiting -= 1
        act(file, answer)
        if file.waiting:
            return
        if file.handle is None:
            file.outcome = _judged(file)
        elif not file.is_read:
            self._read(file, file.handle)
        else:
            self._finish(file, file.handle)

    def _read(self, file: _File, handle: bytes) -> None:
        file.is_read = True
        self._look(file, handle)
        # The last of them lies behind the end, where nothing should be.
        for offset in (*range(0, file.entry.size, READ_LENGTH), file.entry.size):
            self._read_piece(file, handle, offset, min(READ_LENGTH, file.entry.size - offset) or 1)

    def _read_piece(self, file: _File, handle: bytes, offset: int, length: int) -> None:
        def given(file: _File, answer: Answer) -> None:
            if answer.kind == Kind.DATA:
                file.pieces[offset] = answer.data
                # Some servers give less at a time than every server must.
                if 0 < len(answer.data) < length:
                    self._read_piece(file, handle, offset + len(answer.data), length - len(answer.data))
            elif answer.status != Status.EOF:
                file.problem = f"cannot be read: {reason(answer)}"

        self._ask(file, given, lambda number: packets.read(number, handle, offset, length))

    def _finish(self, file: _File, handle: bytes) -> None:
        file.handle = None
        self._look(file, handle)
        self._ask(file, _closed, lambda number: packets.handled(Request.CLOSE, number, handle))

    def _look(self, file: _File, handle: bytes) -> None:
        self._ask(file, _looked, lambda number: packets.handled(Request.FSTAT, number, handle))

    def _ask(self, file: _File, act: _Act, request: Callable[[int], bytes]) -> None:
        file.waiting += 1
        self._waiting[self._session.ask(request)] = file, act


def is_same(entry: Entry, state: FileState) -> bool:
    """Tell whether a file is still the plain file that was listed; what a server does not state cannot contradict."""
    return (
        state.is_file is not False
        and state.size in {None, entry.size}
        and (state.modified is None or state.modified * _SECOND == entry.modified)
    )


def _finished(under_way: deque[_File]) -> Iterator[tuple[Entry, Outcome]]:
    while under_way and under_way[0].outcome is not None:
        file = under_way.popleft()
        if file.outcome is not None:
            yield file.entry, file.outcome


def _opened(file: _File, answer: Answer) -> None:
    if answer.kind == Kind.HANDLE:
        file.handle = answer.handle
    else:
        file.problem = f"cannot be read: {reason(answer)}"


def _looked(file: _File, answer: Answer) -> None:
    if answer.state is None:
        file.problem = f"cannot be looked at: {reason(answer)}"
    else:
        file.states.append(answer.state)


def _closed(_file: _File, _answer: Answer) -> None:
    """A handle that could not be closed is the server's to mind."""


def _judged(file: _File) -> Outcome:
    entry = file.entry
    if file.problem is not None:
        return EntryNotReady(f"{entry.shown} {file.problem}")
    if not all(is_same(entry, state) for state in file.states):
        return EntryNotReady(f"{entry.shown} has changed since it was listed")
    data = b"".join(file.pieces[offset] for offset in sorted(file.pieces))
    if len(data) != entry.size:
        return EntryNotReady(f"{entry.shown} gave {len(data)} bytes of {entry.size}")
    return data


def reason(answer: Answer) -> str:
    """Say what an answer means that is not the one hoped for. The server's own words are left out."""
    match answer.status:
        case Status.NO_SUCH_FILE:
            return "it is not there"
        case Status.PERMISSION_DENIED:
            return "permission denied"
        case Status.OP_UNSUPPORTED:
            return "the server cannot do that"
        case None:
            return f"the server answers with a packet of kind {answer.kind}"
        case code:
            return f"the server reports failure {code}"
