"""Writes a cXML document in other bytes that mean the same, as a gateway between the parties may.

Everything that Exclusive XML Canonicalization levels out is changed: the order, spacing and quotes of attributes, empty
elements, character references. Nothing else is.
"""

from collections.abc import Iterator

from lxml import etree

from punchout.sandbox.cxml import Element

_XML = "{http://www.w3.org/XML/1998/namespace}"
_DECLARATION = "<?xml version='1.0' encoding='us-ascii'?>\n"


def rewritten(body: bytes) -> bytes:
    """Return the same document in other bytes."""
    root = etree.fromstring(body, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    doctype = body[body.index(b"<!DOCTYPE") : body.index(b">", body.index(b"<!DOCTYPE")) + 1].decode("ascii")
    text: str = _DECLARATION + doctype + "\n" + "".join(_element(root)) + "\n"
    return text.encode("ascii", "xmlcharrefreplace")


def _element(element: Element) -> Iterator[str]:
    tag = str(element.tag)
    attributes = sorted(((str(name), str(value)) for name, value in element.attrib.items()), reverse=True)
    yield "<" + tag + "".join(f"\n  {_name(name)} = '{_escaped(value)}'" for name, value in attributes) + " >"
    yield _escaped(element.text or "")
    for child in element:
        yield from _element(child)
        yield _escaped(child.tail or "")
    yield f"</{tag} >"


def _name(name: str) -> str:
    return name.replace(_XML, "xml:")


def _escaped(text: str) -> str:
    for plain, written in (("&", "&#38;"), ("<", "&#60;"), (">", "&#62;"), ("'", "&#39;")):
        text = text.replace(plain, written)
    return text
