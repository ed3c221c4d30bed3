"""Bodies of documents as the ledger keeps them: masked, compressed, and given back byte for byte."""

import hashlib
import zlib
from dataclasses import dataclass

from cxml_parsers.masking import mask_secrets

_LEVEL = 6


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
    return Packed("opaque-zlib" if masked is None else "zlib", zlib.compress(kept, _LEVEL), sha256(kept))


def unpack(data: bytes) -> bytes:
    """Return the stored bytes.

    Raises:
        zlib.error: the stored form was damaged.
    """
    return zlib.decompress(data)


def sha256(data: bytes) -> str:
    """Return the hexadecimal SHA-256 of bytes."""
    return hashlib.sha256(data).hexdigest()
