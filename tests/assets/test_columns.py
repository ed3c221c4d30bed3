"""The stated columns and lineage hold against the ledger's tables."""

import pytest

from assets.columns import LINEAGE, TABLES, named_in_lineage


def columns(asset: str) -> set[str]:
    tables = TABLES[asset]
    if len(tables) == 1:
        return {column.name for column in tables[0].columns}
    return {f"{table.name}.{column.name}" for table in tables for column in table.columns}


@pytest.mark.parametrize("asset", LINEAGE)
def test_lineage_speaks_of_columns_that_exist(asset: str) -> None:
    assert set(LINEAGE[asset]) <= columns(asset)


@pytest.mark.parametrize("asset", LINEAGE)
def test_lineage_comes_from_columns_that_exist(asset: str) -> None:
    sources = {source for deps in LINEAGE[asset].values() for source in deps}
    assert {(of, name) for of, name in sources if name not in columns(of)} == set()


def test_a_column_counts_as_named_on_either_side_of_lineage() -> None:
    assert named_in_lineage("line_positions") >= {"shipping_date", "order_axis"}
    assert "document_id" not in named_in_lineage("line_positions")
