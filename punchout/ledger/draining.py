"""Draining a queue: one unit of work after the other, each in a transaction of its own, until there is nothing left."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any, Self, TypeVar

import sqlalchemy as sa


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What units of work did, to be added up. `total` is how many items were taken from the queue."""

    total: int = 0

    def __add__(self, other: Self) -> Self:
        """Add field by field; counts by name are added name by name."""
        return type(self)(**{one.name: _sum(getattr(self, one.name), getattr(other, one.name)) for one in fields(self)})


T = TypeVar("T", bound=Tally)


def drain(engine: sa.Engine, unit: Callable[[sa.Connection], T]) -> T:
    """Run a unit of work until it finds nothing to do; returns what all transactions did together."""
    with engine.begin() as connection:
        done = unit(connection)
    last = done
    while last.total:
        with engine.begin() as connection:
            last = unit(connection)
        done += last
    return done


def _sum(one: Any, other: Any) -> Any:  # noqa: ANN401 - numbers, or numbers by name
    if isinstance(one, dict):
        return {name: one.get(name, 0) + other.get(name, 0) for name in {*one, *other}}
    return one + other
