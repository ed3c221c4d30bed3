"""Which files of a feed make one export: a JSON file alone, or a CSV manifest with the files it lists.

Nothing is read beyond what a manifest lists. A manifest whose files are not all there waits, and so do CSV files
without a manifest: their writer is not done. Whether the bytes fit is for `exports` to say.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256

from resources.business_central.csv_tables import CSV_SUFFIX, ManifestFile, manifest_files
from resources.business_central.errors import ExportInvalid
from resources.business_central.json_tables import load_object
from resources.mailbox import Entry, EntryNotReady, EntryTooLarge, Mailbox

_MANIFEST = ".manifest.json"
# A manifest names two files; anything longer is refused with the export it claims to be.
_MANIFEST_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Part:
    """A CSV file that a manifest lists, and the SHA-256 (lower-case hex) that it states."""

    entry: Entry
    sha256: str


@dataclass(frozen=True, slots=True)
class Bundle:
    """The files of one export: the JSON file or manifest, and the files that belong to it."""

    document: Entry
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Fetched:
    """The bytes of one export as `read_export` takes them, and the entries to remove once they are committed."""

    data: bytes
    parts: Mapping[str, bytes]
    entries: tuple[Entry, ...]


def bundles(mailbox: Mailbox, entries: Iterable[Entry]) -> Iterator[Bundle]:
    """Yield the exports among the settled entries that are there in full, in the order of their names.

    A manifest that cannot be understood is yielded without parts, so that it is refused instead of waiting for ever.

    Raises:
        MailboxUnavailable: a manifest cannot be fetched, nor anything else.
    """
    by_name = {entry.name: entry for entry in sorted(entries)}
    for name, entry in by_name.items():
        if name.lower().endswith(CSV_SUFFIX):
            continue
        if not name.lower().endswith(_MANIFEST):
            yield Bundle(entry)
            continue
        listed = _listed(mailbox, entry)
        if listed is not None and all(file.name in by_name for file in listed):
            yield Bundle(entry, tuple(Part(by_name[file.name], file.sha256) for file in listed))


def fetch_bundle(mailbox: Mailbox, bundle: Bundle, max_bytes: int) -> Fetched:
    """Fetch the files of one export, none of them above `max_bytes`.

    A CSV file that is not the one the manifest states is no part of the export: it may be the next one's, whose
    manifest is still to come, and stays where it is.

    Raises:
        EntryTooLarge: one of them is above `max_bytes`.
        EntryNotReady: one of them cannot be taken now.
        MailboxUnavailable: nothing can.
    """
    data = mailbox.fetch(bundle.document, max_bytes)
    bodies = [(part, mailbox.fetch(part.entry, max_bytes)) for part in bundle.parts]
    stated = [(part, body) for part, body in bodies if sha256(body).hexdigest() == part.sha256]
    return Fetched(
        data,
        {part.sha256: body for part, body in stated},
        (bundle.document, *(part.entry for part, _ in stated)),
    )


def remove_fetched(mailbox: Mailbox, fetched: Fetched) -> int:
    """Remove the files of an export that is committed, accepted or refused; returns how many stayed.

    The manifest goes first: cut short here, it leaves CSV files that nobody waits for, not a manifest that waits for
    ever for files that were taken.

    Raises:
        MailboxUnavailable: one of them cannot be removed.
    """
    return sum(not mailbox.remove(entry) for entry in fetched.entries)


def _listed(mailbox: Mailbox, manifest: Entry) -> tuple[ManifestFile, ...] | None:
    """Return what a manifest lists, nothing where it cannot be understood, and None where it cannot be read now."""
    try:
        return manifest_files(load_object(mailbox.fetch(manifest, _MANIFEST_BYTES)))
    except EntryNotReady:
        return None
    except (ExportInvalid, EntryTooLarge):
        return ()
