"""What `punchout doctor` finds out about the disk: the home folder, who may read it, its room, and where it lies."""

import shutil
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from punchout.cli.check import Check

if TYPE_CHECKING:
    from resources.settings import Settings

_LEAST_FREE = 1024**3
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_NAMED_AT_MOST = 5
_MOUNTS = Path("/proc/self/mounts")
_SHARES = frozenset({"afs", "ceph", "cifs", "fuse.sshfs", "glusterfs", "nfs", "nfs4", "smb3", "smbfs"})


def of_storage(settings: "Settings") -> Iterator[Check]:
    """Look at the home folder and the disk it is on."""
    yield _home(settings.home)
    if settings.home.is_dir():
        yield _files(settings.home)
    yield _space(settings.home)
    if settings.database.url.startswith("sqlite"):
        yield _disk_of_ledger(settings.home)


def share_of(folder: Path, mounts: str) -> str | None:
    """Return the kind of network share that a folder lies on, None for a disk of this machine.

    Args:
        folder: absolute.
        mounts: what is mounted, as Linux lists it in `/proc/self/mounts`.
    """
    rows = (line.split() for line in mounts.splitlines())
    over = {Path(place.replace("\\040", " ")): kind for _, place, kind, *_ in rows}
    # Of several that are mounted at one place, the last hides the others.
    here = [place for place in (folder, *folder.parents) if place in over]
    return over[here[0]] if here and over[here[0]] in _SHARES else None


def _home(home: Path) -> Check:
    if not home.is_dir():
        return Check.warn("home", f"{home} is not there", "`punchout init` or the first sync makes it")
    mode = stat.S_IMODE(home.stat().st_mode)
    if mode & _OTHERS:
        return Check.warn("home", f"{home} has mode {mode:04o}", f"chmod 700 {home}: it holds documents and a ledger")
    return Check.okay("home", f"{home}, mode {mode:04o}")


def _files(home: Path) -> Check:
    """Look for files that others may read: made under another umask than this program's, or copied there."""
    # What the settings say is no secret: secrets stand there as references.
    files = (one for one in home.iterdir() if one.is_file() and one.suffix != ".toml")
    loose = sorted(one.name for one in files if stat.S_IMODE(one.stat().st_mode) & _OTHERS)
    if loose:
        names = ", ".join(loose[:_NAMED_AT_MOST])
        more = f" and {len(loose) - _NAMED_AT_MOST} more" if len(loose) > _NAMED_AT_MOST else ""
        return Check.warn("umask", f"others may use {names}{more}", f"chmod go-rwx {home}/*; copy with umask 077")
    return Check.okay("umask", "what is written is for its owner alone")


def _space(home: Path) -> Check:
    there = next(folder for folder in (home, *home.parents) if folder.exists())
    free = shutil.disk_usage(there).free
    found = f"{free / _LEAST_FREE:.1f} GiB free at {there}"
    if free < _LEAST_FREE:
        return Check.fail("disk", found, "make room: a ledger that cannot be written stops everything")
    return Check.okay("disk", found)


def _disk_of_ledger(home: Path) -> Check:
    name = "ledger disk"
    try:
        share = share_of(home.resolve(), _MOUNTS.read_text())
    except OSError:
        return Check.okay(name, "this system does not list what is mounted")
    if share is not None:
        return Check.fail(name, f"{home} lies on a share ({share})", "put it on a local disk, or use PostgreSQL")
    return Check.okay(name, "local")
