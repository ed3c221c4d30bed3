"""The archive of official cXML DTDs: what is taken from it, into the folder that `dtds` reads, and what lies there.

Only modules and the licence are taken, by names known here: no path of an archive is ever used. The DTDs may be used
and passed on unmodified with their licence; none is shipped with this package, only the fingerprints of a release.
"""

import hashlib
import io
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from cxml_parsers.dtds import MODULES, checked_module
from punchout.model.codes import Code
from punchout.model.unreadable import Refused

_NEEDED: Final = ("cXML.dtd", "Fulfill.dtd", "InvoiceDetail.dtd")
_MOST_FILES = 200
_LARGEST_FILE = 10 * 1024 * 1024
LARGEST_ARCHIVE: Final = 50 * 1024 * 1024
_LICENCE: Final = ("license", "licence")
_VERSION: Final = re.compile(rb'<!ENTITY\s+cxml\.version\s+"(1\.\d\.\d{3})"')

# SHA-256 of the modules as they are published, by version.
_PUBLISHED: Final = {
    "113a82e3f7e86c9503a1d1a228735b7e7f453749e7490d71380b758c5ac30ba2": "1.2.071",  # Catalog.dtd
    "1a9cea79eff811e909f0c2d696505d5373d7795d5bae78ff22b1a5fb240ee8fb": "1.2.071",  # Contract.dtd
    "1bdb5394eac2ea243dcb124e7cb149603a53848a75d89018ee06bdc6e699d21c": "1.2.071",  # Fulfill.dtd
    "4351e2b54d919e8b89c5e1dd6791347649334acec4ec3e0b31180b17163336c1": "1.2.071",  # InvoiceDetail.dtd
    "e36913216f99e88ca731f7e65b613dde49830a10961ae5b5493cc3ecbafceafa": "1.2.071",  # Logistics.dtd
    "4068ed75161e6bf3625062838c9aa96d7ecd93cbe68d2de36e7dd6dbbcf58050": "1.2.071",  # PaymentRemittance.dtd
    "6dac214b0bfc45e88e4574897ec811fb103cf7ffdca3322073c84c107e41338a": "1.2.071",  # Private.dtd
    "01b084f04a9f6a0ff047c6feb111a08f768abb702c8648d3e40676783e951414": "1.2.071",  # Quote.dtd
    "d267ad7b19cbd6608b972821daacab0f4d94a8ec78610b7127dba23222198a64": "1.2.071",  # cXML.dtd
}


@dataclass(frozen=True, slots=True)
class DtdFile:
    """A file of the folder.

    Attributes:
        name: of the module or licence.
        size: in bytes.
        sha256: as hexadecimal text.
        version: the cXML version a module says it is of, None for a licence or a module that does not say.
        is_published: its bytes are known to be those of that version's release.
    """

    name: str
    size: int
    sha256: str
    version: str | None
    is_published: bool


@dataclass(frozen=True, slots=True)
class Installed:
    """What is in the folder: its files by name, and the modules that are not there."""

    files: tuple[DtdFile, ...]
    missing: tuple[str, ...]

    @property
    def versions(self) -> tuple[str, ...]:
        """The cXML versions of the modules, each once."""
        return tuple(sorted({file.version for file in self.files if file.version is not None}))

    @property
    def unpublished(self) -> tuple[str, ...]:
        """The modules whose bytes are those of no release that is known here."""
        return tuple(file.name for file in self.files if file.name in MODULES and not file.is_published)

    @property
    def is_usable(self) -> bool:
        """Whether the modules of carts, orders, confirmations, ship notices and invoices are all there."""
        return not set(_NEEDED) & set(self.missing)


def install(archive: bytes, folder: Path) -> Installed:
    """Check an archive of DTDs and unpack the modules and the licence from it; nothing else is taken.

    Raises:
        Refused: no zip archive, one that is out of all proportion, without the licence or the three modules that
            are needed, or with a module that is no DTD.
    """
    files = _sound(archive)
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        part = folder / f"{name}.part"
        part.write_bytes(content)
        part.replace(folder / name)
    return _described(files)


def checked(archive: bytes) -> Installed:
    """Check an archive of DTDs and return what `install` would unpack.

    Raises:
        Refused: as `install`.
    """
    return _described(_sound(archive))


def _sound(archive: bytes) -> dict[str, bytes]:
    if len(archive) > LARGEST_ARCHIVE:
        raise _unfit(f"larger than {LARGEST_ARCHIVE} bytes")
    files = _wanted(archive)
    needed = [name for name in _NEEDED if name not in files]
    if needed:
        raise _unfit(f"it lacks {', '.join(needed)}")
    if not any(name.casefold().startswith(_LICENCE) for name in files):
        raise _unfit("it lacks the licence, which must stay with the DTDs")
    for name, content in files.items():
        if name.endswith(".dtd"):
            checked_module(name, content)
    return files


def installed(folder: Path) -> Installed:
    """Return what lies in a folder, without loading any of it; nothing where there is none."""
    if not folder.is_dir():
        return _described({})
    names = {path.name: path for path in sorted(folder.iterdir()) if path.is_file()}
    return _described({name: path.read_bytes() for name, path in names.items() if _known_name(name) == name})


def _described(files: dict[str, bytes]) -> Installed:
    found = tuple(_file(name, files[name]) for name in sorted(files))
    return Installed(found, tuple(name for name in MODULES if name not in files))


def _file(name: str, content: bytes) -> DtdFile:
    digest, stated = hashlib.sha256(content).hexdigest(), _VERSION.search(content)
    return DtdFile(
        name,
        len(content),
        digest,
        None if stated is None else stated.group(1).decode(),
        digest in _PUBLISHED,
    )


def _wanted(archive: bytes) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as opened:
            members = opened.infolist()
            if len(members) > _MOST_FILES:
                raise _unfit(f"more than {_MOST_FILES} files")
            for member in members:
                # Only the last step of a name counts, and only if we know it.
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
    for known in MODULES:
        if name.casefold() == known.casefold():
            return known
    stem = PurePosixPath(name).stem.casefold()
    is_licence = stem.startswith(_LICENCE) and name.isascii() and name.replace("-", "").replace(".", "").isalnum()
    return name if is_licence else None


def _unfit(detail: str) -> Refused:
    return Refused(Code.STRUCT_INVALID, None, f"not an archive of DTDs: {detail}")
