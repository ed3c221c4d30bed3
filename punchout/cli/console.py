"""How the command line talks: data on stdout, talk on stderr, and nothing from a document that could steer a terminal.

Text is never read as Rich markup. Rich is imported when something is drawn, not before.
"""

import json
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

_WIDTH_OF_A_FILE = 320


def safe(text: object) -> str:
    """Return a text in one line, with line ends, control and direction characters written as escapes."""
    shown = str(text)
    if shown.isprintable():
        return shown
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in shown)


def emit(value: object) -> None:
    """Write one JSON value as one line to stdout, in ASCII, so that it reads the same everywhere."""
    sys.stdout.write(json.dumps(value) + "\n")


def say(*lines: str) -> None:
    """Write lines for a person to stderr."""
    for line in lines:
        sys.stderr.write(safe(line) + "\n")
    sys.stderr.flush()


def write(*lines: str) -> None:
    """Write plain lines to stdout."""
    for line in lines:
        sys.stdout.write(safe(line) + "\n")


def draw(*things: "Table | Text | str") -> None:
    """Draw tables and texts on stdout; where that is no terminal, wide enough to be searched."""
    from rich.console import Console

    fixed = None if sys.stdout.isatty() else _WIDTH_OF_A_FILE
    console = Console(file=sys.stdout, markup=False, highlight=False, emoji=False, width=fixed)
    for thing in things:
        console.print(safe(thing) if isinstance(thing, str) else thing)


def heading(text: str) -> "Text":
    """Return a heading."""
    from rich.text import Text

    return Text("\n" + safe(text), style="bold")


def table(columns: Sequence[str], rows: Iterable[Sequence[Any]], *, title: str | None = None) -> "Table":
    """Return a table; a blank stands for what is None. A column whose name starts with `>` is set to the right."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    drawn = Table(title=None if title is None else Text(safe(title)), box=box.SIMPLE_HEAD, title_justify="left")
    for column in columns:
        drawn.add_column(
            column.removeprefix(">"), justify="right" if column.startswith(">") else "left", overflow="fold"
        )
    for row in rows:
        drawn.add_row(*(Text("" if value is None else safe(value)) for value in row))
    return drawn


def facts(pairs: Iterable[tuple[str, object]]) -> "Table":
    """Return names with their values, one a line; those without a value are left out."""
    from rich.table import Table
    from rich.text import Text

    drawn = Table(box=None, show_header=False, pad_edge=False)
    drawn.add_column(style="bold", no_wrap=True)
    drawn.add_column(overflow="fold")
    for name, value in pairs:
        if value not in (None, "", [], {}):
            drawn.add_row(Text(safe(name)), Text(safe(value)))
    return drawn


def numbered(count: int, one: str, many: str | None = None) -> str:
    """Return a count with its noun: `1 document`, `2 documents`."""
    return f"{count} {one if count == 1 else many or one + 's'}"
