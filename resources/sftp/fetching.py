"""Fetching many files at once: requests for up to a window of files are under way over one channel.

A file costs two round trips: open; then read, look and close, all asked for at once. Those of a window overlap, so that
a far server costs little more than a near one. A server answers what concerns one file as if it did one thing after
the other (draft-ietf-secsh-filexfer-02, section 6.1), so the look tells of the open file as it was after its last byte
was read, and the listing told of it before the first. What is read counts only if the file has the size and time of the
listing, and gave that many bytes and no more.

A server that gives less at a time than every server must, or that closes before it has read, is asked patiently: for
nothing before the answer that it depends on.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sized
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
    """A file on its way. `outcome` is there when nothing of it is under way any more.

    Attributes:
        is_hurried: it is read, looked at and closed at once, not in three steps.
    """

    entry: Entry
    path: str
    is_hurried: bool
    handle: bytes | None = None
    steps_done: int = 0
    state: FileState | None = None
    pieces: dict[int, bytes] = field(default_factory=dict)
    waiting: int = 0
    problem: str | None = None
    outcome: Outcome | None = None

    @property
    def reads(self) -> int:
        """How many reads it takes: the last of them reaches behind the end, where nothing should be."""
        return self.entry.size // READ_LENGTH + 1

    @property
    def length(self) -> int:
        """How many bytes it has given."""
        return sum(map(len, self.pieces.values()))

    @property
    def has_changed(self) -> bool:
        """Whether it is not any more what was listed."""
        return self.state is not None and not is_same(self.entry, self.state)


_Act: TypeAlias = Callable[[_File, Answer], None]


class Fetching:
    """Fetches files of one folder over a session.

    Args:
        session: what they are asked for over.
        path_of: the path of a name.
        window: how many files may be under way; with 1, each is asked for patiently.
    """

    def __init__(self, session: Session, path_of: Callable[[str], str], window: int) -> None:
        self._session = session
        self._path_of = path_of
        self._window = window
        self._is_hurried = window > 1
        self._reads = 0
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
                yield from self._finished(under_way)
            under_way.append(self._started(entry, max_bytes))
            yield from self._finished(under_way)
        while under_way:
            self._advance()
            yield from self._finished(under_way)

    def _is_full(self, under_way: Sized) -> bool:
        """Tell whether no more should be asked for now; the first of those under way is never a finished one."""
        return len(under_way) >= self._window or self._reads > self._window + _READS_AT_ONCE

    def _finished(self, under_way: deque[_File]) -> Iterator[tuple[Entry, Outcome]]:
        while under_way and (outcome := under_way[0].outcome) is not None:
            file = under_way.popleft()
            self._reads -= file.reads
            yield file.entry, outcome

    def _started(self, entry: Entry, max_bytes: int) -> _File:
        file = _File(entry, self._path_of(entry.name), self._is_hurried)
        self._reads += file.reads
        if not is_plain(entry.name):
            file.outcome = EntryNotReady(f"{entry.shown} is not the name of an entry")
        elif entry.size > max_bytes:
            file.outcome = EntryTooLarge(f"{entry.shown} has {entry.size} bytes, more than {max_bytes}")
        else:
            self._open(file)
        return file

    def _advance(self) -> None:
        number, answer = self._session.answer(self._waiting)
        file, act = self._waiting.pop(number)
        file.waiting -= 1
        act(file, answer)
        if not file.waiting:
            self._go_on(file)

    def _go_on(self, file: _File) -> None:
        steps = (self._read, self._look, self._close)
        while file.handle is not None and (file.is_hurried or not file.waiting):
            step = steps[file.steps_done]
            file.steps_done += 1
            step(file, file.handle)
        if file.waiting:
            return
        if file.is_hurried and _is_misread(file):
            self._again(file)
            return
        file.outcome = _judged(file)
        if isinstance(file.outcome, bytes) and not file.is_hurried:
            # It was the haste, and not this file.
            self._is_hurried = False

    def _open(self, file: _File) -> None:
        self._ask(file, _opened, lambda number: packets.opened(number, file.path, Opening.READ))

    def _read(self, file: _File, handle: bytes) -> None:
        end = file.entry.size + 1
        for offset in range(0, end, READ_LENGTH):
            self._read_piece(file, handle, offset, min(READ_LENGTH, end - offset))

    def _read_piece(self, file: _File, handle: bytes, offset: int, length: int) -> None:
        def given(file: _File, answer: Answer) -> None:
            if answer.kind == Kind.DATA:
                file.pieces[offset] = answer.data
                # Some servers give less at a time than every server must.
                following = offset + len(answer.data)
                if offset < following < min(offset + length, file.entry.size) and not file.is_hurried:
                    self._read_piece(file, handle, following, offset + length - following)
            elif answer.status != Status.EOF:
                file.problem = f"cannot be read: {reason(answer)}"

        self._ask(file, given, lambda number: packets.read(number, handle, offset, length))

    def _look(self, file: _File, handle: bytes) -> None:
        self._ask(file, _looked, lambda number: packets.handled(Request.FSTAT, number, handle))

    def _close(self, file: _File, handle: bytes) -> None:
        file.handle = None
        self._ask(file, _closed, lambda number: packets.handled(Request.CLOSE, number, handle))

    def _again(self, file: _File) -> None:
        file.is_hurried = False
        file.steps_done = 0
        file.state = file.problem = None
        file.pieces.clear()
        self._open(file)

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


def _opened(file: _File, answer: Answer) -> None:
    if answer.kind == Kind.HANDLE:
        file.handle = answer.handle
    else:
        file.problem = f"cannot be read: {reason(answer)}"


def _looked(file: _File, answer: Answer) -> None:
    if answer.state is None:
        file.problem = f"cannot be looked at: {reason(answer)}"
    else:
        file.state = answer.state


def _closed(_file: _File, _answer: Answer) -> None:
    """A handle that could not be closed is the server's to mind."""


def _is_misread(file: _File) -> bool:
    """Tell whether a server that was asked for all at once may have given less of a file than there is."""
    is_short = file.problem is not None or file.length < file.entry.size
    return file.steps_done > 0 and not file.has_changed and is_short


def _judged(file: _File) -> Outcome:
    entry = file.entry
    if file.problem is not None:
        return EntryNotReady(f"{entry.shown} {file.problem}")
    if file.has_changed:
        return EntryNotReady(f"{entry.shown} has changed since it was listed")
    if file.length != entry.size:
        return EntryNotReady(f"{entry.shown} gave {file.length} bytes of {entry.size}")
    return b"".join(file.pieces[offset] for offset in sorted(file.pieces))


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
