"""The codec: what is written of a record is what is read back, for every class of record there is a table for."""

import dataclasses
from itertools import count
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cxml_parsers.reader import KINDS, ReadingRules, read
from punchout.ledger.codec import codec_of
from punchout.ledger.documents.receive import Arrival, receive
from punchout.ledger.fact_rows import (
    BC_ORDER,
    BC_REQUEST,
    CXML_KINDS,
    CXML_TREES,
    FactTree,
    add_rows,
    insert_rows,
    load,
)
from punchout.ledger.json_values import json_value
from punchout.ledger.tables.base import METADATA
from punchout.model.documents import CartLine
from punchout.model.exact import ONE
from punchout.model.order_documents import Distribution, Location, OrderRequest, OrderRequestLine
from punchout.model.orders import (
    OrderedLine,
    OrderQueued,
    SendHeld,
    SendLapsed,
    SendMarked,
    SendReleased,
    SendResolved,
    SendResult,
    SendWithheld,
)
from punchout.model.values import Number, PartId
from punchout.reconciliation.results import LinePosition, Link, TimelineEvent, VersionState
from tests.cxml_parsers.documents import FULL_DOCUMENTS
from tests.support.effort import examples
from tests.support.purchases import ACCOUNT
from tests.support.records import records

TREES = [*CXML_TREES.values(), BC_REQUEST, BC_ORDER]
OUTBOUND = [
    OrderQueued, OrderedLine, SendHeld, SendLapsed, SendMarked, SendReleased, SendResolved, SendResult, SendWithheld
]  # fmt: skip
# There are no tables for these; their small values are of kinds that others may get.
WITHOUT_TABLES = [OrderRequest, OrderRequestLine, Distribution]
RESULTS = [LinePosition, Link, TimelineEvent, VersionState]


def of_tree(tree: FactTree) -> list[type]:
    return [tree.record, *(record for child in tree.children.values() for record in of_tree(child))]


RECORDS = [*(record for tree in TREES for record in of_tree(tree)), *OUTBOUND, *WITHOUT_TABLES, *RESULTS]


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.__name__)
@examples(15, nightly=1000)
@given(data=st.data())
def test_a_record_is_read_back_as_it_was_written(record: type, data: st.DataObject) -> None:
    codec = codec_of(record)
    written = data.draw(records(record))
    children = {name: getattr(written, name) for name in codec.children}
    assert codec.decode(codec.encode(written), children) == written


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.__name__)
def test_every_field_is_a_column_or_a_child(record: type) -> None:
    codec = codec_of(record)
    kept = {field.name for field in codec.fields} | set(codec.children)
    assert kept == {field.name for field in dataclasses.fields(record)}


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.__name__)
def test_no_two_fields_share_a_column(record: type) -> None:
    names = [column.name for column in codec_of(record).columns()]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("tree", TREES, ids=lambda tree: tree.record.__name__)
def test_every_child_of_a_record_has_a_table(tree: FactTree) -> None:
    assert set(codec_of(tree.record).children) == set(tree.children)


def test_a_part_id_that_must_be_there_is_kept_without_parts() -> None:
    line = CartLine(ordinal=1, quantity=Number("1", ONE), part=PartId())
    assert codec_of(CartLine).decode(codec_of(CartLine).encode(line), {}) == line


def test_a_record_inside_a_record_is_one_column() -> None:
    ship_to = Location(name="Ann", street=("1 Main St", "Floor 2"))
    line = OrderRequestLine(ordinal=1, quantity=Number("1", ONE), part=PartId(), ship_to=ship_to)
    row = codec_of(OrderRequestLine).encode(line)
    assert row["ship_to"] == '[null,null,"Ann",[],["1 Main St","Floor 2"],null,null,null,null,null,null]'
    assert codec_of(OrderRequestLine).decode(row, {}).ship_to == ship_to


def test_a_value_that_json_cannot_hold_is_refused_when_the_codec_is_made() -> None:
    with pytest.raises(TypeError, match="float"):
        json_value(tuple[float, ...])


_names = count(1)


@pytest.mark.parametrize("tree", TREES, ids=lambda tree: tree.record.__name__)
@settings(parent=examples(8, nightly=200), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_whole_document_comes_back_from_its_tables(ledger: sa.Engine, tree: FactTree, data: st.DataObject) -> None:
    written = data.draw(records(tree.record))
    with ledger.begin() as connection:
        document = _document(connection)
        key = (document,) if len(tree.key_names) == 1 else (document, 1)
        extra = {"company": "C", "supplier": "S", "version": 1, "row_sha256": str(document)} if len(key) > 1 else None
        rows: dict[sa.Table, list[dict[str, Any]]] = {}
        add_rows(rows, tree, key, written, extra)
        insert_rows(connection, rows)
        assert load(connection, tree, [document]) == {key: written}


FULL_OF_KIND = {name: data for name, data in FULL_DOCUMENTS.items() if read(data).envelope.kind in CXML_KINDS}


@pytest.mark.parametrize("name", FULL_OF_KIND)
def test_a_document_that_states_every_field_loses_none_in_its_tables(ledger: sa.Engine, name: str) -> None:
    body = read(FULL_OF_KIND[name], ReadingRules(kinds=CXML_KINDS)).body
    assert body is not None
    with ledger.begin() as connection:
        key = (_document(connection),)
        rows: dict[sa.Table, list[dict[str, Any]]] = {}
        add_rows(rows, CXML_TREES[type(body)], key, body)
        insert_rows(connection, rows)
        assert load(connection, CXML_TREES[type(body)], key) == {key: body}


def test_every_kind_that_is_taken_has_a_table_and_every_table_a_kind() -> None:
    assert CXML_KINDS < KINDS
    assert {type(read(data).body) for data in FULL_OF_KIND.values()} == set(CXML_TREES)


def _document(connection: sa.Connection) -> int:
    receive(connection, [Arrival(ACCOUNT, "cxml", "cxml", "a", b"<%d/>" % next(_names))], 1)
    newest: int = connection.execute(sa.select(sa.func.max(METADATA.tables["document"].c.id))).scalar_one()
    return newest
