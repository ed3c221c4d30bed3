"""What stands at a place of a stored document, for a person who asks why a value is what it is.

Paths come from `cxml_parsers.paths` alone, never from outside.
"""

from lxml import etree

from cxml_parsers.guard import parse


def text_at(data: bytes, path: str, max_bytes: int) -> str | None:
    """Return the text or attribute at a path; None where nothing stands there, or an element without text of its own.

    Raises:
        Refused: the bytes cannot be read as XML.
    """
    found = parse(data, max_bytes).root.getroottree().xpath(path)
    if not isinstance(found, list) or not found:
        return None
    first = found[0]
    text = first.text if isinstance(first, etree._Element) else str(first)  # noqa: SLF001 - the class has no public name
    return (text or "").strip() or None
