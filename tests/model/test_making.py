"""A record that is made quickly is the one that its constructor makes."""

from dataclasses import FrozenInstanceError, dataclass

import pytest

from punchout.model.making import collector, maker


@dataclass(frozen=True, slots=True, kw_only=True)
class Basket:
    """A record with a field of each sort."""

    owner: str
    size: str | None = None
    count: int | None = None
    colours: tuple[str, ...] = ()


def _counted(colours: tuple[str, ...]) -> int:
    return len(colours)


def test_a_record_of_positions_is_the_constructors() -> None:
    made = maker(Basket)("me", "large", 2, ("red", "blue"))
    assert made == Basket(owner="me", size="large", count=2, colours=("red", "blue"))
    assert type(made) is Basket
    assert hash(made) == hash(Basket(owner="me", size="large", count=2, colours=("red", "blue")))


def test_a_record_of_what_was_collected_has_its_defaults_and_what_is_derived() -> None:
    make = collector(Basket, {"size": "small"}, {"count": ("colours", _counted)})
    assert make(["me", None, None, ["red", "blue"]]) == Basket(
        owner="me", size="small", count=2, colours=("red", "blue")
    )
    assert make(["me", "", None, None]) == Basket(owner="me", size="", count=None, colours=())


def test_a_record_that_was_made_is_as_frozen_as_any() -> None:
    made = collector(Basket, {}, {})(["me", None, None, None])
    with pytest.raises(FrozenInstanceError):
        made.owner = "you"
