"""Masking shared secrets in the bytes of a document, before they are stored, shown or logged.

Works on text, not on a tree, so that broken documents are masked too. What is masked keeps its number of characters,
so that lines and columns of later messages still hold.
"""

import re

from cxml_parsers.encodings import Encoding, encoding_of

_NAME = r"(?:[\w.-]+:)?sharedsecret"
_TAG = re.compile(rf"<{_NAME}(?=[\s/>])", re.IGNORECASE)
# An attribute's value holds no `<`, so that this never runs past the next tag.
_REST_OF_TAG = re.compile(r"(?:[^<>\"']|\"[^\"<]*\"|'[^'<]*')*+(?<!/)>")
_EMPTY_TAG = re.compile(r"(?:[^<>\"'/]|/(?!>)|\"[^\"<]*\"|'[^'<]*')*+/>")
# Where a secret ends: its own end tag or, in a broken document, whatever can only stand outside of it.
_END = re.compile(
    rf"</{_NAME}|</?(?:[\w.-]+:)?(?:credential|sender|useragent|from|to|header|request|message|cxml)(?=[\s/>])",
    re.IGNORECASE,
)
_CDATA, _CDATA_END = "<![CDATA[", "]]>"
_VISIBLE = re.compile(r"[^\r\n]")
_HINT = b"sharedsecret"


def mask_secrets(data: bytes) -> bytes | None:
    """Return the bytes with the text of every `SharedSecret` replaced by as many `*`, in the same encoding.

    Any prefix, attributes and spelling of the tag are taken, also in CDATA sections, comments and cut-off documents.
    None where the bytes are in no usable encoding: then nothing can be promised about what they hold.
    """
    encoding = encoding_of(data)
    if encoding is None or not _is_text(data, encoding):
        return None
    is_hinted = _HINT in data.lower()
    if encoding.is_wide and is_hinted:
        # Narrow text behind a beginning that looks wide: read as wide, its secret would not be seen.
        return None
    if not encoding.is_wide and not is_hinted:
        return data
    # Both error handlers give every broken byte back as it was.
    errors = "surrogatepass" if encoding.is_wide else "surrogateescape"
    body, tail = _whole_characters(data[encoding.mark :], encoding)
    masked = _masked(body.decode(encoding.codec, errors))
    return data[: encoding.mark] + masked.encode(encoding.codec, errors) + tail


def _is_text(data: bytes, encoding: Encoding) -> bool:
    """Tell whether markup can be recognised: bytes that begin like XML, or that fit their encoding."""
    if encoding.is_wide or data[encoding.mark :].lstrip()[:1] == b"<":
        return True
    try:
        data[encoding.mark :].decode(encoding.codec)
    except UnicodeDecodeError:
        return False
    return True


def _whole_characters(data: bytes, encoding: Encoding) -> tuple[bytes, bytes]:
    whole = len(data) - len(data) % 2 if encoding.is_wide else len(data)
    return data[:whole], data[whole:]


def _masked(text: str) -> str:
    pieces: list[str] = []
    done = 0
    tag = _TAG.search(text)
    while tag is not None:
        start, end = _secret_after(text, tag.end())
        pieces += (text[done:start], _VISIBLE.sub("*", text[start:end]))
        done = end
        tag = _TAG.search(text, end)
    return "".join((*pieces, text[done:]))


def _secret_after(text: str, name_end: int) -> tuple[int, int]:
    """Return where the content of a tag starts and ends whose name ends at `name_end`."""
    empty = _EMPTY_TAG.match(text, name_end)
    if empty is not None:
        return empty.end(), empty.end()
    rest = _REST_OF_TAG.match(text, name_end)
    # A tag that is not closed in any sound way: everything behind its name may be the secret.
    start = name_end if rest is None else rest.end()
    position = start
    limit = _end_after(text, position)
    # What looks like an end inside a CDATA section is part of the secret.
    while (cdata := text.find(_CDATA, position, limit)) >= 0:
        closed = text.find(_CDATA_END, cdata)
        if closed < 0:
            return start, len(text)
        position = closed + len(_CDATA_END)
        if limit < position:
            limit = _end_after(text, position)
    return start, limit


def _end_after(text: str, position: int) -> int:
    found = _END.search(text, position)
    return len(text) if found is None else found.start()
