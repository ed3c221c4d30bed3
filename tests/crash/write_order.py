"""Whether what a worker did survives a power cut: read from the order of its calls, since no kill can show it.

After a kill the kernel still writes what it was given. After a power cut only that is there which was synced, and a
name only where its folder was. So the order is checked: what is built upon must be on the disk first.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import PurePath

from tests.crash.strace import Call

_OPENED = re.compile(r"= \d+<(?P<path>[^>]*)>$")
_FIRST_FILE = re.compile(r"^\d+<(?P<path>[^>]*)>")
_RENAMED = re.compile(r'^(?:\d+<(?P<from_in>[^>]*)>, )?"(?P<from>[^"]*)", (?:\d+<(?P<to_in>[^>]*)>, )?"(?P<to>[^"]*)"')
_REMOVED = re.compile(r'^\d+<(?P<folder>[^>]*)>, "(?P<name>[^"]*)"')
_WAL = "-wal"
_SHARED_MEMORY = "-shm"


@dataclass
class _Disk:
    """What a power cut would take, as the calls go on; and what was wrong so far."""

    home: str
    unsynced: set[str] = field(default_factory=set)
    unsynced_names: dict[str, str] = field(default_factory=dict)
    read_since_commit: set[str] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)

    @property
    def ledger_is_unsynced(self) -> bool:
        return any(path.endswith(_WAL) for path in self.unsynced)

    def opened(self, call: Call) -> None:
        match = _OPENED.search(call.text)
        if match is None:
            return
        path = match["path"]
        if path.startswith(f"{self.home}/inbox/"):
            self.read_since_commit.add(path)
        is_shown = path.startswith((f"{self.home}/outbox/", f"{self.home}/reports/"))
        is_hidden = PurePath(path).name.startswith(".") or self._is_scratch(path)
        if is_shown and "O_CREAT" in call.text and not is_hidden:
            self.wrong.append(f"{path} is written under the name that readers look for")

    def written(self, call: Call) -> None:
        path = self._file(call)
        if path is None or path.endswith(_SHARED_MEMORY):
            return
        if path.endswith(_WAL):
            self.wrong += [f"the ledger goes on before {name} would be found" for name in self.unsynced_names]
        self.unsynced.add(path)

    def synced(self, call: Call) -> None:
        path = self._file(call)
        if path is None:
            return
        self.unsynced.discard(path)
        for name in [name for name, folder in self.unsynced_names.items() if folder == path]:
            del self.unsynced_names[name]
        if path.endswith(_WAL):
            self.read_since_commit.clear()

    def renamed(self, call: Call) -> None:
        match = _RENAMED.match(call.text)
        if match is None:
            return
        source = PurePath(match["from_in"] or "", match["from"])
        target = PurePath(match["to_in"] or "", match["to"])
        if str(source) in self.unsynced:
            self.wrong.append(f"{target} is named before its bytes are on the disk")
        self.unsynced.discard(str(source))
        self.unsynced_names[str(target)] = str(target.parent)

    def removed(self, call: Call) -> None:
        match = _REMOVED.match(call.text)
        if match is None or not match["folder"].startswith(f"{self.home}/inbox/"):
            return
        path = f"{match['folder']}/{match['name']}"
        if self.ledger_is_unsynced or path in self.read_since_commit:
            self.wrong.append(f"{path} is removed before the ledger has it on the disk")

    def sent(self, _call: Call) -> None:
        if self.ledger_is_unsynced:
            self.wrong.append("an order leaves before its mark is on the disk")
        self.wrong += [f"an order leaves before {path} is on the disk" for path in self._at_risk()]

    def ended(self) -> None:
        self.wrong += [f"{path} was never synced" for path in self._at_risk()]

    def _at_risk(self) -> list[str]:
        """Give the files beside the database that a power cut would take, whole or in part."""
        ours = (path for path in self.unsynced if path.startswith(self.home) and "ledger.sqlite3" not in path)
        return [*(path for path in ours if not self._is_scratch(path)), *self.unsynced_names]

    def _is_scratch(self, path: str) -> bool:
        """Tell whether a file lies in a hidden folder: what is there is nobody's once its process has ended."""
        return any(folder.startswith(".") for folder in PurePath(path.removeprefix(self.home)).parts[:-1])

    def _file(self, call: Call) -> str | None:
        match = _FIRST_FILE.match(call.text)
        return None if match is None else match["path"]


def wrong_order(calls: Iterable[Call], home: str) -> list[str]:
    """Give what a power cut could undo although something already relied on it."""
    disk = _Disk(home)
    steps = {
        "openat": disk.opened,
        "write": disk.written,
        "pwrite64": disk.written,
        "ftruncate": disk.written,
        "fsync": disk.synced,
        "fdatasync": disk.synced,
        "rename": disk.renamed,
        "renameat": disk.renamed,
        "renameat2": disk.renamed,
        "unlinkat": disk.removed,
        "sendto": disk.sent,
    }
    for call in calls:
        step = steps.get(call.name)
        if step is not None:
            step(call)
    disk.ended()
    return disk.wrong
