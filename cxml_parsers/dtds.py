"""Validating documents by the official cXML DTDs, where their user has put them; unpacking those is `dtd_archive`.

The DTDs are loaded from the folder once, by our own choice of module: never over the network, never by what a
document's DOCTYPE says. Findings decide nothing; a document that breaks the DTD is read all the same.
"""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Final, cast

from lxml import etree

from cxml_parsers.guard import parse
from cxml_parsers.places import Element, place_of
from punchout.model.codes import Code
from punchout.model.documents import Note
from punchout.model.parsed import Parsed
from punchout.model.unreadable import Refused

MODULES: Final = (
    "cXML.dtd", "Fulfill.dtd", "InvoiceDetail.dtd", "Catalog.dtd", "Contract.dtd", "Logistics.dtd",
    "PaymentRemittance.dtd", "Private.dtd", "Quote.dtd",
)  # fmt: skip
"""The modules of the specification."""
# cXML Reference Guide, "cXML DTDs": each document is described by one module; what is not named here by cXML.dtd.
_MODULE_OF: Final = {
    "ConfirmationRequest": "Fulfill.dtd",
    "ShipNoticeRequest": "Fulfill.dtd",
    "InvoiceDetailRequest": "InvoiceDetail.dtd",
    "CatalogUploadRequest": "Catalog.dtd",
    "QuoteMessage": "Quote.dtd",
    "QuoteRequest": "Quote.dtd",
}
_MOST_FINDINGS = 50
_EXTERNAL: Final = re.compile(rb"<!ENTITY\s+(?:%\s+)?[\w.:-]+\s+(?:SYSTEM|PUBLIC)\s")


@dataclass(frozen=True, slots=True)
class Checked:
    """What a DTD says of a document: the module it was held against, and its findings, empty where it is valid."""

    module: str
    findings: tuple[Note, ...]


class DtdShelf:
    """The DTDs of a folder, each loaded when it is first needed and then kept."""

    def __init__(self, folder: Path) -> None:
        """Look at nothing yet."""
        self._folder = folder
        self._loaded: dict[str, etree.DTD | None] = {}

    def validate(self, data: bytes, max_bytes: int = 20 * 1024 * 1024) -> tuple[Note, ...]:
        """Return what the DTD of its kind says about a document: empty where it is valid or no DTD is there.

        Raises:
            Refused: the bytes cannot be read as XML.
        """
        checked = self.check(data, max_bytes)
        return () if checked is None else checked.findings

    def check(self, data: bytes, max_bytes: int) -> Checked | None:
        """Hold a document against the DTD of its kind; None where that is not in the folder.

        Raises:
            Refused: the bytes cannot be read as XML, or what is in the folder is no DTD.
        """
        root = parse(data, max_bytes).root
        module = module_of(root)
        dtd = self._dtd(module)
        if dtd is None or dtd.validate(root):
            return None if dtd is None else Checked(module, ())
        # The stubs do not know that a log is a sequence.
        log = cast("Sequence[etree._LogEntry]", dtd.error_log)  # noqa: SLF001
        return Checked(module, tuple(_finding(root, entry, module) for entry in islice(log, _MOST_FINDINGS)))

    def has(self, module: str) -> bool:
        """Tell whether a module is in the folder."""
        return self._dtd(module) is not None

    def _dtd(self, module: str) -> etree.DTD | None:
        if module not in self._loaded:
            path = self._folder / module
            self._loaded[module] = checked_module(module, path.read_bytes()) if path.is_file() else None
        return self._loaded[module]


def module_of(root: Element) -> str:
    """Return the name of the DTD module that describes a document, by its kind."""
    for wrapper in root:
        for kind in wrapper if wrapper.tag in ("Request", "Message", "Response") else ():
            if kind.tag in _MODULE_OF:
                return _MODULE_OF[kind.tag]
    return "cXML.dtd"


@cache
def shelf_of(folder: Path) -> DtdShelf:
    """Return the shelf of a folder: one for the whole process, so that its DTDs are loaded once."""
    return DtdShelf(folder)


def with_findings(parsed: Parsed, data: bytes, folder: Path | None, max_bytes: int) -> Parsed:
    """Return an accepted document with what its DTD says among the notes; unchanged where there is no DTD for it."""
    if folder is None or not parsed.accepted:
        return parsed
    try:
        findings = shelf_of(folder).validate(data, max_bytes)
    except Refused:
        # A DTD that cannot be loaded is for `punchout doctor` to tell; no document suffers from it.
        return parsed
    return replace(parsed, notes=(*parsed.notes, *findings)) if findings else parsed


def checked_module(name: str, content: bytes) -> etree.DTD:
    """Load a module, if it is a DTD that stands for itself.

    Raises:
        Refused: it refers to another file, or is no DTD.
    """
    if _EXTERNAL.search(content):
        raise Refused(Code.STRUCT_INVALID, None, f"{name} refers to another file")
    try:
        # From bytes, so that nothing is resolved relative to anything.
        return etree.DTD(io.BytesIO(content))
    except etree.DTDParseError:
        raise Refused(Code.STRUCT_INVALID, None, f"{name} is no DTD") from None


def _finding(root: Element, entry: "etree._LogEntry", module: str) -> Note:
    found = root.getroottree().xpath(entry.path) if entry.path else []
    element = found[0] if isinstance(found, list) and found else root
    where = place_of(element) if isinstance(element, etree._Element) else "/cXML"  # noqa: SLF001
    return Note(Code.STRUCT_DEVIATION, where, f"{module}: {entry.message[:300]}")
