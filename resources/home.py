"""The home folder: everything the product writes lies in it, and nobody but its owner can read it."""

import errno
import os
from collections.abc import Iterator
from pathlib import Path

from resources.errors import ConfigurationError
from resources.mailboxes import local_folders
from resources.settings import Settings

_OWNER_ONLY = 0o077
# Such a disk is no mistake in the settings: they will do once it is back.
_DISK = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EIO})


def prepare_home(settings: Settings) -> None:
    """Make the folders that are needed, and from now on let this process make files for its owner alone.

    Folders elsewhere are left to whoever provides them: made here, they would hide that a share is not mounted.

    Raises:
        ConfigurationError: a folder cannot be made or written to.
        OSError: the disk is full or broken.
    """
    os.umask(_OWNER_ONLY)
    for folder in _folders(settings):
        if folder.is_relative_to(settings.home):
            _make(folder)


def _folders(settings: Settings) -> Iterator[Path]:
    yield settings.home
    yield from local_folders(settings).values()
    yield settings.report.out_dir
    yield settings.documents.archive_dir
    yield settings.dagster.home


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        if error.errno in _DISK:
            raise
        message = f"the folder {folder} cannot be made: {error.strerror}"
        raise ConfigurationError(message) from None
    if not os.access(folder, os.W_OK | os.X_OK):
        message = f"the folder {folder} cannot be written to"
        raise ConfigurationError(message)
