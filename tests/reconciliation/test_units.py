"""When two words mean one unit."""

import pytest

from punchout.reconciliation.units import unit_trouble

MAP = (("PCE", "EA"), ("BOX", "BX"))


@pytest.mark.parametrize(
    ("stated", "ordered", "trouble"),
    [
        ("EA", "EA", None),
        ("ea", "EA", None),
        ("PCE", "EA", None),
        ("EA", "pce", None),
        (None, "EA", None),
        ("EA", None, None),
        ("BX", "EA", "UOM_CHANGED"),
        ("BOX", "EA", "UOM_CHANGED"),
        ("DZN", "EA", "UOM_UNMAPPED"),
    ],
)
def test_units_are_the_same_by_name_or_by_the_map(stated: str | None, ordered: str | None, trouble: str | None) -> None:
    assert unit_trouble(stated, ordered, MAP) == trouble
