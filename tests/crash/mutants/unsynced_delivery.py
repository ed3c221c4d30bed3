"""A file gets the name that readers look for while its bytes are still on their way to the disk."""

import os

from resources import local_folder

LANE = "order"
CAUGHT_BY = "is named before its bytes are on the disk"


def apply() -> None:
    """Break this process."""
    vars(local_folder)["_write_durably"] = _write


def _write(folder: int, name: str, data: bytes) -> None:
    descriptor = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600, dir_fd=folder)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
