"""What no one would see becomes visible, and what is copied into a shell stays one argument."""

import json
import shlex
from datetime import UTC
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from punchout.reports.text import argument, at, initials, prose, visible, visible_id


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("x\x00y", r"x\x00y"),
        ("x\x1b[31my", r"x\x1b[31my"),
        ("a\nb\tc", r"a\nb\tc"),
        ("\u202egpj.exe", r"\u202egpj.exe"),
        ("PO1\u200b", r"PO1\u200b"),
        ("\ufeffPO1", r"\ufeffPO1"),
        ("half \ud800 of a pair", r"half \ud800 of a pair"),
        ("\U000e0041", r"\U000e0041"),
    ],
)
def test_characters_without_a_shape_are_written_as_escapes(given: str, shown: str) -> None:
    assert visible(given) == shown
    assert visible_id(given) == shown


@pytest.mark.parametrize(
    "given",
    [
        "Café & tea",
        "日本語",
        "5\u00a0cm",
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
        "\U0001f468\u200d\U0001f469",
    ],
)
def test_prose_of_any_language_stays_as_it_is(given: str) -> None:
    assert visible(given) == given


@pytest.mark.parametrize(
    ("given", "shown"),
    [("PO-1 ", r"PO-1\x20"), (" PO-1", r"\x20PO-1"), ("  ", r"\x20\x20"), ("PO 1", "PO 1"), ("PO\u00a01", r"PO\xa01")],
)
def test_an_identifier_shows_the_blanks_at_its_ends_and_spaces_that_are_none(given: str, shown: str) -> None:
    assert visible_id(given) == shown


def test_identifiers_that_differ_in_what_cannot_be_seen_are_told_apart(test_data: Path) -> None:
    values = json.loads((test_data / "attacks" / "own" / "values.json").read_text(encoding="utf-8"))
    pairs = values["id_pairs_distinct"]
    assert pairs
    for one, other in pairs:
        assert visible_id(one) != visible_id(other)


def test_a_command_in_a_sentence_becomes_code_and_the_rest_is_escaped() -> None:
    assert prose("Run `punchout <x>` & wait") == "Run <code>punchout &lt;x&gt;</code> &amp; wait"


@pytest.mark.parametrize("identifier", ["PR1", "PR 1", "$(reboot)", "'; reboot; '", "`reboot`", "a\nb", ""])
def test_an_identifier_is_one_argument_for_a_shell(identifier: str) -> None:
    assert shlex.split(argument(identifier)) == [identifier]


def test_an_identifier_that_looks_like_an_option_is_an_argument_all_the_same() -> None:
    assert shlex.split(argument("--all")) == ["--", "--all"]


@pytest.mark.parametrize(
    ("email", "expected"),
    [("dana.fields@cronus.example", "D. F."), ("j-p.sartre@x", "J. P. S."), ("ops2@x", "O."), ("", ""), ("@x", "")],
)
def test_an_address_is_reduced_to_initials(email: str, expected: str) -> None:
    assert initials(email) == expected


def test_an_instant_is_shown_in_the_zone_that_is_asked_for() -> None:
    assert at("2026-03-06T01:00:00+00:00", ZoneInfo("America/Los_Angeles")) == "2026-03-05 17:00"
    assert at("2026-03-06T01:00:00+00:00", UTC) == "2026-03-06 01:00"


@pytest.mark.parametrize(("given", "shown"), [(None, ""), ("", ""), ("soon", "soon")])
def test_what_is_no_instant_is_shown_as_it_is(given: str | None, shown: str) -> None:
    assert at(given, UTC) == shown
