"""What a document comes wrapped in: form fields of a browser, multipart messages, or nothing at all.

In: the body of an HTTP request and its content type. Out: the document's bytes. What the bytes say is not looked at,
beyond telling a document from a form, and an encoding that a field cannot have; nothing is decoded that the sender did
not encode.
"""

import base64
import binascii
import re
from email.message import Message
from typing import Final
from urllib.parse import unquote_to_bytes

from cxml_parsers.encodings import encoding_of
from punchout.model.codes import Code
from punchout.model.unreadable import Refused

_MOST_BYTES = 40 * 1024 * 1024
_MOST_FIELDS = 100
_MOST_PARTS = 50
_MOST_HEADER = 8192

# cXML Reference Guide, "PunchOutOrderMessage": the browser posts a hidden field of one of these names. Senders write
# them in any letters, with a hyphen or an underscore.
_URLENCODED: Final = "cxml-urlencoded"
_BASE64: Final = "cxml-base64"
_BLANK = b" \t\r\n"
_LOOKS_LIKE_XML: Final = (b"<", b"\xef\xbb\xbf<", b"\xff\xfe<", b"\xfe\xff\x00<", b"<\x00", b"\x00<")
_BETWEEN = re.compile(rb"\r?\n\r?\n")
# A message as it was saved from the wire: perhaps the line of the request, then headers.
_REQUEST_LINE = re.compile(rb"[A-Z]{3,7} [^\r\n]{1,2000} HTTP/[\d.]+\r?\n")
_HEADER_LINE = re.compile(rb"[A-Za-z][A-Za-z-]{1,60}:[ \t][^\r\n]*\r?\n")
_DECLARED = re.compile(rb"^(\s*<\?xml\s[^>]*?\bencoding\s*=\s*[\"'])[A-Za-z0-9._:-]*")
_FIELD = re.compile(rb"(?:^|&)cxml(?:[-_]|%2D|%5F)(?:urlencoded|base64)=", re.IGNORECASE)


def unwrap(body: bytes, content_type: str | None) -> bytes:
    """Return the document in the body of a request.

    A body that begins like XML is the document, whatever its content type says. Without a content type, as of a file,
    the body itself tells: by a boundary or by headers at its beginning, or by the name of a field.

    Raises:
        Refused: `XML_REJECTED`; the body is too large, or no document can be found in it.
    """
    if len(body) > _MOST_BYTES:
        raise _refused(f"larger than {_MOST_BYTES} bytes")
    if body.lstrip(_BLANK).startswith(_LOOKS_LIKE_XML):
        return body
    if content_type is None and _begins_with_headers(body):
        headers, content = _taken_apart(_REQUEST_LINE.sub(b"", body, count=1))
        return unwrap(_transferred(headers, content), str(headers.get("Content-Type", "")))
    kind, boundary = _media_type(content_type) if content_type is not None else _told_by(body)
    if kind.startswith("multipart/"):
        return _from_parts(body, boundary, kind)
    if kind == "application/x-www-form-urlencoded" or _field_name(body.partition(b"=")[0]) in (_URLENCODED, _BASE64):
        return _from_form(body)
    if not body.strip(_BLANK):
        raise _refused("the body is empty")
    raise _refused("neither a document nor a form that carries one")


def _begins_with_headers(body: bytes) -> bool:
    line = _REQUEST_LINE.match(body)
    return _HEADER_LINE.match(body, 0 if line is None else line.end()) is not None


def _told_by(body: bytes) -> tuple[str, str | None]:
    """Return what would be the media type and boundary of a body that came without."""
    if body.startswith(b"--"):
        return "multipart/related", body[2:80].partition(b"\n")[0].rstrip(_BLANK).decode("latin-1")
    is_form = _FIELD.search(body[:_MOST_HEADER]) is not None
    return "application/x-www-form-urlencoded" if is_form else "text/plain", None


def _refused(detail: str) -> Refused:
    return Refused(Code.XML_REJECTED, None, detail)


def _media_type(content_type: str | None) -> tuple[str, str | None]:
    header = Message()
    header["Content-Type"] = (content_type or "").replace("\r", " ").replace("\n", " ")[:_MOST_HEADER] or "text/plain"
    boundary = header.get_param("boundary")
    return header.get_content_type(), boundary if isinstance(boundary, str) else None


def _from_form(body: bytes) -> bytes:
    """Take the first field that carries a document; the encoded spelling wins where both are there."""
    name, _, rest = body.partition(b"=")
    if _field_name(name) == _URLENCODED and rest.lstrip(_BLANK).startswith(b"<") and b">" in rest:
        # Not encoded at all, so that a `&` is the document's own.
        return _as_ascii(rest[: rest.rindex(b">") + 1])
    fields = body.split(b"&", _MOST_FIELDS)
    if len(fields) > _MOST_FIELDS:
        raise _refused(f"a form of more than {_MOST_FIELDS} fields")
    found: dict[str, bytes] = {}
    for field in fields:
        name, _, value = field.partition(b"=")
        found.setdefault(_field_name(name), value)
    for wanted in (_BASE64, _URLENCODED):
        if wanted in found:
            return _decoded(wanted, unquote_to_bytes(found[wanted].replace(b"+", b" ")))
    raise _refused("a form without a field cxml-urlencoded or cxml-base64")


def _field_name(raw: bytes) -> str:
    name = unquote_to_bytes(raw[:100]).strip(_BLANK)
    return name.decode("ascii", "replace").casefold().replace("_", "-")


def _decoded(name: str, value: bytes) -> bytes:
    if name == _URLENCODED:
        return _as_ascii(value)
    # A blank is a plus sign that was not escaped; line breaks are usual.
    text = re.sub(rb"[\t\r\n]", b"", value).replace(b" ", b"+").rstrip(b"=")
    try:
        return base64.b64decode(text + b"=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        if value.lstrip(_BLANK).startswith(_LOOKS_LIKE_XML):
            return value
        raise _refused("the field cxml-base64 holds no base64") from None


def _as_ascii(value: bytes) -> bytes:
    """Return a document of a urlencoded field, which is US-ASCII whatever encoding it declares (Reference Guide)."""
    if value.isascii() and encoding_of(value) is None:
        return _DECLARED.sub(rb"\g<1>US-ASCII", value, count=1)
    return value


def _from_parts(body: bytes, boundary: str | None, kind: str) -> bytes:
    """Take the form field, or the first part that is a document (the others are its attachments)."""
    if not boundary or len(boundary) > 70:  # noqa: PLR2004 - RFC 2046, 5.1.1
        raise _refused("multipart without a usable boundary")
    mark = b"--" + boundary.encode("latin-1", "replace")
    # The first boundary may stand at the very beginning.
    parts = (b"\r\n" + body).split(b"\n" + mark, _MOST_PARTS + 1)[1:]
    if len(parts) > _MOST_PARTS:
        raise _refused(f"more than {_MOST_PARTS} parts")
    for part in parts:
        if part.startswith(b"--"):
            break
        headers, content = _taken_apart(part)
        name = headers.get_param("name", header="content-disposition")
        field = _field_name(name.encode("utf-8", "replace")) if isinstance(name, str) else ""
        if field in (_URLENCODED, _BASE64):
            return _decoded(field, _transferred(headers, content))
        if kind != "multipart/form-data" or field == "":
            document = _transferred(headers, content)
            if document.lstrip(_BLANK).startswith(_LOOKS_LIKE_XML):
                return document
    raise _refused("no part of the message carries a document")


def _taken_apart(part: bytes) -> tuple[Message, bytes]:
    part = part.removeprefix(b"\r").removeprefix(b"\n")
    between = _BETWEEN.search(part, 0, _MOST_HEADER)
    # Without headers a part begins with its blank line.
    start = 0 if part[:1] in (b"\r", b"\n") else -1
    head, content = (part[: between.start()], part[between.end() :]) if between else (part, b"")
    if start == 0 or part.startswith((b"\r\n", b"\n")):
        head, content = b"", part.lstrip(b"\r\n")
    headers = Message()
    for line in re.sub(rb"\r?\n[ \t]+", b" ", head).splitlines():
        name, _, value = line.partition(b":")
        headers[name.decode("latin-1").strip()] = value.decode("latin-1").strip()
    return headers, content.removesuffix(b"\r")


def _transferred(headers: Message, content: bytes) -> bytes:
    how = str(headers.get("Content-Transfer-Encoding", "")).strip().casefold()
    if how == "base64":
        return _decoded(_BASE64, content)
    if how == "quoted-printable":
        return binascii.a2b_qp(content)
    return content
