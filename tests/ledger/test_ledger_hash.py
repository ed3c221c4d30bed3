"""The hash of a ledger's conclusions: the same on either database, whatever rows came first."""

import hashlib

import pytest
import sqlalchemy as sa

from punchout.ledger import ledger_hash as module
from punchout.ledger.ledger_hash import COVERED, ledger_hash
from punchout.ledger.sql import insert_all
from punchout.ledger.tables.projections import REQUEST_STAGE

# Languages put these in another order than their bytes do.
NUMBERS = ["pr-2", "PR10", "PR-1", "PR 1", "PRÄ1", "prz", "PR-\U0001d518"]


def stage(number: str) -> dict[str, object]:
    names = (column.name for column in REQUEST_STAGE.columns)
    return dict.fromkeys(names) | {
        "company": "C", "supplier": "A", "request_no": number, "stage": "New", "is_adopted": False
    }  # fmt: skip


def test_rows_are_taken_by_the_bytes_of_their_keys_on_either_database(ledger: sa.Engine) -> None:
    with ledger.begin() as connection:
        insert_all(connection, REQUEST_STAGE, [stage(number) for number in NUMBERS])
    expected = hashlib.sha256()
    for table in COVERED:
        expected.update(f"{table.name}\n".encode())
        if table is REQUEST_STAGE:
            for number in sorted(NUMBERS, key=lambda text: text.encode()):
                expected.update(f"{tuple(stage(number).values())!r}\n".encode())
    with ledger.connect() as connection:
        assert ledger_hash(connection) == expected.hexdigest()


def test_it_is_the_same_however_few_rows_are_read_at_once(ledger: sa.Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    with ledger.begin() as connection:
        insert_all(connection, REQUEST_STAGE, [stage(number) for number in NUMBERS])
    found = set()
    for rows_at_once in (1, 2, 1_000):
        monkeypatch.setattr(module, "_ROWS_AT_ONCE", rows_at_once)
        with ledger.connect() as connection:
            found.add(ledger_hash(connection))
    assert len(found) == 1
