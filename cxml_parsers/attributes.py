"""The attributes of an element: how each is read, worked out once for every list of names that a place meets.

Which attributes an element has is said in `shapes`; how a value is read is in `leaves`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias

from cxml_parsers.keeping import keep
from cxml_parsers.leaves import CLOCKED, Read, identifier
from cxml_parsers.places import attribute_step
from cxml_parsers.scan import Head, Scan, stated_attributes, unescaped

Values: TypeAlias = list[Any]
"""The fields of a record on its way, in the order of its class; None where nothing was read."""


class Place(Protocol):
    """Where an element stands: its path, and the positions of the fields that it fills."""

    @property
    def path(self) -> str:
        """The element's path, without ordinals."""

    @property
    def at(self) -> Mapping[str, int]:
        """Field to its position in the values."""


@dataclass(frozen=True, slots=True)
class Attributes:
    """How the attributes of a tag are read, whatever they say: one for each list of names that is met at a place.

    Attributes:
        reads: index among the stated values, position, reader and place of each that is read.
        unread: the paths of those that nothing reads.
        is_lasting: what they say is read in the same way in every document.
        usual: None where they stand in usual order and there is nothing to say about them, else that order.
        remarks: places and details of what is to be said about the names.
        fills: the positions of `reads`.
        is_silent: there is nothing to read, to leave unread or to say.
        comes_again: the same tag is likely to be met again, and would be read in the same way.
        said: what pieces say that were met before.
    """

    reads: tuple[tuple[int, int, Read, str], ...]
    unread: tuple[str, ...]
    is_lasting: bool
    usual: tuple[str, ...] | None
    remarks: tuple[tuple[str, str], ...]
    fills: tuple[int, ...]
    is_silent: bool
    comes_again: bool
    said: dict[str, list[tuple[int, Any]]] = field(default_factory=dict)

    def put(self, scan: Scan, index: int, values: Values) -> bool:
        """Read those of a piece into values, and tell whether it is now known what just this piece says."""
        if self.unread:
            scan.leave(self.unread)
        piece = scan.pieces[index]
        said = self.said.get(piece)
        if said is not None:
            for position, value in said:
                values[position] = value
            return False
        before = scan.noted
        if self.usual is not None:
            scan.in_order(index, scan.head(index), self.usual)
            for place, detail in self.remarks:
                scan.note(index, place, detail)
        read = self._read(scan, index, values) if self.reads else []
        return self.comes_again and scan.noted == before and keep(self.said, piece, read)

    def _read(self, scan: Scan, index: int, values: Values) -> list[tuple[int, Any]]:
        stated, said = scan.pieces[index].partition(">")[0].split('"')[1::2], []
        for at, position, read, place in self.reads:
            text = stated[at]
            value = read(scan, index, place, unescaped(text) if "&" in text else text)
            if value is None:
                scan.absent.add((id(values), position))
            else:
                values[position] = value
                said.append((position, value))
        return said

    def filled(self, values: Values) -> bool:
        """Tell whether values hold one of them already."""
        for position in self.fills:  # noqa: SIM110 - a generator costs more than what it looks at
            if values[position] is not None:
                return True
        return False


def attributes_of(
    scan: Scan,
    index: int,
    head: Head,
    known: Mapping[str, tuple[str, Read]],
    site: Place,
    taken: tuple[str, ...] = (),
) -> Attributes:
    """Say how the attributes of a tag are read by a table of names; `taken` are read by somebody else."""
    reads: list[tuple[int, int, Read, str]] = []
    unread: list[str] = []
    remarks: list[tuple[str, str]] = []
    names = [name for name, _ in stated_attributes(head)]
    for at, name in enumerate(names):
        if name in taken or name.startswith("xmlns"):
            continue
        place, spelling = attribute_step(name), name if name in known else _misspelt(known, names, name)
        if spelling is None:
            unread.append(f"{site.path}/{place}")
            continue
        if spelling != name:
            remarks.append((place, f"read as {spelling}"))
        to, read = known[spelling]
        reads.append((at, site.at[to], read, place))
    usual = (*known, *taken)
    in_order = scan.in_order(index, head, usual) and not remarks
    is_lasting = in_order and not remarks and all(read not in CLOCKED for _, _, read, _ in reads)
    return Attributes(
        tuple(reads),
        tuple(unread),
        is_lasting,
        None if in_order else usual,
        tuple(remarks),
        tuple(position for _, position, _, _ in reads),
        not (reads or unread or remarks),
        is_lasting and all(read is not identifier for _, _, read, _ in reads),
    )


def _misspelt(known: Mapping[str, Any], names: Sequence[str], name: str) -> str | None:
    folded = name.casefold()
    return next((each for each in known if each.casefold() == folded and each not in names), None)
