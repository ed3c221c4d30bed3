"""Removing files that are committed, without ever removing another one that has taken the name meanwhile.

A server removes by name, and between a look and the removal a writer may put a new file there. So a file is first
renamed to a hidden name of ours, looked at there, and only then removed; one that is not the file that was fetched gets
its name back. What a removal that was cut short has left behind is put back by `restore`, to be fetched again.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from secrets import token_hex

from resources.mailbox import Entry, check_plain
from resources.sftp import packets
from resources.sftp.fetching import is_same
from resources.sftp.packets import Answer, Request, Status
from resources.sftp.session import Session

_ASIDE = re.compile(r"\.(?P<name>.+)\.[0-9a-f]{16}\.taken", re.DOTALL)


def name_of(hidden: str) -> str | None:
    """Return the name that a hidden one stands for, None where it is none of ours."""
    found = _ASIDE.fullmatch(hidden)
    return None if found is None else found["name"]


class Removing:
    """Removes files of one folder over a session.

    Args:
        session: what they are asked for over.
        path_of: the path of a name.
        window: how many requests may be under way.
    """

    def __init__(self, session: Session, path_of: Callable[[str], str], window: int) -> None:
        self._session = session
        self._path_of = path_of
        self._window = window
        # Another file that was put aside under the same name, and could not be put back, is in nobody's way.
        self._mark = token_hex(8)

    def remove(self, entries: Iterable[Entry]) -> Iterator[tuple[Entry, bool]]:
        """Remove as many entries at once as the window has room for, and yield each with whether it is gone.

        Raises:
            EntryNotReady: an entry's name leads out of the folder.
            MailboxUnavailable: the session is lost.
        """
        remaining = iter(entries)
        while batch := list(islice(remaining, self._window)):
            yield from self._remove_batch(batch)

    def restore(self, hidden: str) -> bool:
        """Give a file that was put aside its name back; False where another file has it by now."""
        name = name_of(hidden)
        return name is not None and self._rename(hidden, name).status == Status.OK

    def _remove_batch(self, batch: Sequence[Entry]) -> Iterator[tuple[Entry, bool]]:
        there = []
        for entry, answer in self._each(batch, lambda entry: self._renaming(entry.name, self._aside(entry))):
            if answer.status == Status.OK:
                there.append(entry)
            else:
                yield entry, answer.status == Status.NO_SUCH_FILE
        ours = []
        for entry, answer in self._each(there, lambda entry: self._about(Request.LSTAT, entry)):
            if answer.state is not None and is_same(entry, answer.state):
                ours.append(entry)
            else:
                self.restore(self._aside(entry))
                yield entry, False
        for entry, answer in self._each(ours, lambda entry: self._about(Request.REMOVE, entry)):
            yield entry, answer.status in {Status.OK, Status.NO_SUCH_FILE}

    def _each(
        self, batch: Sequence[Entry], request: Callable[[Entry], Callable[[int], bytes]]
    ) -> Sequence[tuple[Entry, Answer]]:
        """Ask the same about every entry at once."""
        for entry in batch:
            check_plain(entry)
        asked = {self._session.ask(request(entry)): entry for entry in batch}
        answered = []
        while asked:
            number, answer = self._session.answer(asked)
            answered.append((asked.pop(number), answer))
        return answered

    def _rename(self, source: str, target: str) -> Answer:
        return self._session.call(self._renaming(source, target))

    def _renaming(self, source: str, target: str) -> Callable[[int], bytes]:
        # A plain RENAME, which never replaces a file.
        return lambda number: packets.renamed(number, self._path_of(source), self._path_of(target), replacing=False)

    def _about(self, kind: Request, entry: Entry) -> Callable[[int], bytes]:
        return lambda number: packets.named(kind, number, self._path_of(self._aside(entry)))

    def _aside(self, entry: Entry) -> str:
        return f".{entry.name}.{self._mark}.taken"
