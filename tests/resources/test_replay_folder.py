"""The folder of a replay that nobody keeps: gone afterwards, and gone too where its process was killed."""

from pathlib import Path

import pytest

from resources.replay_folder import replay_folder


def replays_in(home: Path) -> list[Path]:
    return sorted(home.glob("replay-*"))


def test_the_folder_is_its_owners_alone_and_is_removed_afterwards(tmp_path: Path) -> None:
    with replay_folder(tmp_path) as folder:
        assert (folder.parent, folder.stat().st_mode & 0o777) == (tmp_path, 0o700)
        (folder / "ledger.sqlite3").write_bytes(b"large")
    assert replays_in(tmp_path) == []


def test_the_folder_is_removed_where_the_replay_fails(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="refused"), replay_folder(tmp_path):
        raise ValueError("refused")
    assert replays_in(tmp_path) == []


def test_what_a_killed_replay_has_left_goes_with_the_next_one(tmp_path: Path) -> None:
    left = tmp_path / "replay-killed"
    left.mkdir()
    (left / "ledger.sqlite3").write_bytes(b"large")
    with replay_folder(tmp_path) as folder:
        assert replays_in(tmp_path) == [folder]


def test_a_replay_that_is_going_on_keeps_its_folder(tmp_path: Path) -> None:
    with replay_folder(tmp_path) as first, replay_folder(tmp_path) as second:
        assert replays_in(tmp_path) == sorted((first, second))
