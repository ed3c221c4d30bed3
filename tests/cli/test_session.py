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
