"""Small values inside one JSON column: frozen records and tuples of them to JSON and back, exactly.

A record becomes the list of its fields, so that a column holds no names; how a value is read back follows from the
annotations. What becomes columns of its own is decided in `codec`.
"""

import dataclasses
import json
import types
import typing
from collections.abc import Callable
from enum import StrEnum
from functools import cache
from typing import Any, Final, TypeAlias

from punchout.model.making import maker

Convert: TypeAlias = Callable[[Any], Any]

_PLAIN = (str, int, bool)


@dataclasses.dataclass(frozen=True, slots=True)
class JsonValue:
    """How values of one annotation are turned into what JSON knows, and back."""

    encode: Convert
    decode: Convert


@cache
def json_value(hint: Any) -> JsonValue:  # noqa: ANN401 - annotations are of any type
    """Derive how values of an annotation are kept.

    Raises:
        TypeError: they are neither text, whole numbers or truth values, nor records or tuples of such.
    """
    hint, is_optional = without_none(hint)
    if typing.get_origin(hint) is typing.Annotated:
        hint = typing.get_args(hint)[0]
    if hint in _PLAIN:
        return JsonValue(_same, _same)
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return JsonValue(lambda value: value.value, hint)
    if typing.get_origin(hint) is tuple:
        return _tuple(json_value(typing.get_args(hint)[0]))
    if dataclasses.is_dataclass(hint) and not has_ordinal(hint):
        return _record(hint, is_optional=is_optional)
    raise TypeError(f"no way to keep values of {hint} as JSON")


dumps: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
"""Write JSON without blanks; text stays as it is."""


def has_ordinal(hint: Any) -> bool:  # noqa: ANN401 - annotations are of any type
    """Tell whether an annotation is a class of numbered records, each of which is a row of its own."""
    return dataclasses.is_dataclass(hint) and any(field.name == "ordinal" for field in dataclasses.fields(hint))


def without_none(hint: Any) -> tuple[Any, bool]:  # noqa: ANN401 - annotations are of any type
    """Take `None` out of an annotation, and tell whether it was in."""
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        kept = [part for part in typing.get_args(hint) if part is not type(None)]
        return kept[0], True
    return hint, False


def _same(value: Any) -> Any:  # noqa: ANN401 - a plain value
    return value


def _tuple(part: JsonValue) -> JsonValue:
    return JsonValue(
        lambda value: [part.encode(each) for each in value], lambda kept: tuple([part.decode(each) for each in kept])
    )


def _record(record: Any, *, is_optional: bool) -> JsonValue:  # noqa: ANN401 - a dataclass
    hints = typing.get_type_hints(record, include_extras=True)
    parts = [(field.name, json_value(hints[field.name])) for field in dataclasses.fields(record)]
    make = maker(record)

    def encode(value: Any) -> Any:  # noqa: ANN401 - one of the records
        if value is None and is_optional:
            return None
        return [part.encode(getattr(value, name)) for name, part in parts]

    def decode(kept: Any) -> Any:  # noqa: ANN401 - what JSON gave
        if kept is None and is_optional:
            return None
        return make(*[part.decode(each) for (_, part), each in zip(parts, kept, strict=True)])

    return JsonValue(encode, decode)
