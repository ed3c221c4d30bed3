"""The rules as data: fixed names, and how far a full export may shrink."""

import subprocess
import sys

import pytest

from punchout.model.codes import Code
from resources.business_central.columns import CONTENT_NAMES
from resources.quality_rules import export_rules


@pytest.mark.parametrize(
    ("previous", "percent", "least"), [(None, 20, 0), (100, 20, 80), (101, 20, 80), (1, 20, 0), (4, 0, 4), (9, 100, 0)]
)
def test_a_full_export_may_lose_so_many_rows(previous: int | None, percent: int, least: int) -> None:
    rules = export_rules("bc_requests", previous_rows=previous, largest_shrink_percent=percent)
    (rule,) = (rule for rule in rules if rule.code is Code.SNAPSHOT_REGRESSION)
    assert rule.arguments == {"min_value": least}


def test_the_names_of_rules_never_change_and_never_clash() -> None:
    names = [rule.name for content in CONTENT_NAMES for rule in export_rules(content)]
    later = [rule.name for content in CONTENT_NAMES for rule in export_rules(content, previous_rows=9)]
    assert names == later
    assert len(set(names)) == 6


@pytest.mark.parametrize("module", ["resources.expectations", "resources.quality_rules"])
def test_loading_the_rules_loads_neither_great_expectations_nor_pandas(module: str) -> None:
    code = f"import sys, {module}; print({{'great_expectations', 'pandas'}} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
