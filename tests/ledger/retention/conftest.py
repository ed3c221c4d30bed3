"""Exchanges in which years have gone by."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ledger.conftest import _after
from tests.support.ledgers import Ledgers
from tests.support.plays import Play
from tests.support.retention import aged, everything_aged


@pytest.fixture
def old(ledgers: Ledgers, tmp_path: Path) -> Iterator[Play]:
    """The exchange years after a purchase in which a person is named everywhere came to its end."""
    with _after(ledgers, tmp_path, aged) as play:
        yield play


@pytest.fixture
def old_and_full(ledgers: Ledgers, tmp_path: Path) -> Iterator[Play]:
    """The exchange years after everything occurred."""
    with _after(ledgers, tmp_path, everything_aged) as play:
        yield play
