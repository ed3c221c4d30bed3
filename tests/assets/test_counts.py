"""Counts of several steps add up to those of a sync."""

from typing import Any

import dagster as dg

from assets.counts import added, counts_of


def materialized(**metadata: dg.MetadataValue[Any]) -> dg.AssetMaterialization:
    return dg.AssetMaterialization("a", metadata=metadata)


def test_counts_of_one_name_add_up() -> None:
    assert added([{"duplicates": 2}, {"duplicates": 3, "new": 1}]) == {"duplicates": 5, "new": 1}


def test_counts_by_reason_add_up_reason_by_reason() -> None:
    assert added([{"q": {"A": 1, "B": 2}}, {"q": {"B": 3}}]) == {"q": {"A": 1, "B": 5}}


def test_what_dagster_defines_is_no_count_of_ours() -> None:
    materialization = materialized(**{"dagster/row_count": dg.MetadataValue.int(7), "new": dg.MetadataValue.int(1)})
    assert counts_of([materialization]) == {"new": 1}


def test_a_path_is_no_count() -> None:
    assert counts_of([materialized(path=dg.MetadataValue.path("/x"), held=dg.MetadataValue.json({"r": 1}))]) == {
        "held": {"r": 1}
    }
