"""`punchout dtd`: puts the official cXML DTDs into their folder, and says which are there.

Documents are read without them; with them, `inspect --dtd` and, where the settings say so, a sync also tell what the
DTD says.
"""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from punchout.cli.console import draw, emit, numbered, say, table
from punchout.cli.errors import CommandError
from punchout.cli.opening import AsJson, DryRun, settings

if TYPE_CHECKING:
    from cxml_parsers.dtd_archive import DtdFile, Installed

app = typer.Typer(help="The official cXML DTDs.", no_args_is_help=True)


@app.command()
def install(
    *,
    archive: Annotated[Path, typer.Argument(metavar="ARCHIVE", help="The zip archive as cxml.org publishes it.")],
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Check an archive of DTDs, and unpack its modules and licence into documents.dtd_dir."""
    from cxml_parsers.dtd_archive import LARGEST_ARCHIVE, checked
    from cxml_parsers.dtd_archive import install as unpack
    from punchout.model.unreadable import Refused

    folder = settings().documents.dtd_dir
    try:
        with archive.open("rb") as file:
            # One byte more than allowed is enough to be refused.
            data = file.read(LARGEST_ARCHIVE + 1)
        found = checked(data) if dry_run else unpack(data, folder)
    except OSError as error:
        raise CommandError(f"{error.filename or archive}: {error.strerror}") from None
    except Refused as refused:
        raise CommandError(f"{archive}: {refused.detail}; nothing was installed") from None
    _show(found, folder, as_json=as_json)
    if dry_run:
        say(f"Would unpack this into {folder}.")
    if found.unpublished:
        say(f"{numbered(len(found.unpublished), 'module')} of no release that is known: {', '.join(found.unpublished)}")


@app.command("ls")
def list_installed(*, as_json: AsJson = False) -> None:
    """Show which DTDs are installed, and whether they are as published."""
    from cxml_parsers.dtd_archive import installed

    folder = settings().documents.dtd_dir
    found = installed(folder)
    _show(found, folder, as_json=as_json)
    if not found.files:
        say("No DTDs are installed. Get the archive from cxml.org, then: punchout dtd install ARCHIVE")


def _show(found: "Installed", folder: Path, *, as_json: bool) -> None:
    if as_json:
        emit({"folder": str(folder), "files": [asdict(file) for file in found.files], "missing": list(found.missing)})
        return
    rows = ((file.name, file.size, file.version, _as_published(file), file.sha256) for file in found.files)
    if found.files:
        draw(table((f"in {folder}", ">bytes", "version", "as published", "sha256"), rows))
        if found.missing:
            draw(f"not there: {', '.join(found.missing)}")


def _as_published(file: "DtdFile") -> str | None:
    """Say whether a module is as published; nothing of the licence, of which no release is told apart."""
    if not file.name.endswith(".dtd"):
        return None
    return "yes" if file.is_published else "no"
