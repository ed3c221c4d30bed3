"""Frozen records made quickly, from values in the order of their fields.

A frozen dataclass sets each field through `object.__setattr__`, which for the wide records of this package costs more
than reading what stands in them. Here the fields of an open twin are set, and the twin then becomes the record: the
same class, equal and as frozen as one that was made by its constructor. Which values go in is decided by the caller.
"""

import dataclasses
from collections.abc import Callable
from functools import cache
from typing import Any


@cache
def maker(record: type) -> Callable[..., Any]:
    """Return a function that makes a `record` from all of its fields, by position; nothing has a default."""
    names = [field.name for field in dataclasses.fields(record)]
    twin = type(f"Open{record.__name__}", (), {"__slots__": tuple(names)})
    source = "\n".join(
        [
            f"def make({', '.join(names)}):",
            "    made = twin()",
            *(f"    made.{name} = {name}" for name in names),
            "    made.__class__ = record",
            "    return made",
        ]
    )
    space: dict[str, Any] = {"twin": twin, "record": record}
    exec(source, space)  # noqa: S102 - made of field names alone, as dataclasses make their own methods
    made: Callable[..., Any] = space["make"]
    return made
