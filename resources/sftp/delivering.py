"""Delivering a file: written under a hidden name, made durable, looked at, and only then given its name."""

from collections.abc import Callable

from resources.mailbox import MailboxUnavailable
from resources.sftp import packets
from resources.sftp.fetching import reason
from resources.sftp.packets import FSYNC, POSIX_RENAME, Answer, Kind, Opening, Request, Status
from resources.sftp.session import Session

_WRITE_LENGTH = 32 * 1024
_WRITES_AT_ONCE = 32
_NEW = Opening.WRITE | Opening.CREATE | Opening.TRUNCATE


def deliver(session: Session, unfinished: str, path: str, data: bytes) -> None:
    """Put a file at a path, whole or not at all; one that is there is replaced.

    Raises:
        MailboxUnavailable: it cannot be written, or the session is lost.
    """
    opened = session.call(lambda number: packets.opened(number, unfinished, _NEW))
    if opened.kind != Kind.HANDLE:
        raise _failed(path, opened)
    answers = _written(session, opened.handle, data)
    if FSYNC in session.extensions:
        answers.append(session.call(lambda number: packets.synced(number, opened.handle)))
    answers.append(session.call(lambda number: packets.handled(Request.CLOSE, number, opened.handle)))
    for answer in answers:
        _expect(path, answer)
    looked = session.call(lambda number: packets.named(Request.LSTAT, number, unfinished))
    if looked.state is None or looked.state.size != len(data):
        raise MailboxUnavailable(f"{path} did not arrive whole")
    _rename(session, unfinished, path)


def _written(session: Session, handle: bytes, data: bytes) -> list[Answer]:
    """Write all of it, some blocks at once, and return what the server said to each."""
    answers: list[Answer] = []
    waiting: set[int] = set()
    for offset in range(0, len(data), _WRITE_LENGTH):
        waiting.add(session.ask(_writing(handle, offset, data[offset : offset + _WRITE_LENGTH])))
        if len(waiting) == _WRITES_AT_ONCE:
            answers.append(_taken(session, waiting))
    while waiting:
        answers.append(_taken(session, waiting))
    return answers


def _taken(session: Session, waiting: set[int]) -> Answer:
    number, answer = session.answer(waiting)
    waiting.remove(number)
    return answer


def _rename(session: Session, unfinished: str, path: str) -> None:
    if POSIX_RENAME in session.extensions:
        _expect(path, session.call(lambda number: packets.renamed(number, unfinished, path, replacing=True)))
        return
    # Without it a name cannot be taken over in one step. For a moment there is no file of that name; never half of one.
    session.call(lambda number: packets.named(Request.REMOVE, number, path))
    _expect(path, session.call(lambda number: packets.renamed(number, unfinished, path, replacing=False)))


def _writing(handle: bytes, offset: int, data: bytes) -> Callable[[int], bytes]:
    return lambda number: packets.written(number, handle, offset, data)


def _expect(path: str, answer: Answer) -> None:
    if answer.status != Status.OK:
        raise _failed(path, answer)


def _failed(path: str, answer: Answer) -> MailboxUnavailable:
    return MailboxUnavailable(f"{path} cannot be written: {reason(answer)}")
