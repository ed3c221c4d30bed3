"""Tables as JSON in a page: columns of text, in which what repeats is written once.

A column is an array. A text stands for itself; a number from 0 stands for the value that was new in that place, counted
from 0; a number below 0 repeats the value before it so many times; null stands for the text in the same row of the
column that this one is like. Nothing is compressed: whoever opens the file can read what is in it, and so can a mail
gateway, which takes a script with a block that nobody can read for an attack.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from markupsafe import Markup

from punchout.reports.text import visible

Packed: TypeAlias = list[str | int | None]


def pack(texts: Iterable[str | None]) -> Packed:
    """Return a column without its repetitions."""
    places: dict[str | None, int] = {}
    packed: Packed = []
    last: str | None = None
    repeated = 0
    for text in texts:
        if packed and text == last:
            repeated += 1
            continue
        _repeat(packed, repeated)
        packed.append(places.get(text, text))
        places.setdefault(text, len(places))
        last, repeated = text, 0
    _repeat(packed, repeated)
    return packed


def differing(texts: Iterable[str], others: Iterable[str]) -> Iterator[str | None]:
    """Return what a column like another one has of its own: None where both have the same text."""
    return (None if text == other else text for text, other in zip(texts, others, strict=True))


def listed(texts: Iterable[str]) -> str:
    """Put several texts into one cell, a line each; none has a line break once it is made visible."""
    return "\n".join(visible(text) for text in texts)


def block(data: Mapping[str, Any]) -> Markup:
    """Write data as JSON that can stand in a script element: no text in it ends the element or begins a comment."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("<", r"\u003c"))  # noqa: S704 - without `<` a browser reads no markup there


def _repeat(packed: Packed, times: int) -> None:
    if times:
        packed.append(-times)
