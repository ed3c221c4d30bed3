"""The first guard: bytes in, an element tree out, or a refusal.

Bounds and forbidden constructs are looked for on the bytes before any parser sees them; then lxml parses them once,
with one shared parser that resolves nothing, loads nothing and recovers from nothing. A file is never handed over by
its path, because libxml2 would inflate it on the way. Bounds that need the tree (attributes, depth) are in `walk`.
"""

import re
from typing import NamedTuple

from lxml import etree

from cxml_parsers.encodings import Encoding, compression_of, declared_encoding, encoding_of
from punchout.model.codes import Code
from punchout.model.unreadable import Refused

# Genuine documents stay below 1,200 elements and two namespaces.
_MOST_TAGS = 1_000_000
_MOST_NAMESPACES = 256
_PROLOG_REACH = 4096
_NARROW_PROLOG = 4 * _PROLOG_REACH

_PARSER = etree.XMLParser(
    # The stubs know only bool; `internal` alone refuses what is not declared instead of swallowing it.
    resolve_entities="internal",  # type: ignore[arg-type]
    no_network=True,
    load_dtd=False,
    dtd_validation=False,
    huge_tree=False,
    recover=False,
    remove_blank_text=True,
    remove_comments=True,
    remove_pis=True,
    strip_cdata=True,
)

# How nearly every document begins: UTF-8 by declaration or by default, a DOCTYPE without subset, the root. What looks
# otherwise is taken apart step by step.
_USUAL_BEGINNING = re.compile(
    rb"(?:<\?xml version=[\"']1\.0[\"'](?: encoding=[\"'][Uu][Tt][Ff]-8[\"'])? ?\?>)?\s*+"
    rb"(<!DOCTYPE [^\[\]<>\"']*(?:\"[^\"\[\]<>]*\"\s*)*+>)?\s*+<cXML[\s>]"
)
_UTF8 = Encoding("utf-8")
_MISC = re.compile(r"(?:\s++|<\?.*?\?>|<!--.*?-->)*+", re.DOTALL)
_DOCTYPE_HEAD = re.compile(r"<!DOCTYPE(?:[^\[\]<>\"']|\"[^\"]*\"|'[^']*')*+")
_HTML = re.compile(r"<(?:!doctype\s+)?html\b", re.IGNORECASE)
_ROOT = re.compile(r"<([A-Za-z_][\w.:-]*)")

# libxml2's error numbers in words of our own: its own messages quote the document, which may hold a secret.
_SYNTAX: dict[int, str] = {
    4: "no element at its beginning", 32: "an encoding that is not taken", 114: "larger or deeper than is allowed",
    5: "content after the end of the document", 6: "a `&#` without a number", 7: "a `&#` without a number",
    9: "a character XML forbids",
    23: "an `&` that starts no entity", 26: "an entity that is not declared", 27: "an entity that is not declared",
    38: "a `<` inside an attribute", 39: "an attribute value without quotes", 41: "an attribute without a value",
    42: "an attribute given twice", 45: "a comment without an end", 47: "a processing instruction without an end",
    62: "a `]]>` in text", 63: "a CDATA section without an end",
    64: "an XML declaration that is not at the very beginning", 65: "no blank where one is needed",
    68: "a tag without a name", 73: "a tag without its `>`",
    76: "an end tag that fits no start tag", 81: "bytes that do not fit the encoding",
    89: "entities that expand without end", 110: "a name too long", 201: "a prefix of no namespace",
}  # fmt: skip


class Document(NamedTuple):
    """A parsed document and what only its prolog tells."""

    root: etree._Element
    has_doctype: bool


def parse(data: bytes, max_bytes: int) -> Document:
    """Check the bytes and parse them.

    Raises:
        Refused: `XML_REJECTED`, with line and column where the parser knows them.
    """
    usual = _USUAL_BEGINNING.match(data) if len(data) <= max_bytes else None
    if usual is not None and b"\x00" not in data:
        encoding, has_doctype = _UTF8, usual.group(1) is not None
        _bound(data, encoding)
    else:
        encoding = _usable_encoding(data, max_bytes)
        _bound(data, encoding)
        has_doctype = _prolog(data, encoding)
    try:
        root = etree.fromstring(data, _PARSER)
    except etree.XMLSyntaxError as error:
        raise _explained(error, data, encoding) from None
    except (etree.LxmlError, ValueError) as error:
        raise Refused(Code.XML_REJECTED, None, f"not readable as XML ({type(error).__name__})") from None
    if root.tag[-4:].lower() == "html" and root.tag.rpartition("}")[2].lower() == "html":
        raise Refused(Code.XML_REJECTED, "line 1, column 1", "an HTML page, not cXML")
    return Document(root, has_doctype)


def _usable_encoding(data: bytes, max_bytes: int) -> Encoding:
    if len(data) > max_bytes:
        raise Refused(Code.XML_REJECTED, None, f"larger than {max_bytes} bytes")
    if not data.strip():
        raise Refused(Code.XML_REJECTED, None, "the file is empty")
    compression = compression_of(data)
    if compression is not None:
        raise Refused(Code.XML_REJECTED, None, f"compressed with {compression}; send the document itself")
    encoding = encoding_of(data)
    if encoding is not None:
        return encoding
    declared = declared_encoding(data)
    if declared == "utf-16":
        raise Refused(Code.XML_REJECTED, "line 1, column 1", "declares UTF-16, and its bytes are not")
    named = "binary, or in an encoding that is not taken" if declared is None else "in an encoding that is not taken"
    raise Refused(Code.XML_REJECTED, "line 1, column 1", named)


def _bound(data: bytes, encoding: Encoding) -> None:
    if encoding.is_wide:
        # Other characters' bytes may then look like `<`, which only makes the bound stricter.
        data = data.replace(b"\x00", b"")
    if len(data) > _MOST_TAGS and data.count(b"<") > _MOST_TAGS:
        raise Refused(Code.XML_REJECTED, None, f"more than {_MOST_TAGS} tags")
    # Most documents declare none, which looking from the end tells in half the time.
    if data.rfind(b"xmlns") >= 0 and data.count(b"xmlns") > _MOST_NAMESPACES:
        raise Refused(Code.XML_REJECTED, None, f"more than {_MOST_NAMESPACES} namespace declarations")


def _prolog(data: bytes, encoding: Encoding) -> bool:
    """Refuse declarations in the prolog, and tell whether there is a DOCTYPE.

    cXML Reference Guide: a document names its DTD and nothing else; a parser need not fetch it.
    """
    head = data[encoding.mark : encoding.mark + _NARROW_PROLOG].decode(encoding.codec, "replace")
    decided = _doctype_in(head)
    if decided is None:
        decided = _doctype_in(data[encoding.mark :].decode(encoding.codec, "replace"))
    return bool(decided)


def _doctype_in(text: str) -> bool | None:
    """Tell whether the prolog has a DOCTYPE, None where `text` ends before that can be told."""
    start = _after_misc(text)
    if text.startswith(("<!--", "<?"), start):
        return None
    if not text.startswith("<!DOCTYPE", start):
        # A first tag can only be trusted where it is seen whole: `<!DOC` may be a DOCTYPE that the cut hides.
        return False if len(text) - start > len("<!DOCTYPE") else None
    head = _DOCTYPE_HEAD.match(text, start)
    end = len(text) if head is None else head.end()
    if end == len(text):
        return None
    if text[end] == "[":
        what = "declares entities of its own" if "<!ENTITY" in text else "carries an internal DTD subset"
        raise Refused(Code.XML_REJECTED, _line_and_column(text, end), what)
    return True


def _line_and_column(text: str, at: int) -> str:
    return f"line {text.count(chr(10), 0, at) + 1}, column {at - text.rfind(chr(10), 0, at)}"


def _after_misc(text: str) -> int:
    found = _MISC.match(text)
    return 0 if found is None else found.end()


def _explained(error: etree.XMLSyntaxError, data: bytes, encoding: Encoding) -> Refused:
    line, column = error.position
    number: int = getattr(error, "code", 0)
    where = f"line {line}, column {column}"
    text = data[encoding.mark :].decode(encoding.codec, "replace")
    if _HTML.search(text, 0, _PROLOG_REACH) and "<cXML" not in text:
        return Refused(Code.XML_REJECTED, where, "an HTML page, not cXML")
    if _is_cut_off(text, line, column):
        return Refused(Code.XML_REJECTED, where, f"cut off at line {line}")
    reason = _SYNTAX.get(number, f"libxml2 error {number}")
    return Refused(Code.XML_REJECTED, where, f"not well-formed: {reason}")


def _is_cut_off(text: str, line: int, column: int) -> bool:
    """Tell whether the document ends before its root does, and nothing but its end is wrong."""
    if not text.lstrip().startswith("<"):
        return False
    root = _ROOT.search(text, _after_misc(text))
    if root is not None and re.search(rf"</{re.escape(root.group(1))}\s*>", text):
        return False
    lines = text.split("\n")
    # Columns count bytes, so that in other than ASCII text they lie behind the place, never before it.
    behind = [lines[line - 1][column:], *lines[line:]] if line <= len(lines) else []
    return not any(">" in rest for rest in behind)
