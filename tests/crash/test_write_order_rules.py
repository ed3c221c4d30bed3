"""What the check of the order of writing takes for wrong, on calls written by hand."""

import pytest

from tests.crash.strace import Call
from tests.crash.write_order import wrong_order

WAL = "6</home/ledger.sqlite3-wal>"
INBOX = "8</home/inbox/cxml>"
OUTBOX = "8</home/outbox/bc-updates>"
READ = ("openat", f'{INBOX}, "a.xml", O_RDONLY) = 9</home/inbox/cxml/a.xml>')
REMOVED = ("unlinkat", f'{INBOX}, "a.xml", 0) = 0')
COMMITTED = [("pwrite64", f'{WAL}, "", 24, 0) = 24'), ("fdatasync", f"{WAL}) = 0")]
CREATED = ("openat", f'{OUTBOX}, ".u.json.part", O_WRONLY|O_CREAT, 0600) = 9</home/outbox/bc-updates/.u.json.part>')
WRITTEN = ("write", '9</home/outbox/bc-updates/.u.json.part>, "{}", 2) = 2')
SYNCED = ("fsync", "9</home/outbox/bc-updates/.u.json.part>) = 0")
NAMED = ("renameat", f'{OUTBOX}, ".u.json.part", {OUTBOX}, "u.json") = 0')
FOLDER_SYNCED = ("fsync", f"{OUTBOX}) = 0")
SENT = ("sendto", '10<socket:[1]>, "POST", 4, 0, NULL, 0) = 4')

RIGHT = {
    "a file is removed when it is committed": [READ, *COMMITTED, REMOVED],
    "an order leaves when its mark is synced": [*COMMITTED, SENT],
    "rows lie meanwhile where no reader looks": [
        ("openat", 'AT_FDCWD</home>, "rows", O_WRONLY|O_CREAT, 0600) = 9</home/reports/.workbook-x/rows>'),
        ("write", '9</home/reports/.workbook-x/rows>, "{}", 2) = 2'),
    ],
    "a delivery is noted when it would be found": [CREATED, WRITTEN, SYNCED, NAMED, FOLDER_SYNCED, *COMMITTED],
}
WRONG = {
    "removed before any commit": ([READ, REMOVED], "is removed before the ledger has it"),
    "removed before the commit is synced": ([READ, COMMITTED[0], REMOVED], "is removed before the ledger has it"),
    "removed after an earlier file's commit": ([*COMMITTED, READ, REMOVED], "is removed before the ledger has it"),
    "sent before the mark is synced": ([COMMITTED[0], SENT], "leaves before its mark"),
    "sent before a note of it would be found": ([CREATED, WRITTEN, SYNCED, NAMED, SENT, FOLDER_SYNCED], "before /home"),
    "named before its bytes": ([CREATED, WRITTEN, NAMED, FOLDER_SYNCED], "is named before its bytes"),
    "noted before its name": ([CREATED, WRITTEN, SYNCED, NAMED, *COMMITTED, FOLDER_SYNCED], "the ledger goes on"),
    "never named for good": ([CREATED, WRITTEN, SYNCED, NAMED], "was never synced"),
    "written where readers look": (
        [("openat", f'{OUTBOX}, "u.json", O_WRONLY|O_CREAT, 0600) = 9</home/outbox/bc-updates/u.json>')],
        "under the name that readers look for",
    ),
}


def found(made: list[tuple[str, str]]) -> list[str]:
    return wrong_order([Call(name, number, text) for number, (name, text) in enumerate(made, 1)], "/home")


@pytest.mark.parametrize("made", RIGHT.values(), ids=RIGHT.keys())
def test_the_right_order_passes(made: list[tuple[str, str]]) -> None:
    assert found(made) == []


@pytest.mark.parametrize(("made", "said"), WRONG.values(), ids=WRONG.keys())
def test_a_wrong_order_is_told_once(made: list[tuple[str, str]], said: str) -> None:
    assert [said in one for one in found(made)] == [True]
