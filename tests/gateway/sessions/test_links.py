"""Signed links: good until they expire, and for nothing but what they say."""

import hmac
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from punchout.gateway.links import Link, LinkRefused, checked, link_path
from punchout.model.keys import RequestKey
from tests.gateway.sessions.shopper import LINK_SECRET

KEY = RequestKey("CONTOSO", "AMAZON", "PR0001")
LINK = Link(KEY, 1_800_000_000, "ann")
NOW = 1_799_999_999


def token_of(link: Link, secret: str = LINK_SECRET) -> str:
    return link_path(link, secret).rpartition("token=")[2]


def read(link: Link, token: str, *secrets: str, now: int = NOW) -> Link:
    return checked(link.key, link.user, token, secrets or (LINK_SECRET,), now)


def test_a_link_is_good_for_what_it_says() -> None:
    assert read(LINK, token_of(LINK)) == LINK
    assert link_path(LINK, LINK_SECRET).startswith("/punchout/start/PR0001?user=ann&token=1800000000.")


def test_a_link_without_a_user_is_good_for_nobody_in_particular() -> None:
    nobody = replace(LINK, user=None)
    assert read(nobody, token_of(nobody)) == nobody
    with pytest.raises(LinkRefused):
        read(LINK, token_of(nobody))


def test_whoever_knows_the_secret_makes_the_same_link_by_hand() -> None:
    text = "punchout-start-1\nCONTOSO\nAMAZON\nPR0001\n1800000000\nann"
    mac = hmac.new(LINK_SECRET.encode(), text.encode(), "sha256").hexdigest()
    assert read(LINK, f"1800000000.{mac.upper()}") == LINK


@pytest.mark.parametrize(
    "other",
    [
        replace(LINK, key=replace(KEY, request_no="PR0002")),
        replace(LINK, key=replace(KEY, company="OTHER")),
        replace(LINK, key=replace(KEY, supplier="OTHER")),
        replace(LINK, user="bob"),
        replace(LINK, user="ANN"),
    ],
)
def test_a_link_for_something_else_is_refused(other: Link) -> None:
    with pytest.raises(LinkRefused) as refused:
        read(other, token_of(LINK))
    assert not refused.value.is_expired


def test_a_link_is_refused_once_it_has_expired() -> None:
    assert read(LINK, token_of(LINK), now=LINK.expires) == LINK
    with pytest.raises(LinkRefused) as refused:
        read(LINK, token_of(LINK), now=LINK.expires + 1)
    assert refused.value.is_expired


def test_a_later_expiry_is_none_that_was_signed() -> None:
    with pytest.raises(LinkRefused) as refused:
        read(LINK, token_of(LINK).replace("1800000000", "1900000000"), now=1_850_000_000)
    assert not refused.value.is_expired


def test_while_one_secret_takes_the_other_s_place_both_are_good() -> None:
    assert read(LINK, token_of(LINK, "old" * 12), LINK_SECRET, "old" * 12) == LINK
    with pytest.raises(LinkRefused):
        read(LINK, token_of(LINK, "old" * 12), LINK_SECRET)


@given(st.text(max_size=90) | st.from_regex(r"[0-9]{1,14}\.[0-9a-f]{60,66}", fullmatch=True))
def test_a_made_up_token_is_refused(token: str) -> None:
    with pytest.raises(LinkRefused):
        read(LINK, token)


@given(st.text(max_size=30), st.text(max_size=30))
def test_request_and_user_cannot_be_shifted_into_one_another(number: str, user: str) -> None:
    link = Link(replace(KEY, request_no=number), LINK.expires, user or None)
    try:
        token = token_of(link)
    except ValueError:
        assert not (number + user).isprintable()
        return
    for at in range(1, len(user)):
        shifted = Link(replace(KEY, request_no=number + user[:at]), LINK.expires, user[at:])
        with pytest.raises(LinkRefused):
            read(shifted, token)


@pytest.mark.parametrize("user", ["ann\nadmin", "a" * 101, "ann\x00"])
def test_a_user_that_would_end_a_line_is_in_no_link(user: str) -> None:
    with pytest.raises(ValueError, match="printable"):
        link_path(replace(LINK, user=user), LINK_SECRET)
    with pytest.raises(LinkRefused):
        read(replace(LINK, user=user), token_of(LINK))


def test_the_example_of_the_documentation_is_right() -> None:
    # In docs/punchout.md, for whoever makes links elsewhere.
    mac = "c0297338cd7868b2270899c1d12270265725c9d003965f4a65d03cf5f879e250"
    assert token_of(LINK, "0123456789abcdef" * 2) == f"1800000000.{mac}"
