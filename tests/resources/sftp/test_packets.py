"""SFTP's packets: what is sent is what the draft prescribes, and what does not follow it is never guessed at."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resources.sftp import packets
from resources.sftp.packets import Broken, Kind, Opening, Request


def test_a_file_is_opened_as_the_draft_says() -> None:
    assert packets.opened(7, "é", Opening.READ) == b"\0\0\0\x13\x03\0\0\0\x07\0\0\0\x02\xc3\xa9\0\0\0\x01\0\0\0\0"


def test_a_file_that_is_made_is_its_owners_alone() -> None:
    made = packets.opened(1, "a", Opening.WRITE | Opening.CREATE)
    assert made.endswith(b"\0\0\0\x0a\0\0\0\x04\0\0\x01\x80")


def test_the_extensions_of_a_server_are_read() -> None:
    answer = b"\x02\0\0\0\x03" + b"\0\0\0\x19posix-rename@openssh.com\0"[:4] + b"x" * 25 + b"\0\0\0\x011"
    assert packets.extensions(answer) == {"x" * 25}


@pytest.mark.parametrize("answer", [b"", b"\x02", b"\x02\0\0\0\x02", b"\x65\0\0\0\x03", b"\x02\0\0\0\x03\0\0\0\x09ab"])
def test_a_greeting_that_is_none_is_broken(answer: bytes) -> None:
    with pytest.raises(Broken):
        packets.extensions(answer)


def test_data_that_is_shorter_than_it_claims_is_broken() -> None:
    # paramiko's own Message would fill it up with zeros.
    with pytest.raises(Broken, match="shorter than it claims"):
        packets.answer(b"\x67\0\0\0\x01\0\0\0\x05abc")


def test_a_state_says_what_the_server_says_and_no_more() -> None:
    number, answer = packets.answer(b"\x69\0\0\0\x02\0\0\0\x01" + (5).to_bytes(8, "big"))
    assert number == 2
    assert answer.state == packets.FileState(size=5, modified=None, is_file=None)


@pytest.mark.parametrize(("mode", "is_file"), [(0o100644, True), (0o040755, False), (0o120777, False), (0o644, None)])
def test_what_a_thing_is_is_told_by_its_mode(mode: int, is_file: bool | None) -> None:  # noqa: FBT001 - expected
    _, answer = packets.answer(b"\x69\0\0\0\x02\0\0\0\x04" + mode.to_bytes(4, "big"))
    assert answer.state is not None
    assert answer.state.is_file is is_file


@given(st.binary(max_size=200))
def test_no_answer_of_a_server_is_anything_but_read_or_broken(packet: bytes) -> None:
    try:
        _, answer = packets.answer(packet)
    except Broken:
        return
    assert answer.kind in set(Kind)


@given(st.binary(max_size=50), st.integers(0, 2**32 - 1))
def test_data_comes_back_as_it_was_sent(data: bytes, number: int) -> None:
    packet = bytes([Kind.DATA]) + number.to_bytes(4, "big") + len(data).to_bytes(4, "big") + data
    assert packets.answer(packet) == (number, packets.Answer(Kind.DATA, data=data))


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=20))
def test_the_length_of_a_packet_stands_before_it(path: str) -> None:
    packet = packets.named(Request.LSTAT, 1, path)
    assert int.from_bytes(packet[:4], "big") == len(packet) - 4
