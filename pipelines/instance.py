"""Where Dagster keeps its runs: a folder under the home, with a configuration that is written once."""

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.resources import files
from pathlib import Path

import dagster as dg

from resources.home import prepare_home
from resources.settings import Settings

_CONFIG = "dagster.yaml"


@contextmanager
def open_instance(settings: Settings) -> Iterator[dg.DagsterInstance]:
    """Open the record of runs of these settings, made ready if it is not there yet."""
    home = ready_home(settings)
    # Dagster makes its tables when it opens them first, and two who do that side by side stumble over each other.
    with _alone_in(home):
        opened = dg.DagsterInstance.from_config(str(home))
    with opened as instance:
        yield instance


def ready_home(settings: Settings) -> Path:
    """Return the folder of the record, with a configuration in it; one that is there already stays as it is."""
    prepare_home(settings)
    home = settings.dagster.home
    home.mkdir(parents=True, exist_ok=True)
    if not (home / _CONFIG).exists():
        _write_once(home / _CONFIG, files("pipelines").joinpath(_CONFIG).read_bytes())
    return home


@contextmanager
def _alone_in(home: Path) -> Iterator[None]:
    with (home / ".opening").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _write_once(path: Path, content: bytes) -> None:
    """Put a file there whole, unless somebody else was faster."""
    # Several threads of one process may be at it too, so its number is no name for what is unfinished.
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    unfinished = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        with suppress(FileExistsError):
            os.link(unfinished, path)
    finally:
        unfinished.unlink()
