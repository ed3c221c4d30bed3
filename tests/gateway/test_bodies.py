"""Bodies are read within bounds of size, of time, and of what all of them hold together."""

import asyncio
import gzip
from collections.abc import AsyncIterator

import pytest

from punchout.ledger.tables.facts import DOCUMENT
from tests.gateway.callers import Said, until
from tests.gateway.conftest import Making
from tests.support.ledgers import rows
from tests.support.stories import confirmed

CONFIRMED = confirmed()


async def pieces(*parts: bytes, wait: float = 0) -> AsyncIterator[bytes]:
    for part in parts:
        yield part
        await asyncio.sleep(wait)


def test_a_body_that_declares_to_be_too_large_is_refused_unread(making: Making) -> None:
    caller = making(max_body_bytes=1000)
    said = caller.post(b"<" + b"x" * 1000)
    assert said.codes == (413, 400)
    assert said.status.message == "larger than 1000 bytes"


@pytest.mark.parametrize("declared", ["+5", "5 ", "\u0665", "9" * 400])
def test_a_length_that_is_no_number_declares_nothing_small(making: Making, declared: str) -> None:
    caller = making(max_body_bytes=1000)
    said = caller.call(
        "POST",
        "/cxml",
        content=pieces(b"x" * 2000),
        headers={b"content-length": declared.encode()},
    )
    assert said.codes == (413, 400)


def test_a_body_that_turns_out_too_large_is_refused_where_it_does(making: Making) -> None:
    caller = making(max_body_bytes=1000)
    said = caller.call("POST", "/cxml", content=pieces(b"<" * 600, b"<" * 600))
    assert said.codes == (413, 400)
    assert caller.door.admission.bytes_held == 0


def test_a_body_may_come_in_pieces(making: Making) -> None:
    caller = making()
    data = CONFIRMED.data
    said = caller.call("POST", "/cxml", content=pieces(*(data[at : at + 97] for at in range(0, len(data), 97))))
    assert said.codes == (200, 200)


def test_a_body_that_does_not_end_in_time_is_given_up(making: Making) -> None:
    caller = making(body_seconds=0.05)
    said = caller.call("POST", "/cxml", content=pieces(CONFIRMED.data[:50], CONFIRMED.data[50:], wait=5))
    assert said.codes == (408, 560)
    assert (caller.door.admission.bytes_held, rows(caller.engine, DOCUMENT)) == (0, [])


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "x-gzip", "identity, gzip", "GZIP"])
def test_compressed_bodies_are_refused_and_never_unfolded(making: Making, encoding: str) -> None:
    said = making().post(gzip.compress(b"<" * 10_000_000), Content_Encoding=encoding)
    assert said.codes == (415, 400)


def test_no_more_is_read_than_all_bodies_may_hold_together(making: Making) -> None:
    caller = making(max_bytes_in_flight=len(CONFIRMED.data) + 100)

    async def both() -> tuple[Said, Said]:
        release = asyncio.Event()

        async def slow() -> AsyncIterator[bytes]:
            yield CONFIRMED.data[:200]
            await release.wait()
            yield CONFIRMED.data[200:]

        first = asyncio.create_task(caller.calling("POST", "/cxml", slow()))
        await until(lambda: caller.door.admission.bytes_held > 0)
        second = await caller.calling("POST", "/cxml", CONFIRMED.data)
        release.set()
        return await first, second

    first, second = caller.run(both())
    assert (first.codes, second.codes) == ((200, 200), (503, 560))
    assert caller.door.admission.bytes_held == 0
