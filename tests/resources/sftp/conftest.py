"""A server that goes wrong as a test tells it, over an empty folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.faulty_sftp import PASSWORD, PASSWORD_VARIABLE, Faults, FaultySftp, faulty_sftp


@pytest.fixture
def faults() -> Faults:
    """What goes wrong: nothing yet."""
    return Faults()


@pytest.fixture
def server(tmp_path: Path, faults: Faults, monkeypatch: pytest.MonkeyPatch) -> Iterator[FaultySftp]:
    """The server, and its password where the product looks for it."""
    monkeypatch.setenv(PASSWORD_VARIABLE, PASSWORD)
    root = tmp_path / "root"
    root.mkdir()
    with faulty_sftp(root, faults) as running:
        yield running
