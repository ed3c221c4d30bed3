"""Strategies that make any frozen record from its own annotations, with values that a reader could have read."""

import dataclasses
import types
import typing
from enum import StrEnum
from typing import Any, TypeVar

from hypothesis import strategies as st

from punchout.model.exact import Millionths
from punchout.model.moments import Micros, Moment
from punchout.model.values import Money, Number, PartId

T = TypeVar("T")

# What XML can carry: no control characters, no halves of surrogate pairs.
TEXTS = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), include_characters="\t\n\r", exclude_characters="\ufffe\uffff"),
    max_size=12,
)
WHOLE = st.integers(-(10**9), 10**9)
EXACT = st.integers(-(10**18) + 1, 10**18 - 1)
INSTANTS = st.integers(946_684_800_000_000, 4_133_980_799_999_999)

MOMENTS = st.one_of(
    st.builds(Moment, TEXTS, INSTANTS, st.none(), st.none() | st.sampled_from(("z", "naive", "bogus_offset"))),
    st.builds(Moment, TEXTS, st.none(), st.dates().map(str), st.none()),
)
# No reader returns an id without a part.
PARTS = st.builds(PartId, st.none() | TEXTS, st.none() | TEXTS).filter(lambda part: part != PartId())

_KNOWN: dict[Any, st.SearchStrategy[Any]] = {
    str: TEXTS,
    int: WHOLE,
    bool: st.booleans(),
    Millionths: EXACT,
    Micros: INSTANTS,
    Moment: MOMENTS,
    PartId: PARTS,
    Number: st.builds(Number, TEXTS, EXACT),
    Money: st.builds(Money, TEXTS, EXACT, st.none() | TEXTS),
}


def records(record: type[T], **fixed: st.SearchStrategy[Any]) -> st.SearchStrategy[T]:
    """Make records of a class; fields named in `fixed` come from there."""
    hints = typing.get_type_hints(record, include_extras=True)
    fields = {field.name: fixed.get(field.name) or _of(hints[field.name]) for field in dataclasses.fields(record)}  # type: ignore[arg-type]
    return st.builds(record, **fields)


def _of(hint: Any) -> st.SearchStrategy[Any]:  # noqa: ANN401 - annotations are of any type
    if hint in _KNOWN:
        return _KNOWN[hint]
    arguments = typing.get_args(hint)
    match typing.get_origin(hint):
        case typing.Literal:
            return st.sampled_from(arguments)
        case typing.Union | types.UnionType:
            return st.one_of(*(st.none() if one is type(None) else _of(one) for one in arguments))
        case origin if origin is tuple:
            return _numbered(st.lists(_of(arguments[0]), max_size=3))
    if issubclass(hint, StrEnum):
        return st.sampled_from(list(hint))
    return records(hint)


def _numbered(lists: st.SearchStrategy[list[Any]]) -> st.SearchStrategy[tuple[Any, ...]]:
    """Count parts that have an ordinal from 1, as readers do."""
    return lists.map(
        lambda parts: tuple(
            dataclasses.replace(part, ordinal=place) if hasattr(part, "ordinal") else part
            for place, part in enumerate(parts, 1)
        )
    )
