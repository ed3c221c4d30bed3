"""Which encoding the bytes of a document are in, told from the bytes alone (XML 1.0, appendix F).

Only encodings that cXML senders use are taken: UTF-8, UTF-16, US-ASCII, ISO-8859-1 and windows-1252. Everything else,
compressed bytes included, has no usable encoding here. Nothing is parsed in this module.
"""

import re
from dataclasses import dataclass

# The codecs by which Python reads what XML calls by these names.
_CODECS: dict[str, str] = {
    "utf-8": "utf-8", "utf8": "utf-8",
    "us-ascii": "ascii", "ascii": "ascii",
    "iso-8859-1": "latin-1", "iso8859-1": "latin-1", "iso_8859-1": "latin-1", "latin1": "latin-1",
    "windows-1252": "cp1252", "cp1252": "cp1252",
}  # fmt: skip

_COMPRESSED: dict[bytes, str] = {
    b"\x1f\x8b": "gzip",
    b"PK\x03\x04": "zip",
    b"PK\x05\x06": "zip",
    b"BZh": "bzip2",
    b"\xfd7zXZ\x00": "xz",
    b"\x28\xb5\x2f\xfd": "zstd",
}

_DECLARATION = re.compile(rb"\s*<\?xml\s[^>]*?\bencoding\s*=\s*[\"']([A-Za-z0-9._:-]*)[\"']")
# UTF-32 in either order, with and without a mark, and EBCDIC's `<?xm`.
_UNUSABLE = (b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff", b"<\x00\x00", b"\x00\x00\x00<", b"\x4c\x6f\xa7\x94")
_WIDE = (
    (b"\xff\xfe", "utf-16-le", 2),
    (b"\xfe\xff", "utf-16-be", 2),
    (b"<\x00", "utf-16-le", 0),
    (b"\x00<", "utf-16-be", 0),
)
_UTF8_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Encoding:
    """How to decode a document.

    Attributes:
        codec: Python's codec name; for UTF-16 the one with a fixed byte order.
        mark: number of bytes of the byte-order mark in front.
    """

    codec: str
    mark: int = 0

    @property
    def is_wide(self) -> bool:
        """Whether a character takes two bytes, so that markup cannot be looked for in the bytes themselves."""
        return self.codec.startswith("utf-16")


def compression_of(data: bytes) -> str | None:
    """Name the compression that the first bytes stand for, None where there is none."""
    return next((name for magic, name in _COMPRESSED.items() if data.startswith(magic)), None)


def encoding_of(data: bytes) -> Encoding | None:
    """Tell the encoding from byte-order mark, first characters and XML declaration; None where it is not usable."""
    if data.startswith(_UNUSABLE) or compression_of(data) is not None:
        return None
    for beginning, codec, mark in _WIDE:
        if data.startswith(beginning):
            return Encoding(codec, mark)
    if b"\x00" in data:
        return None
    mark = len(_UTF8_MARK) if data.startswith(_UTF8_MARK) else 0
    declared = declared_encoding(data, mark)
    known = _CODECS.get(declared or "utf-8")
    return None if known is None else Encoding(known, mark)


def declared_encoding(data: bytes, start: int = 0) -> str | None:
    """Return the encoding an XML declaration in ASCII-compatible bytes names, in lower case, None without one."""
    found = _DECLARATION.match(data, start)
    return None if found is None else found.group(1).decode("ascii").lower()
