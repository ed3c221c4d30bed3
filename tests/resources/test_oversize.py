"""A file above the size bound: its bytes are kept, it is listed with the reason, and it holds up nothing."""

import os
import shutil
import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from punchout.ledger.bodies import sha256
from punchout.ledger.documents import quarantine
from punchout.ledger.engine import reading
from punchout.ledger.errors import NotPossibleError
from punchout.ledger.upkeep.rebuild import rebuild
from punchout.ledger.views.status import status_report
from resources import oversize
from resources.exchange import Exchange
from resources.verification import verify_ledger
from tests.support.exchange_home import at, drop, home_settings, opened
from tests.support.ledgers import each
from tests.support.stories import confirmed

NOON = at("2026-03-02T12:00:00Z")
SMALL = confirmed().data
LARGE = SMALL.replace(b"</cXML>", b"<!-- " + b"x" * 10_000 + b" --></cXML>")


@pytest.fixture
def exchange(tmp_path: Path) -> Iterator[Exchange]:
    with opened(home_settings(tmp_path / "home", documents={"max_bytes": 8_000}), NOON) as exchange:
        yield exchange


def listed(exchange: Exchange) -> list[quarantine.Quarantined]:
    with reading(exchange.engine) as connection:
        return quarantine.listed(connection)


def inbox(exchange: Exchange, feed: str = "cxml") -> list[str]:
    return sorted(path.name for path in exchange.settings.feeds[feed].path.iterdir())


def kept(exchange: Exchange) -> Path:
    return exchange.settings.home / oversize.KEPT / sha256(LARGE)


def test_it_is_one_quarantined_document_with_reason_size_and_hash(exchange: Exchange) -> None:
    drop(exchange.settings, "cxml", "large.xml", LARGE)
    taken = exchange.receive()["cxml"]
    assert (taken.total, taken.new, taken.oversize, inbox(exchange)) == (1, 1, 0, [])
    (found,) = listed(exchange)
    assert (found.reason, found.size, found.received_sha256) == ("XML_REJECTED", len(LARGE), sha256(LARGE))
    assert (found.names, found.detail) == (
        ("large.xml",),
        f"{len(LARGE)} bytes are above documents.max_bytes (8000); kept as oversize/{sha256(LARGE)}",
    )


def test_its_bytes_are_kept_for_the_owner_alone(exchange: Exchange) -> None:
    drop(exchange.settings, "cxml", "large.xml", LARGE)
    exchange.receive()
    assert kept(exchange).read_bytes() == LARGE
    assert kept(exchange).stat().st_mode & 0o777 == 0o600


def test_the_same_file_again_is_the_same_document(exchange: Exchange) -> None:
    new = []
    for name in ("large.xml", "again.xml"):
        drop(exchange.settings, "cxml", name, LARGE)
        new.append(exchange.receive()["cxml"].new)
    assert new == [1, 0]
    (found,) = listed(exchange)
    assert sorted(found.names) == ["again.xml", "large.xml"]
    assert inbox(exchange) == []


def test_it_holds_up_no_other_document(exchange: Exchange) -> None:
    drop(exchange.settings, "cxml", "a-large.xml", LARGE)
    drop(exchange.settings, "cxml", "b-small.xml", SMALL)
    exchange.receive()
    assert exchange.parse().total == 1


def test_an_export_that_is_too_large_is_an_invalid_export(exchange: Exchange) -> None:
    drop(exchange.settings, "bc_requests", "large.json", b" " * 9_000)
    exchange.receive()
    exchange.import_exports("bc_requests")
    assert [found.reason for found in listed(exchange)] == ["EXPORT_INVALID"]


def test_it_is_an_exception_that_a_rebuild_finds_again(exchange: Exchange) -> None:
    drop(exchange.settings, "cxml", "large.xml", LARGE)
    exchange.receive()
    before = _exceptions(exchange.engine)
    assert [one["code"] for one in before] == ["XML_REJECTED"]
    each(exchange.engine, rebuild)
    assert _exceptions(exchange.engine) == before
    assert verify_ledger(exchange.settings, exchange.engine)["ok"] is True


def test_it_cannot_be_read_again_from_here_and_says_what_to_do(exchange: Exchange) -> None:
    drop(exchange.settings, "cxml", "large.xml", LARGE)
    exchange.receive()
    (found,) = listed(exchange)
    with pytest.raises(NotPossibleError, match="Move it into its feed"):
        each(exchange.engine, lambda c: quarantine.redrive(c, found.document_id, "ann", NOON))


def test_once_the_bound_allows_it_the_kept_file_is_read_like_any_other(exchange: Exchange) -> None:
    drop(exchange.settings, "cxml", "large.xml", LARGE)
    exchange.receive()
    roomy = home_settings(exchange.settings.home, documents={"max_bytes": 100_000})
    again = Exchange(roomy, exchange.engine, NOON)
    kept(exchange).rename(roomy.feeds["cxml"].path / "large.xml")
    again.receive()
    assert again.parse().total == 1


def test_a_crash_between_keeping_and_listing_loses_nothing(exchange: Exchange, monkeypatch: pytest.MonkeyPatch) -> None:
    drop(exchange.settings, "cxml", "large.xml", LARGE)
    with monkeypatch.context() as broken:
        broken.setattr(oversize, "receive_too_large", _crash)
        with pytest.raises(KeyboardInterrupt):
            exchange.receive()
    assert (inbox(exchange), listed(exchange)) == (["large.xml"], [])
    exchange.receive()
    assert (inbox(exchange), len(listed(exchange)), kept(exchange).read_bytes()) == ([], 1, LARGE)


def test_one_that_cannot_be_written_stays_and_is_counted_and_stops_no_other(exchange: Exchange) -> None:
    drop(exchange.settings, "cxml", "large.xml", LARGE)
    drop(exchange.settings, "cxml", "small.xml", SMALL)
    kept(exchange).parent.write_text("not a folder")
    taken = exchange.receive()["cxml"]
    assert (taken.total, taken.oversize, inbox(exchange)) == (1, 1, ["large.xml"])
    kept(exchange).parent.unlink()
    assert (exchange.receive()["cxml"].new, inbox(exchange)) == (1, [])


def test_one_that_would_take_the_room_of_the_ledger_stays_and_is_counted(exchange: Exchange) -> None:
    drop(exchange.settings, "cxml", "large.xml", LARGE)
    path = exchange.settings.feeds["cxml"].path / "large.xml"
    os.truncate(path, shutil.disk_usage(path).free)
    assert (exchange.receive()["cxml"].oversize, inbox(exchange)) == (1, ["large.xml"])
    assert not kept(exchange).parent.exists()


def test_what_a_killed_process_has_begun_is_removed_after_a_day(exchange: Exchange) -> None:
    drop(exchange.settings, "cxml", "large.xml", LARGE)
    folder = kept(exchange).parent
    folder.mkdir()
    for name, age in ((".old.part", 90_000), (".new.part", 60)):
        (folder / name).write_bytes(b"x")
        os.utime(folder / name, (time.time() - age,) * 2)
    exchange.receive()
    assert sorted(path.name for path in folder.iterdir()) == [".new.part", sha256(LARGE)]


def test_no_file_is_ever_held_in_memory(exchange: Exchange) -> None:
    path = exchange.settings.feeds["cxml"].path
    path.mkdir(parents=True, exist_ok=True)
    size = 64 * 1024 * 1024
    with (path / "huge.xml").open("wb") as file:
        file.truncate(size)
    tracemalloc.start()
    assert exchange.receive()["cxml"].new == 1
    assert tracemalloc.get_traced_memory()[1] < size // 4
    tracemalloc.stop()
    (found,) = listed(exchange)
    assert (found.size, inbox(exchange)) == (size, [])


def _crash(*_: object) -> None:
    raise KeyboardInterrupt


def _exceptions(engine: sa.Engine) -> list[dict[str, object]]:
    with reading(engine) as connection:
        found: list[dict[str, object]] = status_report(connection)["document_exceptions"]
    return found
