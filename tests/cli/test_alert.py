"""`punchout alert`: what somebody would be told, and whether it would arrive."""

import json

from tests.cli.homes import Home
from tests.resources.suppliers import Server, answers
from tests.support.stories import HTML_PAGE

_CHANNELS = 'alerts.channels = ["env:CHAT"]\nalerts.free_gigabytes = 0\n'


def test_what_is_wrong_is_listed_with_what_to_type(home: Home) -> None:
    home.write_settings(more=_CHANNELS)
    home.play.sync(HTML_PAGE)
    (alarm,) = home.json("alert", "ls")["alarms"]
    assert (alarm["key"], alarm["command"]) == ("documents-quarantined:XML_REJECTED", "punchout quarantine ls")
    assert "1 document refused: XML_REJECTED" in home.run("alert", "ls").stdout


def test_nothing_wrong_is_said_so(home: Home) -> None:
    home.write_settings(more=_CHANNELS)
    assert home.json("alert", "ls") == {"alarms": []}
    assert "nothing is wrong" in home.run("alert", "ls").output


def test_a_test_message_arrives(home: Home) -> None:
    with Server(answers(b"")) as chat:
        home.monkeypatch.setenv("CHAT", f"json://127.0.0.1:{chat.port}/")
        home.write_settings(more=_CHANNELS)
        assert home.json("alert", "test") == {"sent": 1, "failures": []}
    assert json.loads(chat.bodies[0])["title"].endswith(": a test")


def test_a_test_message_that_does_not_arrive_says_by_which_channel(home: Home) -> None:
    home.monkeypatch.setenv("CHAT", "nonsense")
    home.write_settings(more=_CHANNELS)
    result = home.run("alert", "test", "--json")
    assert result.exit_code == 7
    assert json.loads(result.stdout)["failures"] == [{"channel": "env:CHAT", "reason": "no address that Apprise knows"}]


def test_a_test_without_channels_says_which_setting_is_missing(home: Home) -> None:
    result = home.run("alert", "test")
    assert result.exit_code == 3
    assert "alerts.channels" in result.output
