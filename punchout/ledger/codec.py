"""Frozen records to columns and back, derived once from the records' own field types.

A field of a plain type becomes one column; a value with its received text becomes two or more; any other small value,
and a tuple of small values, becomes one JSON column (`json_values`). A tuple of records that have an ordinal is not a
column: those are child rows, which `fact_rows` writes. Both ways are worked out once a class, as a function: a sync
does little else as often.
"""

import dataclasses
import json
import typing
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from functools import cache
from operator import attrgetter
from typing import Any

import sqlalchemy as sa

from punchout.ledger.json_values import dumps, has_ordinal, json_value, without_none
from punchout.ledger.types import Exact, Instant
from punchout.model.exact import Millionths
from punchout.model.making import compiled, maker
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

_parts_of_moment = attrgetter(*[part.name for part in dataclasses.fields(Moment)])


@dataclasses.dataclass(frozen=True, slots=True)
class FieldCodec:
    """How one field of a record is kept.

    Attributes:
        name: the field's.
        columns: name, type and whether it may be NULL, of each column.
        encode: a value that is there to what stands in its columns; None where its one column holds it as it is.
        decode: what stands in its columns to the value.
        absent: the value where all of its columns are NULL.
    """

    name: str
    columns: tuple[tuple[str, sa.types.TypeEngine[Any], bool], ...]
    encode: Callable[[Any], tuple[Any, ...]] | None = None
    decode: Callable[..., Any] | None = None
    absent: Any = None


@dataclasses.dataclass(frozen=True, slots=True)
class RecordCodec:
    """How one class of record is kept.

    Attributes:
        record: the class.
        fields: its fields that are kept in columns, in order.
        children: the class of the records in each of its other fields.
        names: of its columns, in order.
        encode: a record to its values by column name; children are left out.
        rebuild: what stands in its columns, in order, and its already rebuilt children by field, to the record.
    """

    record: type
    fields: tuple[FieldCodec, ...]
    children: Mapping[str, type]
    names: tuple[str, ...]
    encode: Callable[[Any], dict[str, Any]]
    rebuild: Callable[[Sequence[Any], Mapping[str, Sequence[Any]]], Any]

    def columns(self) -> list[sa.Column[Any]]:
        """Return fresh columns for a table."""
        return [
            sa.Column(name, kind, nullable=nullable) for field in self.fields for name, kind, nullable in field.columns
        ]

    def decode(self, row: Mapping[Any, Any], children: Mapping[str, Sequence[Any]]) -> Any:  # noqa: ANN401 - any record
        """Rebuild the record from a row and its already rebuilt children."""
        return self.rebuild([row[name] for name in self.names], children)


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
    names = tuple(name for field in fields for name, _, _ in field.columns)
    return RecordCodec(record, tuple(fields), children, names, _encoder(fields), _decoder(record, fields))


def _encoder(fields: Sequence[FieldCodec]) -> Callable[[Any], dict[str, Any]]:
    lines, entries, space = [], [], dict[str, Any]()
    for at, field in enumerate(fields):
        values = [f"value_{at}_{part}" for part in range(len(field.columns))]
        if field.encode is None:
            values = [f"record.{field.name}"]
        else:
            space[f"encode_{at}"], space[f"blank_{at}"] = field.encode, (None,) * len(values)
            lines.append(f"value = record.{field.name}")
            lines.append(f"{', '.join(values)}, = encode_{at}(value) if value else blank_{at}")
        entries += [f"{name!r}: {value}" for (name, _, _), value in zip(field.columns, values, strict=True)]
    return compiled("record", [*lines, f"return {{{', '.join(entries)}}}"], space)


def _decoder(record: type, fields: Sequence[FieldCodec]) -> Callable[[Sequence[Any], Mapping[str, Sequence[Any]]], Any]:
    space: dict[str, Any] = {"make": maker(record)}
    names: list[str] = []
    # What no column holds is children.
    arguments = {field.name: f"tuple(children.get({field.name!r}, ()))" for field in dataclasses.fields(record)}
    for at, field in enumerate(fields):
        values = [f"value_{at}_{part}" for part in range(len(field.columns))]
        names += values
        arguments[field.name] = values[0]
        if field.decode is not None:
            space[f"decode_{at}"], space[f"absent_{at}"] = field.decode, field.absent
            is_absent = " and ".join(f"{value} is None" for value in values)
            arguments[field.name] = f"absent_{at} if {is_absent} else decode_{at}({', '.join(values)})"
    unpacked = f"{', '.join(names)}, = values" if names else "pass"
    return compiled("values, children", [unpacked, f"return make({', '.join(arguments.values())})"], space)


def _single(name: str, hint: Any, *, nullable: bool) -> FieldCodec:  # noqa: ANN401 - annotations are of any type
    if typing.get_origin(hint) is typing.Literal:
        hint = type(typing.get_args(hint)[0])
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return FieldCodec(name, ((name, sa.Text(), nullable),), lambda value: (value.value,), hint)
    if hint in _PLAIN:
        return FieldCodec(name, ((name, _PLAIN[hint](), nullable),))
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
    return FieldCodec(
        name,
        columns,
        attrgetter(*attributes),
        maker(hint),
        None if nullable else hint(*[None] * len(attributes)),
    )


def _order_reference(name: str) -> FieldCodec:
    date = _single(f"{name}_date", Moment, nullable=True)
    columns = ((f"{name}_id", sa.Text(), True), (f"{name}_payload_id", sa.Text(), True), *date.columns)
    blank = (None,) * len(date.columns)

    def encode(value: OrderReference) -> tuple[Any, ...]:
        stated = value.order_date
        return (value.order_id, value.payload_id, *(blank if stated is None else _parts_of_moment(stated)))

    def decode(order_id: str | None, payload_id: str | None, *date: Any) -> OrderReference:  # noqa: ANN401 - columns
        return OrderReference(order_id, payload_id, None if date == blank else Moment(*date))

    return FieldCodec(name, columns, encode, decode, OrderReference())


def _as_json(name: str, hint: Any, *, nullable: bool) -> FieldCodec:  # noqa: ANN401 - annotations are of any type
    value_of = json_value(hint)

    def encode(value: Any) -> tuple[Any, ...]:  # noqa: ANN401 - a small record or a tuple of them
        return (dumps(value_of.encode(value)),)

    def decode(kept: str) -> Any:  # noqa: ANN401 - a small record or a tuple of them
        return value_of.decode(json.loads(kept))

    # No value and no values at all are NULL, which says the same and takes no room.
    return FieldCodec(name, ((name, sa.Text(), True),), encode, decode, None if nullable else ())
