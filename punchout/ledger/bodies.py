"""Bodies of documents as the ledger keeps them: masked, compressed, and given back byte for byte.

Those up to a megabyte lie in the database, larger ones in the archive beside it. A row of `document` says by its codec
which: `zlib`, or `archive`; `opaque-` before it means that nothing could be masked, and that it is never shown.
"""

import hashlib
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from cxml_parsers.masking import mask_secrets
from punchout.ledger.archive import archive_of
from punchout.ledger.leases import exclusive
from punchout.ledger.tables.facts import DOCUMENT

LARGEST_IN_DATABASE = 1024 * 1024
BODY = (DOCUMENT.c.codec, DOCUMENT.c.stored_sha256, DOCUMENT.c.body)
"""The columns that `body_of` needs."""

_LEVEL = 6
_IN_DATABASE = "zlib"
_ARCHIVED = "archive"
_OPAQUE = "opaque-"
ARCHIVED = (_ARCHIVED, _OPAQUE + _ARCHIVED)
"""The codecs of bodies that lie in the archive."""


class BodyLostError(Exception):
    """A body is not where it was kept, or is not what it was: something beside this program was at it."""


@dataclass(frozen=True, slots=True)
class Packed:
    """A body ready to be stored. `stored_sha256` is the hash of the bytes that `unpack` gives back."""

    codec: str
    data: bytes
    stored_sha256: str


def pack(received: bytes) -> Packed:
    """Mask secrets and compress. Bytes of no usable encoding cannot be masked: they are `opaque`, never shown."""
    masked = mask_secrets(received)
    kept = received if masked is None else masked
    return Packed(_OPAQUE + _IN_DATABASE if masked is None else _IN_DATABASE, zlib.compress(kept, _LEVEL), sha256(kept))


def keep(connection: sa.Connection, received: bytes) -> Packed:
    """Pack a body, and put a large one into the archive, where it is on the disk when this returns.

    Raises:
        OSError: the archive cannot be written to.
    """
    packed, archive = pack(received), archive_of(connection)
    if len(received) <= LARGEST_IN_DATABASE or archive is None:
        return packed
    hold_archive(connection)
    archive.keep(packed.stored_sha256, packed.data)
    return Packed(packed.codec.replace(_IN_DATABASE, _ARCHIVED), b"", packed.stored_sha256)


def hold_archive(connection: sa.Connection) -> None:
    """Let nobody else write to the archive, or remove from it, before this transaction ends."""
    exclusive(connection, "archive")


def copied(source: sa.Connection, target: sa.Connection, row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row of `document` as another ledger keeps it, whose archive has its body too when this returns.

    Raises:
        BodyLostError: the archive has it no more, or has something else.
        OSError: the other archive cannot be written to.
    """
    if row["codec"] not in ARCHIVED:
        return dict(row)
    data = _archived(source, row["stored_sha256"])
    archive = archive_of(target)
    if archive is None:
        return {**row, "codec": row["codec"].replace(_ARCHIVED, _IN_DATABASE), "body": data}
    archive.keep(row["stored_sha256"], data)
    return dict(row)


def body_of(connection: sa.Connection, row: Any) -> bytes:  # noqa: ANN401 - a row of any query with these columns
    """Return the stored bytes of a document, of which a row has the columns of `BODY`.

    Raises:
        BodyLostError: the archive has it no more, or has something else.
        zlib.error: the stored form was damaged.
    """
    if row.codec not in ARCHIVED:
        return unpack(row.body)
    return unpack(_archived(connection, row.stored_sha256))


def _archived(connection: sa.Connection, stored_sha256: str) -> bytes:
    """Return a body as the archive keeps it, after a look at what it unpacks to."""
    archive = archive_of(connection)
    data = None if archive is None else archive.read(stored_sha256)
    if data is None:
        raise BodyLostError(f"the archive has no {stored_sha256}: see `documents.archive_dir`")
    try:
        is_it = sha256(unpack(data)) == stored_sha256
    except zlib.error:
        is_it = False
    if not is_it:
        raise BodyLostError(f"what the archive has as {stored_sha256} is something else")
    return data


def is_hidden(codec: str) -> bool:
    """Tell whether nothing in a body could be masked, so that it is never shown."""
    return codec.startswith(_OPAQUE)


def unpack(data: bytes) -> bytes:
    """Return the stored bytes.

    Raises:
        zlib.error: the stored form was damaged.
    """
    return zlib.decompress(data)


def sha256(data: bytes) -> str:
    """Return the hexadecimal SHA-256 of bytes."""
    return hashlib.sha256(data).hexdigest()
