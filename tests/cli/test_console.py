"""What is printed: text of documents cannot steer a terminal, and is never read as markup."""

import pytest

from punchout.cli import console


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Café & tea", "Café & tea"),
        ("a\nb", "a\\nb"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("\x9b31m", "\\x9b31m"),
        ("abc\u202egnp", "abc\\u202egnp"),
        ("\x00", "\\x00"),
    ],
)
def test_control_and_direction_characters_are_shown_as_escapes(text: str, shown: str) -> None:
    assert console.safe(text) == shown


def test_text_that_looks_like_markup_is_drawn_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    console.draw(console.table(("text",), [("[bold red]not bold[/]",), ("[/]",)]), "[link=https://x]y[/link]")
    drawn = capsys.readouterr().out
    assert "[bold red]not bold[/]" in drawn
    assert "[link=https://x]y[/link]" in drawn


def test_a_table_in_a_file_is_wide_enough_to_search(capsys: pytest.CaptureFixture[str]) -> None:
    long = "x" * 120
    console.draw(console.table(("text",), [(long,)]))
    assert long in capsys.readouterr().out


def test_json_is_one_line_of_ascii(capsys: pytest.CaptureFixture[str]) -> None:
    console.emit({"text": "Café\n\x9b"})
    assert capsys.readouterr().out == '{"text": "Caf\\u00e9\\n\\u009b"}\n'
