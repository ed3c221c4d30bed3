"""The long history that benchmarks stand on is what the product would have written."""

from pathlib import Path

import pytest

from benchmarks.history import deviations, told


@pytest.mark.slow
def test_a_block_of_purchases_that_was_copied_has_the_rows_that_the_product_writes(tmp_path: Path) -> None:
    assert deviations(tmp_path, told(tmp_path, 0)) == []
