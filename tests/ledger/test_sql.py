"""Rows as the drivers take them, and keys as one text: nothing is changed on the way, on either database."""

from collections.abc import Sequence
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.dialects.postgresql import psycopg
from sqlalchemy.dialects.sqlite import pysqlite

from punchout.ledger.sql import insert_all, key_in
from punchout.ledger.tables.base import METADATA
from punchout.ledger.tables.facts import DOCUMENT

# Both databases refuse NUL in text, and neither takes half a surrogate pair.
TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=8)
IDS = st.integers(1, 2**63 - 1)


@pytest.mark.parametrize("table", METADATA.tables.values(), ids=METADATA.tables)
@pytest.mark.parametrize("dialect", [pysqlite.dialect, psycopg.dialect], ids=["sqlite", "postgresql"])
def test_no_value_of_a_column_is_written_otherwise_than_it_is(table: sa.Table, dialect: type[sa.Dialect]) -> None:
    plain = dialect()
    changed = [
        column.name
        for column in table.columns
        if (change := column.type.dialect_impl(plain).bind_processor(plain)) is not None
        and any(change(value) != value for value in samples(column.type))
    ]
    assert changed == []


def test_no_column_has_a_default_that_only_sqlalchemy_knows() -> None:
    assert [str(c) for table in METADATA.tables.values() for c in table.columns if c.default or c.onupdate] == []


def test_what_is_inserted_stands_there_whatever_the_order_of_its_columns(ledger: sa.Engine) -> None:
    with ledger.begin() as connection:
        insert_all(connection, DOCUMENT, [a_document("%s", b"\0'"), dict(reversed(a_document("ü?:x", b"").items()))])
        found = connection.execute(sa.select(DOCUMENT).order_by(DOCUMENT.c.id)).mappings().all()
    assert [(row["received_sha256"], row["body"], row["size"]) for row in found] == [
        ("%s", b"\0'", 7),
        ("ü?:x", b"", 7),
    ]
    assert [row["reading"] for row in found] == [1, 1]


def test_no_key_matches_nothing(ledger: sa.Engine) -> None:
    with ledger.begin() as connection:
        insert_all(connection, DOCUMENT, [a_document("x", b"")])
        assert connection.execute(sa.select(DOCUMENT.c.id).where(key_in([DOCUMENT.c.id], []))).all() == []


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sets(st.tuples(IDS, TEXTS), min_size=1, max_size=20), st.data())
def test_exactly_the_rows_of_the_given_keys_are_found(
    ledger: sa.Engine, there: set[tuple[int, str]], data: st.DataObject
) -> None:
    wanted = data.draw(st.sets(st.one_of(st.sampled_from(sorted(there)), st.tuples(IDS, TEXTS)), max_size=20))
    with ledger.connect() as connection:
        connection.exec_driver_sql("CREATE TEMPORARY TABLE keyed (id BIGINT, value TEXT)")
        keyed = sa.table("keyed", sa.column("id", sa.BigInteger), sa.column("value", sa.Text))
        connection.execute(sa.insert(keyed), [{"id": number, "value": text} for number, text in sorted(there)])
        found = connection.execute(sa.select(keyed).where(key_in([keyed.c.id, keyed.c.value], sorted(wanted)))).all()
        connection.exec_driver_sql("DROP TABLE keyed")
        connection.rollback()
    assert {tuple(row) for row in found} == there & wanted


def a_document(sha256: str, body: bytes) -> dict[str, Any]:
    """Give the values of a document."""
    account = {"company": "C", "supplier": "S", "content": "cxml"}
    return account | {
        "received_sha256": sha256,
        "stored_sha256": sha256,
        "size": 7,
        "codec": "zlib",
        "body": body,
        "received_at": 1,
    }


def samples(kind: sa.types.TypeEngine[Any]) -> Sequence[Any]:
    """Give values of a column's type."""
    return {bool: (True, False), int: (0, -1, 2**63 - 1), str: ("", "ü%?"), bytes: (b"", b"\0")}[kind.python_type]
