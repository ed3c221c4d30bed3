"""Frozen records to columns and back, derived once from the records' own field types.

A field of a plain type becomes one column; a value with its received text becomes two or more; any other small value,
and a tuple of small values, becomes one JSON column (`json_values`). A tuple of records that have an ordinal is not a
column: those are child rows, which `fact_rows` writes.
"""

import dataclasses
import json
import typing
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from functools import cache
from typing import Any

import sqlalchemy as sa

from punchout.ledger.json_values import dumps, has_ordinal, json_value, without_none
from punchout.ledger.types import Exact, Instant
from punchout.model.exact import Millionths
from punchout.model.moments import Micros, Moment
from punchout.model.values import Money, Number, OrderReference, PartId

_PLAIN: dict[Any, Callable[[], sa.types.TypeEngine[Any]]] = {
    str: sa.Text,
    int: sa.BigInteger,
    bool: sa.Boolean,
    Millionths: Exact,
    Micros: Instant,
}

# Suffixes of the columns that a value with several parts becomes, in the order of its constructor's arguments.
_COMPOSITE: dict[type, tuple[tuple[str, type[sa.types.TypeEngine[Any]]], ...]] = {
    Number: (("_text", sa.Text), ("", Exact)),
    Money: (("_text", sa.Text), ("", Exact), ("_currency", sa.Text)),
    Moment: (("_text", sa.Text), ("", Instant), ("_day", sa.Text), ("_repair", sa.Text)),
    PartId: (("_id", sa.Text), ("_aux_id", sa.Text)),
}


@dataclasses.dataclass(frozen=True, slots=True)
class FieldCodec:
    """How one field of a record is kept; `is_plain` where its one column of its name holds the value as it is."""

    name: str
    columns: tuple[tuple[str, sa.types.TypeEngine[Any], bool], ...]
    encode: Callable[[Any], tuple[Any, ...]]
    decode: Callable[[tuple[Any, ...]], Any]
    is_plain: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class RecordCodec:
    """How one class of record is kept: its columns in order, and the child tuples it has."""

    record: type
    fields: tuple[FieldCodec, ...]
    children: Mapping[str, type]

    def columns(self) -> list[sa.Column[Any]]:
        """Return fresh columns for a table."""
        return [
            sa.Column(name, kind, nullable=nullable) for field in self.fields for name, kind, nullable in field.columns
        ]

    def encode(self, record: object) -> dict[str, Any]:
        """Return the record's values by column name; children are left out."""
        row: dict[str, Any] = {}
        for field in self.fields:
            value = getattr(record, field.name)
            if field.is_plain:
                row[field.name] = value
            else:
                row.update(zip([name for name, _, _ in field.columns], field.encode(value), strict=True))
        return row

    def decode(self, row: Mapping[Any, Any], children: Mapping[str, Sequence[Any]]) -> Any:  # noqa: ANN401 - any record
        """Rebuild the record from a row and its already rebuilt children."""
        values: dict[str, Any] = {
            field.name: row[field.name] if field.is_plain else field.decode(tuple([row[c[0]] for c in field.columns]))
            for field in self.fields
        }
        values.update({name: tuple(children.get(name, ())) for name in self.children})
        return self.record(**values)


@cache
def codec_of(record: type) -> RecordCodec:
    """Derive the codec of a record class from its annotations."""
    hints = typing.get_type_hints(record, include_extras=True)
    fields: list[FieldCodec] = []
    children: dict[str, type] = {}
    for field in dataclasses.fields(record):
        hint, nullable = without_none(hints[field.name])
        element = typing.get_args(hint)[0] if typing.get_origin(hint) is tuple else None
        if element is not None and has_ordinal(element):
            children[field.name] = element
        else:
            fields.append(_single(field.name, hint, nullable=nullable))
    return RecordCodec(record, tuple(fields), children)


def _single(name: str, hint: Any, *, nullable: bool) -> FieldCodec:  # noqa: ANN401 - annotations are of any type
    if typing.get_origin(hint) is typing.Literal:
        hint = type(typing.get_args(hint)[0])
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return FieldCodec(
            name, ((name, sa.Text(), nullable),), lambda value: (value and value.value,), lambda v: v[0] and hint(v[0])
        )
    if hint in _PLAIN:
        as_it_is = ((name, _PLAIN[hint](), nullable),)
        return FieldCodec(name, as_it_is, lambda value: (value,), lambda values: values[0], is_plain=True)
    if hint is OrderReference:
        return _order_reference(name)
    if hint not in _COMPOSITE:
        return _as_json(name, hint, nullable=nullable)
    parts = _COMPOSITE[hint]
    required = not nullable
    columns = tuple(
        (name + suffix, kind(), not (required and suffix == "_text" and hint is not PartId)) for suffix, kind in parts
    )
    attributes = [part.name for part in dataclasses.fields(hint)]
    blank = (None,) * len(parts)

    def encode(value: Any) -> tuple[Any, ...]:  # noqa: ANN401 - one of the composite values
        return blank if value is None else tuple(getattr(value, attribute) for attribute in attributes)

    def decode(values: tuple[Any, ...]) -> Any:  # noqa: ANN401 - one of the composite values
        return None if nullable and values == blank else hint(*values)

    return FieldCodec(name, columns, encode, decode)


def _order_reference(name: str) -> FieldCodec:
    date = _single(f"{name}_date", Moment, nullable=True)
    columns = ((f"{name}_id", sa.Text(), True), (f"{name}_payload_id", sa.Text(), True), *date.columns)

    def encode(value: OrderReference) -> tuple[Any, ...]:
        return (value.order_id, value.payload_id, *date.encode(value.order_date))

    def decode(values: tuple[Any, ...]) -> OrderReference:
        return OrderReference(values[0], values[1], date.decode(values[2:]))

    return FieldCodec(name, columns, encode, decode)


def _as_json(name: str, hint: Any, *, nullable: bool) -> FieldCodec:  # noqa: ANN401 - annotations are of any type
    value_of = json_value(hint)

    def encode(value: Any) -> tuple[Any, ...]:  # noqa: ANN401 - a small record or a tuple of them
        return (None if value is None or value == () else dumps(value_of.encode(value)),)

    def decode(values: tuple[Any, ...]) -> Any:  # noqa: ANN401 - a small record or a tuple of them
        return (None if nullable else ()) if values[0] is None else value_of.decode(json.loads(values[0]))

    # No value and no values at all are NULL, which says the same and takes no room.
    return FieldCodec(name, ((name, sa.Text(), True),), encode, decode)
