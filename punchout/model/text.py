"""What text may be written into an XML document. How documents are written is `cxml_parsers`."""

import re

# XML 1.0, production Char: everything else cannot be written, not even as a character reference.
_OUTSIDE_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def unwritable(text: str) -> str | None:
    """Return the first character of `text` that no XML 1.0 document can hold, as `U+0001`; None where all is well."""
    # What Python calls printable can be written, and is told much faster than by looking at each character.
    found = None if text.isprintable() else _OUTSIDE_XML.search(text)
    return None if found is None else f"U+{ord(found.group()):04X}"
