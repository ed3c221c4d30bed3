"""After everything the sandbox knows to play, with all its accidents, the stored bytes make the same ledger again."""

from pathlib import Path

import pytest

from punchout.ledger.engine import open_engine, reading
from punchout.ledger.runs import last_as_of
from resources.exchange import open_ledger
from resources.replaying import replay_ledger
from tests.support.sandbox_plays import play

pytestmark = [pytest.mark.slow, pytest.mark.sandbox, pytest.mark.timeout(600)]


def test_a_replay_after_the_whole_script_differs_in_nothing(tmp_path: Path) -> None:
    played = play(tmp_path / "home")
    assert played.settings is not None
    source, target = open_ledger(played.settings), open_engine(f"sqlite:///{tmp_path / 'again.sqlite3'}")
    try:
        found = replay_ledger(played.settings, source, target)
        with reading(source) as connection:
            assert last_as_of(connection) == found.as_of
    finally:
        source.dispose()
        target.dispose()
    assert found.differences == []
    assert (found.is_equal, found.hashes) == (True, (played.hash, played.hash))
    assert found.documents > 100
