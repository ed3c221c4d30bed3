"""`punchout inspect`: reads documents and shows what was read. Stores nothing, and only `--dtd` needs the settings."""

import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from punchout.cli.console import emit, safe, say
from punchout.cli.errors import CommandError, Exit
from punchout.cli.opening import AsJson, settings

if TYPE_CHECKING:
    from cxml_parsers.dtds import DtdShelf

_STDIN = "-"


def inspect(
    *,
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Files, folders, or - for standard input.")],
    as_json: AsJson = False,
    summary: Annotated[
        bool, typer.Option("--summary", help="Only count kinds, verdicts and what was not read, over all files.")
    ] = False,
    dtd: Annotated[
        bool, typer.Option("--dtd", help="Also hold each document against the DTD of its kind (see `punchout dtd`).")
    ] = False,
) -> None:
    """Read cXML documents and show what is in them, without storing anything.

    A document may stand in a form field or in a multipart message, as a browser or a server sends it.
    """
    unreadable: list[str] = []
    inspected = _inspected(_walk(files), unreadable, _shelf() if dtd else None)
    if summary:
        _summarise(inspected, as_json=as_json)
    else:
        for document in inspected:
            _show(document, as_json=as_json)
    if unreadable:
        raise typer.Exit(Exit.USAGE)


def _shelf() -> "DtdShelf":
    """Return the DTDs that are installed.

    Raises:
        CommandError: there are none.
    """
    from cxml_parsers.dtd_archive import installed
    from cxml_parsers.dtds import shelf_of

    folder = settings().documents.dtd_dir
    if not installed(folder).files:
        raise CommandError(
            f"no DTDs are in {folder}; `punchout dtd install ARCHIVE` puts them there", Exit.CONFIGURATION
        )
    return shelf_of(folder)


def _inspected(names: Iterable[str], unreadable: list[str], shelf: "DtdShelf | None") -> Iterator[dict[str, Any]]:
    """Read one document after the other; a file that cannot be opened is told, and stops nothing."""
    from cxml_parsers.inspection import as_json
    from cxml_parsers.reader import ReadingRules, read

    # One byte more than allowed is enough to be refused: nothing larger is ever held.
    most = ReadingRules().max_bytes
    for name in names:
        try:
            data = _unwrapped(_bytes(name, most + 1))
        except OSError as error:
            unreadable.append(name)
            say(f"{name} cannot be read: {error.strerror}")
        else:
            parsed = read(data)
            checked = shelf.check(data, most) if shelf is not None and parsed.accepted else None
            yield as_json(parsed, "<stdin>" if name == _STDIN else name, checked)


def _unwrapped(data: bytes) -> bytes:
    """Return the document that a form or a message carries; what carries none is judged as it stands."""
    from cxml_parsers.wrappers import unwrap
    from punchout.model.unreadable import Refused

    try:
        return unwrap(data, None)
    except Refused:
        return data


def _bytes(name: str, most: int) -> bytes:
    if name == _STDIN:
        return sys.stdin.buffer.read(most)
    with Path(name).open("rb") as file:
        return file.read(most)


def _walk(names: Iterable[str]) -> Iterator[str]:
    """Yield the files that are named, and those in the folders that are named; only regular ones of the latter."""
    for name in names:
        if name == _STDIN or not Path(name).is_dir():
            yield name
            continue
        for folder, inner, found in os.walk(name):
            inner.sort()
            for path in (Path(folder) / each for each in sorted(found)):
                if path.is_file():
                    yield str(path)


def _show(document: Mapping[str, Any], *, as_json: bool) -> None:
    if as_json:
        emit(document)
        return
    from punchout.cli.console import draw
    from punchout.cli.document_view import document_view

    draw(*document_view(document))


def _summarise(documents: Iterable[Mapping[str, Any]], *, as_json: bool) -> None:
    from cxml_parsers.summary import summary

    counted = summary(documents)
    if as_json:
        emit(counted)
        return
    from punchout.cli.console import draw, numbered, table

    draw(numbered(counted["files"], "file"))
    outcomes = ((kind, became, times) for kind, each in counted["by_kind"].items() for became, times in each.items())
    draw(table(("kind", "became", ">documents"), outcomes))
    for name, title in (("notes", ">notes"), ("unread", ">documents")):
        if counted[name]:
            shown = "held by no field" if name == "unread" else "note"
            draw(table((shown, title), ((safe(each), times) for each, times in counted[name].items())))
