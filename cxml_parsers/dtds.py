"""The official cXML DTDs, where their user has put them: unpacking the archive, and validating by kind.

The DTDs may be used and passed on unmodified with their licence; none is shipped with this package. They are loaded
from the folder once, by our own choice of module: never over the network, never by what a document's DOCTYPE says.
Findings decide nothing; a document that breaks the DTD is read all the same.
"""

import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Final, cast

from lxml import etree

from cxml_parsers.guard import parse
from cxml_parsers.places import Element, place_of
from punchout.model.codes import Code
from punchout.model.documents import Note
from punchout.model.unreadable import Refused

_MODULES: Final = (
    "cXML.dtd", "Fulfill.dtd", "InvoiceDetail.dtd", "Catalog.dtd", "Contract.dtd", "Logistics.dtd",
    "PaymentRemittance.dtd", "Private.dtd", "Quote.dtd",
)  # fmt: skip
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
_MOST_FILES = 200
_LARGEST_FILE = 10 * 1024 * 1024
_LARGEST_ARCHIVE = 50 * 1024 * 1024
_EXTERNAL: Final = re.compile(rb"<!ENTITY\s+(?:%\s+)?[\w.:-]+\s+(?:SYSTEM|PUBLIC)\s")
_IS_LICENCE: Final = ("license", "licence")


@dataclass(frozen=True, slots=True)
class Installed:
    """What `install` has put into the folder: names of files, and the modules that were not in the archive."""

    files: tuple[str, ...]
    missing: tuple[str, ...]


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
        root = parse(data, max_bytes).root
        return self.findings(root)

    def findings(self, root: Element) -> tuple[Note, ...]:
        """Return what the DTD of its kind says about a parsed document."""
        module = module_of(root)
        dtd = self._dtd(module)
        if dtd is None or dtd.validate(root):
            return ()
        # The stubs do not know that a log is a sequence.
        log = cast("Sequence[etree._LogEntry]", dtd.error_log)  # noqa: SLF001
        return tuple(_finding(root, entry, module) for entry in islice(log, _MOST_FINDINGS))

    def has(self, module: str) -> bool:
        """Tell whether a module is in the folder."""
        return self._dtd(module) is not None

    def _dtd(self, module: str) -> etree.DTD | None:
        if module not in self._loaded:
            path = self._folder / module
            self._loaded[module] = _load(path) if path.is_file() else None
        return self._loaded[module]


def module_of(root: Element) -> str:
    """Return the name of the DTD module that describes a document, by its kind."""
    for wrapper in root:
        for kind in wrapper if wrapper.tag in ("Request", "Message", "Response") else ():
            if kind.tag in _MODULE_OF:
                return _MODULE_OF[kind.tag]
    return "cXML.dtd"


def install(archive: bytes, folder: Path) -> Installed:
    """Check an archive of DTDs and unpack the modules and the licence from it; nothing else is taken.

    Raises:
        Refused: no zip archive, one that is out of all proportion, without the licence or the three modules that
            are needed, or with a module that is no DTD.
    """
    if len(archive) > _LARGEST_ARCHIVE:
        raise _unfit(f"larger than {_LARGEST_ARCHIVE} bytes")
    files = _wanted(archive)
    missing = tuple(name for name in _MODULES if name not in files)
    needed = [name for name in ("cXML.dtd", "Fulfill.dtd", "InvoiceDetail.dtd") if name in missing]
    if needed:
        raise _unfit(f"it lacks {', '.join(needed)}")
    if not any(name.casefold().startswith(_IS_LICENCE) for name in files):
        raise _unfit("it lacks the licence, which must stay with the DTDs")
    for name, content in files.items():
        if name.endswith(".dtd"):
            _checked(name, content)
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        part = folder / f"{name}.part"
        part.write_bytes(content)
        part.replace(folder / name)
    return Installed(tuple(sorted(files)), missing)


def _wanted(archive: bytes) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as opened:
            members = opened.infolist()
            if len(members) > _MOST_FILES:
                raise _unfit(f"more than {_MOST_FILES} files")
            for member in members:
                # Only the last step of a name counts, and only if we know it: no path of the archive is ever used.
                name = _known_name(PurePosixPath(member.filename.replace("\\", "/")).name)
                if name is None or member.is_dir():
                    continue
                if name in files:
                    raise _unfit(f"it holds {name} twice")
                files[name] = _content(opened, member)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, OSError, RuntimeError, NotImplementedError, EOFError) as error:
        raise _unfit(f"no readable zip archive ({type(error).__name__})") from None
    except ValueError as error:
        if isinstance(error, Refused):
            raise
        raise _unfit("no readable zip archive") from None
    return files


def _content(opened: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    with opened.open(member) as stream:
        # What the archive says about sizes is not believed.
        content = stream.read(_LARGEST_FILE + 1)
    if len(content) > _LARGEST_FILE:
        raise _unfit(f"a file is larger than {_LARGEST_FILE} bytes")
    return content


def _known_name(name: str) -> str | None:
    for known in _MODULES:
        if name.casefold() == known.casefold():
            return known
    stem = PurePosixPath(name).stem.casefold()
    is_licence = stem.startswith(_IS_LICENCE) and name.isascii() and name.replace("-", "").replace(".", "").isalnum()
    return name if is_licence else None


def _checked(name: str, content: bytes) -> None:
    if _EXTERNAL.search(content):
        raise _unfit(f"{name} refers to another file")
    try:
        etree.DTD(io.BytesIO(content))
    except etree.DTDParseError:
        raise _unfit(f"{name} is no DTD") from None


def _load(path: Path) -> etree.DTD:
    # From bytes, so that nothing is resolved relative to anything.
    content = path.read_bytes()
    _checked(path.name, content)
    return etree.DTD(io.BytesIO(content))


def _unfit(detail: str) -> Refused:
    return Refused(Code.STRUCT_INVALID, None, f"not an archive of DTDs: {detail}")


def _finding(root: Element, entry: "etree._LogEntry", module: str) -> Note:
    found = root.getroottree().xpath(entry.path) if entry.path else []
    element = found[0] if isinstance(found, list) and found else root
    where = place_of(element) if isinstance(element, etree._Element) else "/cXML"  # noqa: SLF001
    return Note(Code.STRUCT_DEVIATION, where, f"{module}: {entry.message[:300]}")
