"""`punchout inspect`: reads documents and shows what was read. Stores nothing and needs no configuration."""

import os
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from punchout.cli.console import emit, safe, say
from punchout.cli.errors import Exit
from punchout.cli.opening import AsJson

_STDIN = "-"


def inspect(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Files, folders, or - for standard input.")],
    as_json: AsJson = False,
    summary: Annotated[
        bool, typer.Option("--summary", help="Only count kinds, verdicts and what was not read, over all files.")
    ] = False,
) -> None:
    """Read cXML documents and show what is in them, without storing anything."""
    unreadable: list[str] = []
    inspected = _inspected(_walk(files), unreadable)
    if summary:
        _summarise(inspected, as_json=as_json)
    else:
        for document in inspected:
            _show(document, as_json=as_json)
    if unreadable:
        raise typer.Exit(Exit.USAGE)


def _inspected(names: Iterable[str], unreadable: list[str]) -> Iterator[dict[str, Any]]:
    """Read one document after the other; a file that cannot be opened is told, and stops nothing."""
    from cxml_parsers.inspection import as_json
    from cxml_parsers.reader import ReadingRules, read

    # One byte more than allowed is enough to be refused: nothing larger is ever held.
    most = ReadingRules().max_bytes + 1
    for name in names:
        try:
            data = _bytes(name, most)
        except OSError as error:
            unreadable.append(name)
            say(f"{name} cannot be read: {error.strerror}")
        else:
            yield as_json(read(data), "<stdin>" if name == _STDIN else name)


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
    kinds: Counter[str] = Counter()
    verdicts: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    notes: Counter[str] = Counter()
    unread: Counter[str] = Counter()
    for document in documents:
        kinds[document["kind"] or "(none)"] += 1
        verdicts[document["verdict"]] += 1
        reasons.update([document["reason"]] if document["reason"] else [])
        notes.update(note["code"] for note in document["notes"])
        unread.update(document["unread"])
    counted = {"kinds": kinds, "verdicts": verdicts, "reasons": reasons, "notes": notes, "unread": unread}
    if as_json:
        emit({"files": verdicts.total(), **{name: dict(sorted(count.items())) for name, count in counted.items()}})
        return
    from punchout.cli.console import draw, table

    draw(f"{verdicts.total()} files")
    for name, count in counted.items():
        if count:
            draw(table((name, ">files"), ((safe(each), times) for each, times in count.most_common())))
