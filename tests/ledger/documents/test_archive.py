"""Large bodies lie in files beside the database, and nothing that is done with a document tells the difference."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from punchout.ledger import bodies
from punchout.ledger.archive import OPTION, Archive
from punchout.ledger.bodies import BodyLostError
from punchout.ledger.documents import quarantine
from punchout.ledger.engine import open_engine, reading
from punchout.ledger.tables.facts import DOCUMENT
from resources.replaying import replay_ledger
from tests.support.ledgers import Ledgers, rows
from tests.support.plays import Play
from tests.support.retention import aged, documents_of, everything_aged, purge_now
from tests.support.stories import HTML_PAGE

LARGE = HTML_PAGE.saying("x" * (1024 * 1024), instead_of="502 Bad Gateway")


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "archive", may_be_made=True)


@pytest.fixture
def archiving(play: Play, archive: Archive) -> Play:
    """An exchange with an archive, on either database."""
    play.engine = play.engine.execution_options(**{OPTION: archive})
    return play


@pytest.fixture
def everything_is_large() -> Iterator[None]:
    """Put every body into the archive."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bodies, "LARGEST_IN_DATABASE", -1)
        yield


def files(archive: Archive) -> list[Path]:
    return sorted(path for path in archive.folder.rglob("*") if path.is_file())


def body(play: Play, number: int = 1) -> bytes | None:
    with reading(play.engine) as connection:
        return quarantine.body(connection, number)


def test_a_large_body_lies_in_the_archive_and_is_given_back(archiving: Play, archive: Archive) -> None:
    archiving.sync(LARGE, HTML_PAGE)
    large, small = rows(archiving.engine, DOCUMENT)
    assert (large["codec"], large["body"], small["codec"]) == ("archive", b"", "zlib")
    (file,) = files(archive)
    sha = str(large["stored_sha256"])
    assert (file, file.stat().st_mode & 0o777) == (archive.folder / sha[:2] / sha[2:4] / f"{sha}.zlib", 0o400)
    assert body(archiving) == LARGE.data
    assert archiving.broken_promises() == {}


def test_a_body_of_a_megabyte_lies_in_the_database(archiving: Play, archive: Archive) -> None:
    most = HTML_PAGE.saying("x" * (1024 * 1024 - len(HTML_PAGE.data) + len("502 Bad Gateway")), "502 Bad Gateway")
    assert len(most.data) == 1024 * 1024
    archiving.sync(most)
    assert (rows(archiving.engine, DOCUMENT)[0]["codec"], files(archive)) == ("zlib", [])


def test_the_same_large_document_is_one_file(archiving: Play, archive: Archive) -> None:
    archiving.sync(LARGE)
    assert archiving.deliver(LARGE.again("again.xml")).new == 0
    assert len(files(archive)) == 1


@pytest.mark.usefixtures("everything_is_large")
def test_every_story_is_the_same_with_every_body_in_the_archive(
    ledgers: Ledgers, archiving: Play, archive: Archive, tmp_path: Path
) -> None:
    everything_aged(archiving)
    assert {row["codec"] for row in rows(archiving.engine, DOCUMENT)} == {"archive"}
    assert archiving.broken_promises() == {}
    target = open_engine(f"sqlite:///{tmp_path / 'again.sqlite3'}")
    try:
        assert replay_ledger(archiving.settings, archiving.engine, target).is_equal
        assert len(list((tmp_path / "again.sqlite3-archive").rglob("*.zlib"))) > 0
        assert Play(target, tmp_path / "home").broken_promises() == {}
    finally:
        target.dispose()
    with ledgers.blank() as without:
        plain = without if ledgers.kind == "postgres" else without.execution_options(**{OPTION: None})
        assert replay_ledger(archiving.settings, archiving.engine, plain).is_equal
        assert {row["codec"] for row in rows(without, DOCUMENT)} == {"zlib"}
    digest, before = archiving.hash(), len(files(archive))
    gone = sum(purge_now(archiving).taken.documents.values())
    left = {str(row["stored_sha256"]) for row in rows(archiving.engine, DOCUMENT) if row["codec"] == "archive"}
    assert {path.name.removesuffix(".zlib") for path in files(archive)} == left
    assert before - len(left) >= gone > 0
    assert (archiving.hash(), archiving.broken_promises()) == (digest, {})


@pytest.mark.usefixtures("everything_is_large")
def test_a_body_that_another_document_needs_is_not_removed(archiving: Play, archive: Archive) -> None:
    aged(archiving)
    confirmation, *_ = documents_of()
    archiving.deliver(type(confirmation)("cart", "same-bytes.xml", confirmation.data))
    purge_now(archiving)
    left = [row for row in rows(archiving.engine, DOCUMENT) if row["codec"] == "archive"]
    assert len(left) == len(files(archive)) == 1


@pytest.mark.parametrize("harm", ["missing", "damaged", "another"])
def test_a_lost_body_is_told_by_the_promise_about_bytes_and_by_whoever_wants_it(
    archiving: Play, archive: Archive, harm: str
) -> None:
    archiving.sync(LARGE)
    (file,) = files(archive)
    data = file.read_bytes()
    file.unlink()
    if harm != "missing":
        file.write_bytes(data[:-9] if harm == "damaged" else bodies.pack(b"another").data)
        file.chmod(0o400)
    broken = archiving.broken_promises()
    assert list(broken) == ["I6"]
    assert "document 1 are lost" in broken["I6"]
    with pytest.raises(BodyLostError):
        body(archiving)
    with pytest.raises(BodyLostError):
        replay_ledger(archiving.settings, archiving.engine, open_engine("sqlite://"))


def test_a_file_that_nothing_needs_goes_with_the_next_purge_once_nobody_can_be_writing_it(
    archiving: Play, archive: Archive
) -> None:
    archive.keep("ab" * 32, b"never committed")
    archiving.sync(LARGE)
    (archive.path_of("ab" * 32).parent / ".x.part").write_bytes(b"begun")
    purge_now(archiving)
    assert len(files(archive)) == 3
    hours_ago = time.time() - 7_200
    for path in files(archive):
        os.utime(path, (hours_ago, hours_ago))
    purge_now(archiving)
    assert [path.name.removesuffix(".zlib") for path in files(archive)] == [
        row["stored_sha256"] for row in rows(archiving.engine, DOCUMENT)
    ]
    assert archiving.broken_promises() == {}


def test_an_archive_that_is_not_there_is_not_made_and_nothing_is_taken_in(play: Play, tmp_path: Path) -> None:
    play.engine = play.engine.execution_options(**{OPTION: Archive(tmp_path / "not-mounted")})
    with pytest.raises(FileNotFoundError):
        play.deliver(LARGE)
    assert (rows(play.engine, DOCUMENT), (tmp_path / "not-mounted").exists()) == ([], False)


def test_bodies_of_a_database_without_an_archive_lie_in_it(play: Play) -> None:
    play.engine = play.engine.execution_options(**{OPTION: None})
    play.sync(LARGE)
    assert (rows(play.engine, DOCUMENT)[0]["codec"], body(play)) == ("zlib", LARGE.data)


def test_what_cannot_be_masked_is_never_shown_from_the_archive_either(archiving: Play) -> None:
    archiving.sync(type(LARGE)("cxml", "odd.xml", b"\xff\x00\xfe" * (400 * 1024)))
    (row,) = rows(archiving.engine, DOCUMENT)
    assert (row["codec"], body(archiving)) == ("opaque-archive", None)


def test_a_row_of_either_place_reads_the_same(archiving: Play) -> None:
    archiving.sync(LARGE)
    with reading(archiving.engine) as connection:
        row = connection.execute(sa.select(*bodies.BODY)).one()
        assert bodies.body_of(connection, row) == LARGE.data
