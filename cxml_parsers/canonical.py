"""The identity of a document's content: a hash that re-indenting, re-encoding and another envelope leave alone.

What counts as the same content is decided here and nowhere else; what follows from equality is the ledger's.
"""

import hashlib

from lxml import etree

from cxml_parsers.places import Element
from punchout.model.moments import Clock


def body_sha256(kind: Element, clock: Clock, repairs: set[str]) -> str:
    """Return the SHA-256 of an element in exclusive canonical XML, as hexadecimal text.

    White space between elements must have been dropped before (the walk does). Where a time in the element was read
    in a zone or with an offset that the document does not state, that is part of its content and of the hash.
    """
    digest = hashlib.sha256(_canonical(kind))
    if "bogus_offset" in repairs:
        digest.update(f"\noffset {clock.self_offset}".encode())
    if "naive" in repairs:
        digest.update(f"\nzone {clock.naive_zone}".encode())
    return digest.hexdigest()


def _canonical(element: Element) -> bytes:
    try:
        return etree.tostring(element, method="c14n", exclusive=True, with_comments=False, with_tail=False)
    except etree.C14NError:
        # Canonical XML knows no relative namespace names; such a document is only equal to its own serialisation.
        return etree.tostring(element, encoding="utf-8", with_tail=False)
