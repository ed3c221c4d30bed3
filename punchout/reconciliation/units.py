"""Units of measure: when two words mean one unit, and what is wrong where they do not.

Quantities in different units are never compared as bare numbers: what a document states in another unit is held.
"""

from collections.abc import Iterable

from punchout.model.codes import Code

UnitMap = tuple[tuple[str, str], ...]
"""Words and the units they stand for; a word that is not named stands for itself. Upper and lower case are one."""


def unit_trouble(stated: str | None, ordered: str | None, unit_map: UnitMap) -> Code | None:
    """Return why a stated quantity cannot be compared with the ordered one; None where it can, or no unit is stated.

    A unit that the map knows, on either side, is another unit; one that it does not know may yet turn out the same.
    """
    if stated is None or ordered is None:
        return None
    meant = {word.casefold(): unit.casefold() for word, unit in unit_map}
    one, other = stated.casefold(), ordered.casefold()
    if meant.get(one, one) == meant.get(other, other):
        return None
    return Code.UOM_CHANGED if one in _known(meant.items()) else Code.UOM_UNMAPPED


def _known(pairs: Iterable[tuple[str, str]]) -> set[str]:
    return {word for pair in pairs for word in pair}
