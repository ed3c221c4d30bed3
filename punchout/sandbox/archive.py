"""The archive of what was sent: one file a round, so that keeping hundreds of documents costs one write to the disk.

Nothing is ever changed in it; a round that is played again after a kill writes the same bytes again.
"""

import io
import zipfile
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from punchout.sandbox.exports import OutgoingFile
from punchout.sandbox.state import SentFile, write_durably


def keep(home: Path, round_number: int, files: list[OutgoingFile]) -> None:
    """Archive the files of a round."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for file in files:
            # ZipInfo's own date, not that of the clock, so that equal seeds give equal bytes.
            archive.writestr(zipfile.ZipInfo(f"{file.feed}/{file.name}"), file.body)
    write_durably(_path(home, round_number), stream.getvalue())


def kept(home: Path, files: list[SentFile]) -> Iterator[tuple[SentFile, bytes]]:
    """Return files with their bytes, in the order in which they were sent."""
    for round_number, sent_then in groupby(files, key=lambda sent: sent["round"]):
        with zipfile.ZipFile(_path(home, round_number)) as archive:
            for sent in sent_then:
                yield sent, archive.read(f"{sent['feed']}/{sent['name']}")


def _path(home: Path, round_number: int) -> Path:
    return home / "sent" / f"round-{round_number:02d}.zip"
