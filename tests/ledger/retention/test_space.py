"""What was erased is gone from the database's files too, not only from its tables."""

import hashlib
from pathlib import Path

import pytest
import sqlalchemy as sa

from punchout.ledger.documents import quarantine
from punchout.ledger.engine import reading
from punchout.ledger.retention import space
from punchout.ledger.retention.space import Space, give_back
from punchout.ledger.tables.facts import DOCUMENT, ORDER_BODY
from tests.support.deliveries import cxml
from tests.support.ledgers import each, rows
from tests.support.plays import Play
from tests.support.retention import PERSONAL, aged, purge_now

ONLY_SQLITE = pytest.mark.parametrize("ledgers", ["sqlite"], indirect=True)


def files(engine: sa.Engine) -> bytes:
    paths = [Path(f"{engine.url.database}{ending}") for ending in ("", "-wal")]
    return b"".join(path.read_bytes() for path in paths if path.exists())


@ONLY_SQLITE
def test_no_byte_of_what_was_erased_is_left_in_the_file_or_its_log(play: Play) -> None:
    play.sync(cxml("large.xml", hashlib.shake_256(b"pages of their own").hexdigest(100_000).encode()))
    each(play.engine, lambda c: quarantine.dismiss(c, 1, "ann", "noise", play.now))
    aged(play)
    bodies = [bytes(row["body"]) for table in (DOCUMENT, ORDER_BODY) for row in rows(play.engine, table)]  # type: ignore[call-overload]
    sought = [*(word.encode() for word in PERSONAL), *bodies]
    assert all(one in files(play.engine) for one in bodies[1:3])
    purge_now(play)
    found = give_back(play.engine)
    left = files(play.engine)
    assert [one for one in sought if one in left] == []
    # Bodies that span pages stand in pieces.
    assert not any(body[at : at + 64] in left for body in bodies for at in range(0, len(body) - 64, 64))
    assert (found.problem, (found.after or 0) < (found.before or 0)) == (None, True)
    with reading(play.engine) as connection:
        assert connection.exec_driver_sql("PRAGMA freelist_count").scalar_one() == 0
    assert play.broken_promises() == {}


@ONLY_SQLITE
def test_a_reader_that_keeps_the_log_is_told_of_and_the_next_time_it_is_cleared(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(space, "_PATIENCE_MS", 50)
    aged(play)
    with reading(play.engine) as connection:
        connection.execute(sa.select(DOCUMENT.c.id)).all()
        purge_now(play)
        assert give_back(play.engine).problem is not None
    assert give_back(play.engine).problem is None
    assert not any(word.encode() in files(play.engine) for word in PERSONAL)


@pytest.mark.postgres
@pytest.mark.parametrize("ledgers", ["postgres"], indirect=True)
def test_a_server_makes_room_for_new_rows(play: Play) -> None:
    aged(play)
    purge_now(play)
    assert give_back(play.engine) == Space()
    assert play.broken_promises() == {}
