"""Fetching many files at once: few round trips, every file whole, and no server is asked for more than it can do."""

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resources.mailbox import Entry, EntryNotReady, Outcome
from resources.sftp.fetching import READ_LENGTH, Fetching
from resources.sftp.session import Session
from resources.sftp.streaming import stream
from tests.support.scripted_sftp import CLOSE, FSTAT, INIT, MODIFIED, OPEN, READ, ScriptedSftp

LIMIT = 10_000_000
SIZES = st.sampled_from([0, 1, 50, READ_LENGTH - 1, READ_LENGTH, READ_LENGTH + 1, 2 * READ_LENGTH])


def files(*sizes: int) -> dict[str, bytes]:
    return {f"{number:03}.xml": bytes([number % 256]) * size for number, size in enumerate(sizes)}


def entries(there: dict[str, bytes]) -> list[Entry]:
    return [Entry(name, len(data), MODIFIED * 1_000_000) for name, data in sorted(there.items())]


def fetched(server: ScriptedSftp, listed: Sequence[Entry], window: int) -> dict[str, Outcome]:
    fetching = Fetching(Session(server), lambda name: name, window)
    return {entry.name: outcome for entry, outcome in fetching.fetch(listed, LIMIT)}


def test_as_many_files_as_the_window_holds_cost_two_round_trips() -> None:
    server = ScriptedSftp(files(*[100] * 64))
    assert fetched(server, entries(server.files), 64) == server.files
    assert server.sent == [[INIT], [OPEN] * 64, [READ, FSTAT, CLOSE] * 64]


def test_with_a_window_of_one_nothing_is_asked_for_before_the_answer_it_depends_on() -> None:
    server = ScriptedSftp(files(READ_LENGTH + 1, 5))
    assert fetched(server, entries(server.files), 1) == server.files
    assert server.sent == [
        [INIT], [OPEN], [READ] * 2, [FSTAT], [CLOSE], [OPEN], [READ], [FSTAT], [CLOSE]
    ]  # fmt: skip


@given(
    st.lists(SIZES, max_size=6),
    st.integers(1, 4),
    st.sampled_from([7_000, READ_LENGTH - 1, READ_LENGTH]),
    st.booleans(),
)
def test_every_file_comes_whole_and_in_order_from_any_server(
    sizes: list[int],
    window: int,
    most: int,
    closes_first: bool,  # noqa: FBT001 - drawn
) -> None:
    server = ScriptedSftp(files(*sizes), most=most, closes_first=closes_first)
    outcomes = fetched(server, entries(server.files), window)
    assert list(outcomes.items()) == sorted(server.files.items())
    assert (server.open, server.most_open <= window) == ({}, True)


def test_after_a_server_was_too_quick_with_one_file_it_is_asked_patiently_for_the_others() -> None:
    server = ScriptedSftp(files(*[10] * 5), closes_first=True)
    assert fetched(server, entries(server.files), 2) == server.files
    assert [READ, FSTAT, CLOSE] * 2 in server.sent
    hurried = sum(sent[:3] == [READ, FSTAT, CLOSE] for sent in server.sent)
    assert hurried == 1


def test_one_file_that_cannot_be_read_makes_the_others_no_slower() -> None:
    server = ScriptedSftp(files(*[10] * 9), unreadable=frozenset({"000.xml"}))
    outcomes = fetched(server, entries(server.files), 2)
    assert str(outcomes.pop("000.xml")) == "000.xml cannot be read: the server reports failure 4"
    assert outcomes == {name: data for name, data in server.files.items() if name != "000.xml"}
    looks = [before for sent in server.sent for before, kind in pairwise([INIT, *sent]) if kind == FSTAT]
    assert sum(before != READ for before in looks) == 1


@pytest.mark.parametrize("window", [1, 64])
@pytest.mark.parametrize("size", [10, READ_LENGTH, READ_LENGTH + 10])
def test_a_file_that_has_grown_by_the_end_is_not_taken(window: int, size: int) -> None:
    server = ScriptedSftp(files(size, 5))

    def grow(path: str) -> None:
        if path == "000.xml":
            server.files[path] += b"more"

    listed = entries(server.files)
    server.after_read = grow
    outcomes = fetched(server, listed, window)
    assert isinstance(outcomes["000.xml"], EntryNotReady)
    assert outcomes["001.xml"] == server.files["001.xml"]


@pytest.mark.parametrize("window", [1, 64])
def test_a_file_that_has_shrunk_by_the_end_is_not_taken(window: int) -> None:
    server = ScriptedSftp(files(2 * READ_LENGTH))
    listed = entries(server.files)
    server.after_read = lambda path: server.files.update({path: b""})
    (outcome,) = fetched(server, listed, window).values()
    assert isinstance(outcome, EntryNotReady)
    assert "has changed since it was listed" in str(outcome)


def test_a_file_that_is_not_there_any_more_is_asked_for_once() -> None:
    server = ScriptedSftp(files(3, 3, 3))
    listed = entries(server.files)
    del server.files["001.xml"]
    outcomes = fetched(server, listed, 64)
    assert [type(outcome) for outcome in outcomes.values()] == [bytes, EntryNotReady, bytes]
    assert sum(sent.count(OPEN) for sent in server.sent) == 3


@given(st.integers(0, 40 * READ_LENGTH), st.sampled_from([20_000, READ_LENGTH]))
def test_a_file_comes_whole_piece_by_piece_from_any_server(size: int, most: int) -> None:
    server = ScriptedSftp(files(size), most=most)
    (entry,) = entries(server.files)
    assert b"".join(stream(Session(server), entry.name, entry)) == server.files[entry.name]
    assert server.open == {}


@pytest.mark.parametrize("more", [b"more", b"x" * READ_LENGTH])
def test_a_file_that_grows_while_it_is_given_piece_by_piece_is_not_taken(more: bytes) -> None:
    server = ScriptedSftp(files(2 * READ_LENGTH))
    (entry,) = entries(server.files)
    server.after_read = lambda path: server.files.update({path: server.files[path] + more})
    with pytest.raises(EntryNotReady, match="has changed since it was listed"):
        list(stream(Session(server), entry.name, entry))


def test_a_file_that_is_not_there_gives_no_pieces() -> None:
    (entry,) = entries(files(1))
    with pytest.raises(EntryNotReady, match="it is not there"):
        list(stream(Session(ScriptedSftp()), entry.name, entry))


def test_a_server_that_gives_fewer_pieces_than_the_file_holds_is_not_believed() -> None:
    server = ScriptedSftp(files(2 * READ_LENGTH), most=0)
    (entry,) = entries(server.files)
    with pytest.raises(EntryNotReady, match="gave 0 bytes of 65536"):
        list(stream(Session(server), entry.name, entry))
