"""Logging: secrets stay out, values stay short, and no text can pass for a line of the log."""

import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import structlog

from resources.logs import LONGEST_VALUE, configure_logging

Said = Callable[[], str]


@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Said:
    return lambda: capsys.readouterr().err


def logger() -> Any:  # noqa: ANN401 - structlog gives no better type
    return structlog.get_logger("punchout.test")


def test_a_record_is_one_json_object_with_its_name_level_and_instant(said: Said) -> None:
    configure_logging(form="json")
    logger().info("document received", document=7, feed="cxml")
    record = json.loads(said())
    assert record["event"] == "document received"
    assert (record["level"], record["logger"], record["document"], record["feed"]) == (
        "info",
        "punchout.test",
        7,
        "cxml",
    )
    assert record["timestamp"].endswith("Z")


def test_records_of_libraries_take_the_same_way(said: Said) -> None:
    configure_logging(form="json")
    logging.getLogger("library").warning("answer %s", 503, extra={"api_token": "hunter2"})
    record = json.loads(said())
    assert (record["event"], record["logger"], record["api_token"]) == ("answer 503", "library", "***")


def test_nothing_goes_to_stdout(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(form="console")
    logger().warning("on stderr")
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "on stderr" in captured.err


def test_records_below_the_level_are_left_out(said: Said) -> None:
    configure_logging(level="WARNING", form="json")
    logger().info("left out")
    logging.getLogger("library").info("left out")
    logger().warning("said")
    assert [json.loads(line)["event"] for line in said().splitlines()] == ["said"]


def test_configuring_twice_says_everything_once(said: Said) -> None:
    configure_logging(form="json")
    configure_logging(form="json")
    logger().info("once")
    assert len(said().splitlines()) == 1


@pytest.mark.parametrize(
    "key", ["shared_secret", "PASSWORD", "db_password", "authorization", "accessToken", "credentials"]
)
@pytest.mark.parametrize("form", ["json", "console"])
def test_the_value_of_a_key_that_says_secret_is_masked(key: str, form: Any, said: Said) -> None:  # noqa: ANN401
    configure_logging(form=form)
    logger().info("sent", **{key: "hunter2"}, headers={"X": [{key: "hunter2"}]})
    line = said()
    assert "hunter2" not in line
    assert "***" in line


@pytest.mark.parametrize(
    "text",
    [
        "<SharedSecret>hunter2</SharedSecret>",
        "<SharedSecret xml:space='preserve'>\n hunter2\n</SharedSecret >",
        "<c:SharedSecret>hunter2</c:SharedSecret>",
        "<Sender><SharedSecret>hunter2",
        "&lt;SharedSecret&gt;hunter2&lt;/SharedSecret&gt;",
        "Authorization: Bearer hunter2",
        "{'Authorization': 'Basic hunter2'}",
        "postgresql+psycopg://ledger:hunter2@db/punchout",
        "client_secret=hunter2&grant_type=x",
        "host=db password='hunter2'",
    ],
)
@pytest.mark.parametrize("place", ["event", "value", "nested", "bytes", "library", "exception"])
def test_a_secret_inside_a_text_is_masked(text: str, place: str, said: Said) -> None:
    configure_logging(form="json")
    if place == "event":
        logger().info(text)
    elif place == "value":
        logger().info("sent", body=text)
    elif place == "nested":
        logger().info("sent", parts=({"body": text},))
    elif place == "bytes":
        logger().info("sent", body=text.encode())
    elif place == "library":
        logging.getLogger("library").info("%s", text)
    else:
        _fail(text)
    line = said()
    assert "hunter2" not in line
    assert "***" in line


def _fail(text: str) -> None:
    try:
        int(text)
    except ValueError:
        logger().exception("failed")


def test_what_stands_around_a_secret_is_kept(said: Said) -> None:
    configure_logging(form="json")
    logger().info("sent", body="<Sender><SharedSecret>hunter2</SharedSecret><UserAgent>x</UserAgent></Sender>")
    assert json.loads(said())["body"] == "<Sender><SharedSecret>***</SharedSecret><UserAgent>x</UserAgent></Sender>"


def test_a_long_value_is_cut_in_its_middle(said: Said) -> None:
    configure_logging(form="json")
    logger().info("received", body="begin" + "x" * 100_000 + "end", rows=["y" * 1000] * 10)
    record = json.loads(said())
    assert len(record["body"]) <= LONGEST_VALUE
    assert record["body"].startswith("begin")
    assert record["body"].endswith("end")
    assert len(record["rows"]) <= LONGEST_VALUE


def test_a_secret_across_the_cut_is_masked(said: Said) -> None:
    configure_logging(form="json")
    logger().info("received", body="x" * 1000 + "<SharedSecret>" + "hunter2" * 2000 + "</SharedSecret>")
    assert "hunter2" not in said()


@pytest.mark.parametrize("hostile", ["a\nb", "a\r\nb", "a\x1b[2Jb", "a\u2028b", "a\u202eb", "a\x85b", "a\x00b"])
@pytest.mark.parametrize("form", ["json", "console"])
def test_no_text_makes_a_line_of_its_own_or_steers_a_terminal(hostile: str, form: Any, said: Said) -> None:  # noqa: ANN401
    configure_logging(form=form)
    logger().info(hostile, name=hostile, names=[hostile])
    line = said()
    assert len(line.splitlines()) == 1
    assert line.rstrip("\n").isprintable()


def test_a_traceback_keeps_its_lines_behind_a_bar(said: Said) -> None:
    configure_logging(form="console")
    _fail("first\n2026-01-01 [info] forged line\x1b[31m")
    first, *lines = said().splitlines()
    assert "failed" in first
    assert len(lines) > 2
    assert all(line.startswith("  | ") and line.isprintable() for line in lines)
