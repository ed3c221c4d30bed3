"""`Header`: who a document is from, whom it is for, and who sent it. The envelope around it is in `envelope`.

A sender's Header is the same on every document, so that what one said is kept, by its hash, and not read again. A
shared secret is never read, only that it is there.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from cxml_parsers import leaves
from cxml_parsers.attributes import Values
from cxml_parsers.keeping import keep
from cxml_parsers.prose import prose
from cxml_parsers.rules import Into, Leaf, Many
from cxml_parsers.scan import Head, Scan
from cxml_parsers.shapes import Act, Node, Shape, Site
from punchout.model.codes import Code
from punchout.model.documents import Envelope
from punchout.model.values import Credential

# A genuine Header has some thirty. One without such an end is not looked for in the whole document.
_MOST_PIECES = 500


@dataclass(frozen=True, slots=True)
class _Read:
    """What a Header says: values by position, unread paths, notes by distance in pieces, whether it has a secret."""

    values: tuple[tuple[int, Any], ...]
    unread: frozenset[str | tuple[str, ...]]
    notes: tuple[tuple[int, str | None, str, Code], ...]
    has_secret: bool


class KnownHeader(NamedTuple):
    """A Header that was read before: the index behind it, and what it says."""

    end: int
    said: _Read


def known_header(scan: Scan, index: int) -> KnownHeader | None:
    """Return what a Header says whose like was read before; None where its end must be counted, and it be read."""
    if scan.pieces[index] != "Header>":
        return None
    try:
        end = scan.pieces.index("/Header>", index, index + _MOST_PIECES) + 1
    except ValueError:
        return None
    # What was read once in just these words was whole.
    read = _KNOWN.get(_key(scan, index, end))
    return None if read is None else KnownHeader(end, read)


def _key(scan: Scan, index: int, end: int) -> bytes:
    return hashlib.sha256("<".join(scan.pieces[index:end]).encode()).digest()


def read_header(
    scan: Scan, index: int, end: int, values: Values, known: KnownHeader | None, *, is_message: bool
) -> None:
    """Read the Header in the pieces from `index` to before `end` into an envelope's values.

    Raises:
        Refused: something in it cannot be read; what was read before is in the values all the same.
    """
    said = _read(scan, index, end, values) if known is None else known.said
    for position, value in said.values:
        values[position] = value
    scan.unread.update(said.unread)
    for offset, place, detail, code in said.notes:
        scan.note(index + offset, place, detail, code)
    if said.has_secret and is_message:
        for at in range(index, end):
            if scan.pieces[at].startswith("SharedSecret"):
                scan.note(at, None, "a shared secret in a message that travels through the browser")


def _read(scan: Scan, index: int, before: int, values: Values) -> _Read:
    key = _key(scan, index, before)
    aside, said = scan.beside(), ENVELOPE.blank.copy()
    try:
        end = index + 1 if scan.head(index).is_empty else _HEADER.fill(aside, index, "", said)
    finally:
        # Credentials that were read before something could not be read are still shown.
        read = tuple((at, tuple(each) if isinstance(each, list) else each) for at, each in enumerate(said) if each)
        for position, value in read:
            values[position] = value
    for name, place in _EXPECTED.items():
        if said[AT[name]] is None and (id(said), AT[name]) not in aside.absent:
            aside.note(index, place, "missing")
    notes = tuple((at - index, place, detail, code) for at, place, detail, code in aside.noted_pieces())
    has_secret = any(piece.startswith("SharedSecret") for piece in scan.pieces[index:end])
    made = _Read(read, frozenset(aside.unread), notes, has_secret)
    keep(_KNOWN, key, made)
    return made


@dataclass(frozen=True, slots=True)
class _Secret:
    """`SharedSecret`: its text is never read, only that it is there."""

    def learn(self, site: Site, _scan: Scan, _index: int, _head: Head) -> tuple[Act, str | None]:
        """See `Rule`."""

        def act(scan: Scan, index: int, _piece: str, _values: Values) -> int:
            end = scan.skip(index, site.around)
            scan.tail(end, index, site.around)
            return end

        return act, None


_CREDENTIAL: Final = Shape(
    record=Credential,
    attributes={"domain": ("domain", leaves.string)},
    children={"Identity": Leaf("identity"), "SharedSecret": _Secret()},
    expected={"domain": "@domain", "identity": "Identity"},
    defaults={"domain": "", "identity": ""},
)
_EXPECTED: Final[Mapping[str, str]] = {
    "sent_from": "From/Credential",
    "sent_to": "To/Credential",
    "sender": "Sender/Credential",
    "user_agent": "Sender/UserAgent",
}
ENVELOPE: Final = Node(
    Shape(
        record=Envelope,
        children={
            "Header": Into(
                Shape(
                    children={
                        "From": Into(Shape(children={"Credential": Many("sent_from", _CREDENTIAL)})),
                        "To": Into(Shape(children={"Credential": Many("sent_to", _CREDENTIAL)})),
                        "Sender": Into(
                            Shape(
                                children={"Credential": Many("sender", _CREDENTIAL), "UserAgent": prose("user_agent")}
                            )
                        ),
                    }
                )
            )
        },
    ),
    "",
    "cXML",
)
_HEADER: Final = ENVELOPE.inner("Header")
AT: Final = ENVELOPE.at
"""Where an envelope's fields are among its values."""
_KNOWN: Final[dict[bytes, _Read]] = {}
