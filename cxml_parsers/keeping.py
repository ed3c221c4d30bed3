"""What is kept from one document to the next: tags and what is done with them, up to a bound.

A sender's documents are alike, so that what was learnt of one tag serves for all that follow. No table grows without
end, and nothing long is kept, because what is kept outlives its document. What is kept changes no reading, only its
speed.
"""

from typing import Final, TypeVar

_MOST: Final = 500
_LONGEST: Final = 200

Key = TypeVar("Key", str, bytes)
Value = TypeVar("Value")


def keep(table: dict[Key, Value], key: Key, value: Value) -> bool:
    """Keep a value by its key unless that is long, and tell whether it is kept; a full table begins anew."""
    if len(key) > _LONGEST:
        return False
    if len(table) >= _MOST:
        table.clear()
    table[key] = value
    return True
