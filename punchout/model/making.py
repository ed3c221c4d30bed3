"""Frozen records made quickly, from values in the order of their fields.

A frozen dataclass sets each field through `object.__setattr__`, which for wide records costs more than reading what
stands in them, be that a document or a row. Here the fields of an open twin are set, and the twin then becomes the
record: the same class, equal and as frozen as one that was made by its constructor. Which values go in is decided by
the caller.
"""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, TypeAlias

Derived: TypeAlias = Mapping[str, tuple[str, Callable[[Any], Any]]]
"""Field to the field that it is computed from, and how, where that one is there."""


@cache
def maker(record: type) -> Callable[..., Any]:
    """Return a function that makes a `record` from all of its fields, by position; nothing has a default."""
    names = [field.name for field in dataclasses.fields(record)]
    return _compiled(record, f"{', '.join(names)}", [f"made.{name} = {name}" for name in names], {})


def collector(record: type, defaults: Mapping[str, Any], derived: Derived) -> Callable[[list[Any]], Any]:
    """Return a function that makes a `record` from a list with a value for each field, None where none was read.

    A field whose own default is the empty tuple takes a list of what was collected.
    """
    lines, space = [], {f"default_{name}": value for name, value in defaults.items()}
    for at, field in enumerate(dataclasses.fields(record)):
        value = f"values[{at}]"
        if field.default == ():
            value = f"tuple({value}) if {value} else ()"
        elif field.name in defaults:
            value = f"default_{field.name} if {value} is None else {value}"
        lines.append(f"made.{field.name} = {value}")
    for name, (source, how) in derived.items():
        space[f"derive_{name}"] = how
        lines.append(f"if made.{source}: made.{name} = derive_{name}(made.{source})")
    return _compiled(record, "values", lines, space)


def _compiled(record: type, parameters: str, lines: list[str], space: dict[str, Any]) -> Callable[..., Any]:
    names = tuple(field.name for field in dataclasses.fields(record))
    space |= {"twin": type(f"Open{record.__name__}", (), {"__slots__": names}), "record": record}
    return compiled(parameters, ["made = twin()", *lines, "made.__class__ = record", "return made"], space)


def compiled(parameters: str, lines: Sequence[str], space: dict[str, Any]) -> Callable[..., Any]:
    """Return a function of some statements, made of names in `space` and of names of fields alone."""
    exec("\n    ".join([f"def made({parameters}):", *lines]), space)  # noqa: S102 - as dataclasses make their own methods
    made: Callable[..., Any] = space["made"]
    return made
