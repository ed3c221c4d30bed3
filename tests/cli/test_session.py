"""`punchout session`: links that start sessions, and what became of them."""

import json
import re

import pytest

from punchout.gateway.links import checked
from punchout.model.keys import RequestKey
from tests.cli.homes import Home
from tests.support.purchases import ACCOUNT
from tests.support.stories import SECOND, shopped

SECRET = "a-secret-of-links-that-nobody-guesses"  # noqa: S105 - of nobody
GATEWAY = 'gateway = {public_url = "https://gate.example/", link_secrets = ["env:TEST_LINKS"]}\n'


@pytest.fixture
def linking(home: Home, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home whose gateway can be linked to."""
    monkeypatch.setenv("TEST_LINKS", SECRET)
    home.write_settings(more=GATEWAY)
    return home


def test_a_link_is_printed_alone_and_is_good(linking: Home) -> None:
    result = linking.run("session", "link", "PR0001", "--for", "Ann", "--valid", "5")
    assert (result.exit_code, result.stderr) == (0, "")
    found = re.fullmatch(
        r"https://gate\.example/punchout/start/PR0001\?user=Ann&token=(\d+\.[0-9a-f]{64})\n", result.stdout
    )
    assert found is not None
    key = RequestKey(ACCOUNT.company, ACCOUNT.supplier, "PR0001")
    expires = int(found[1].partition(".")[0])
    assert checked(key, "Ann", found[1], [SECRET], expires).expires == expires


def test_json_says_until_when(linking: Home) -> None:
    told = linking.json("session", "link", "PR0001")
    assert told["url"].startswith("https://gate.example/punchout/start/PR0001?token=")
    assert told["url"].partition("token=")[2].startswith(f"{told['expires']}.")


@pytest.mark.parametrize(
    ("settings", "secret", "words"),
    [
        ("", SECRET, "gateway.public_url is not set"),
        ('gateway = {public_url = "https://gate.example"}\n', SECRET, "gateway.link_secrets is not set"),
        (GATEWAY, "short", "less than 32 characters"),
    ],
)
def test_without_an_address_and_a_good_secret_there_is_no_link(
    linking: Home, monkeypatch: pytest.MonkeyPatch, settings: str, secret: str, words: str
) -> None:
    monkeypatch.setenv("TEST_LINKS", secret)
    linking.write_settings(more=settings)
    result = linking.run("session", "link", "PR0001")
    assert (result.exit_code, words in result.stderr, result.stdout) == (3, True, "")


def test_the_sessions_are_listed_without_their_cookies(linking: Home) -> None:
    cookie = shopped(linking.play, SECOND)
    (row,) = linking.json("session", "ls", "PR0002")
    assert (row["request"], row["answer"], row["start_host"], row["lines"]) == ("PR0002", "started", "shop.example", 1)
    assert linking.json("session", "ls", "PR0001") == []
    listed = linking.run("session", "ls")
    assert "PR0002" in listed.stdout
    assert cookie not in listed.stdout + json.dumps(row)


def looked_at(home: Home) -> dict[str, tuple[str, str]]:
    """Give what `doctor` says of sessions: state and finding by name."""
    told = json.loads(home.run("doctor", "--offline", "--json").stdout)["checks"]
    return {one["name"]: (one["state"], one["found"]) for one in told if one["name"].startswith("session")}


def test_a_doctor_leaves_it_at_that_where_no_session_is_opened_here(home: Home) -> None:
    assert looked_at(home) == {"sessions": ("ok", "not set up: punch-out is not opened here")}


def test_a_doctor_finds_sessions_that_can_be_opened_sound(linking: Home) -> None:
    set_up(linking)
    assert looked_at(linking) == {
        "sessions": ("ok", "can be opened; users are sent to abintegrations.amazon.de, amazon.de"),
        "session return": ("ok", "https://gate.example/punchout/return"),
    }


@pytest.mark.parametrize(
    ("change", "place", "words"),
    [
        (('"env:TEST_LINKS"', '"env:NOT_THERE"'), "sessions", "no variable NOT_THERE"),
        (('received_by = "pipeline"', 'received_by = "bc"'), "sessions", "none is opened here"),
        (('public_url = "https://gate.example/", ', ""), "session return", "gateway.public_url is not set"),
        (("https://gate.example/", "http://127.0.0.1:8080"), "session return", "this machine alone"),
        (
            ('setup_url = "https://abintegrations.amazon.de/punchout"\n', ""),
            "sessions",
            "supplier.setup_url is not set",
        ),
    ],
)
def test_a_doctor_says_what_keeps_sessions_from_being_opened(
    linking: Home, change: tuple[str, str], place: str, words: str
) -> None:
    set_up(linking, change)
    state, found = looked_at(linking)[place]
    assert (state == "ok", words in found) == (False, True), found


def set_up(home: Home, change: tuple[str, str] = ("", "")) -> None:
    """Write settings under which sessions can be opened, but for one change."""
    path = home.path / "punchout.toml"
    text = path.read_text().replace(
        "[supplier]\n", '[supplier]\nsetup_url = "https://abintegrations.amazon.de/punchout"\n'
    )
    path.write_text(text.replace(*change) if change[0] else text)
