"""The identity of a document's content: a hash that re-indenting, re-serialising and another envelope leave alone.

What counts as the same content is decided here and nowhere else; what follows from equality is the ledger's.
"""

import hashlib

from cxml_parsers.scan import XML_SPACE, Scan


def body_sha256(scan: Scan, start: int, end: int) -> str:
    """Return the SHA-256 of the element in the pieces from `start` to before `end`, as hexadecimal text.

    The element is taken as libxml2 writes it, with attributes in usual order and without white space between elements.
    Where a time in it was read in a zone or with an offset that the document does not state, that is part of its
    content and of the hash.
    """
    text = "<".join(_usual(scan, start, end)) if scan.reordered or scan.has_blanks else _slice(scan, start, end)
    digest = hashlib.sha256(text.encode())
    if "bogus_offset" in scan.repairs:
        digest.update(f"\noffset {scan.clock.self_offset}".encode())
    if "naive" in scan.repairs:
        digest.update(f"\nzone {scan.clock.naive_zone}".encode())
    return digest.hexdigest()


def _slice(scan: Scan, start: int, end: int) -> str:
    """Return the pieces as they stand in the text."""
    pieces = scan.pieces
    first = sum(map(len, pieces[:start])) + start + 1
    behind = sum(map(len, pieces[end:])) + len(pieces) - end + len(pieces[end - 1].partition(">")[2]) + 1
    return scan.text[first : len(scan.text) - behind]


def _usual(scan: Scan, start: int, end: int) -> list[str]:
    pieces = scan.pieces[start:end]
    for index, head in scan.reordered.items():
        if start <= index < end:
            pieces[index - start] = f"{head}>{scan.pieces[index].partition('>')[2]}"
    # What stands behind the element's end is not its own.
    pieces[-1] = pieces[-1].partition(">")[0]
    if scan.has_blanks:
        # The parser drops most of it; what it keeps depends on where its buffers end.
        return [_without_blank(piece, following) for piece, following in zip(pieces, [*pieces[1:], "/"], strict=True)]
    return pieces


def _without_blank(piece: str, following: str) -> str:
    head, mark, text = piece.partition(">")
    is_leaf = following[0] == "/" and piece[0] != "/" and head[-1] != "/"
    return piece if is_leaf or text.strip(XML_SPACE) else head + mark
