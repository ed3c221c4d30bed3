"""A file of a folder given piece by piece: whole, or not at all in the end."""

import os
from pathlib import Path

import pytest

from resources.local_folder import LocalFolder
from resources.mailbox import Entry, EntryNotReady


def put(folder: Path, data: bytes) -> Entry:
    (folder / "a.xml").write_bytes(data)
    (entry,) = LocalFolder(folder).settled()
    return entry


@pytest.mark.parametrize("size", [0, 1, 1024 * 1024, 2_500_000])
def test_a_file_is_given_piece_by_piece(tmp_path: Path, size: int) -> None:
    data = os.urandom(size)
    pieces = list(LocalFolder(tmp_path).pieces(put(tmp_path, data)))
    assert (b"".join(pieces), max(map(len, pieces), default=0) <= 1024 * 1024) == (data, True)


@pytest.mark.parametrize("later", [b"", b"xx"])
def test_a_file_that_changes_while_its_pieces_are_taken_is_not_taken(tmp_path: Path, later: bytes) -> None:
    pieces = LocalFolder(tmp_path).pieces(put(tmp_path, b"x" * 1024 * 1024))
    next(pieces)
    (tmp_path / "a.xml").write_bytes(later)
    with pytest.raises(EntryNotReady, match="changed while it was read"):
        list(pieces)


@pytest.mark.parametrize("name", ["../x.xml", "/etc/passwd", "..", ".", "", "a\x00b"])
def test_no_pieces_come_from_outside_the_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(EntryNotReady):
        list(LocalFolder(tmp_path).pieces(Entry(name, 7, 0)))
