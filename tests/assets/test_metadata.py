"""Metadata of materializations: rows, columns and lineage."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import dagster as dg
import pytest
import sqlalchemy as sa

from assets.columns import TABLES
from assets.metadata import columns_of, described
from punchout.ledger.engine import open_engine
from punchout.ledger.schema import upgrade


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[sa.Engine]:
    engine = open_engine(f"sqlite:///{tmp_path / 'ledger.sqlite3'}")
    upgrade(engine)
    yield engine
    engine.dispose()


def schema_of(asset: str) -> dict[str, dg.TableColumn]:
    value = columns_of(asset)["dagster/column_schema"]
    assert isinstance(value, dg.TableSchemaMetadataValue)
    return {column.name: column for column in value.schema.columns}


def test_rows_are_counted_in_the_first_table(engine: sa.Engine) -> None:
    metadata = described("request_stages", engine, {"requests_due": 3, "held_back": {"why": 1}})
    assert metadata["dagster/row_count"] == dg.MetadataValue.int(0)
    assert metadata["requests_due"] == dg.MetadataValue.int(3)
    assert metadata["held_back"] == dg.MetadataValue.json({"why": 1})


def test_a_column_says_its_unit() -> None:
    assert schema_of("line_positions")["ordered"].description == "millionths"
    assert schema_of("received_documents")["received_at"].description == "microseconds since 1970, UTC"


def test_columns_of_several_tables_carry_the_name_of_theirs() -> None:
    shown = schema_of("punchout_requests")
    assert {"bc_request.number", "bc_request_line.quantity"} <= set(shown)
    assert "number" not in shown


def test_how_a_value_was_written_is_no_column_of_its_own() -> None:
    assert "bc_request.released" in schema_of("punchout_requests")
    assert "bc_request.released_text" not in schema_of("punchout_requests")


def lineage_of(asset: str) -> Mapping[str, Sequence[dg.TableColumnDep]]:
    value = columns_of(asset).get("dagster/column_lineage")
    return value.column_lineage.deps_by_column if isinstance(value, dg.TableColumnLineageMetadataValue) else {}


def test_lineage_names_the_assets_that_a_column_comes_from() -> None:
    assert lineage_of("line_positions")["shipping_date"] == [
        dg.TableColumnDep(asset_key=dg.AssetKey("parsed_documents"), column_name="ship_notice.shipment_date")
    ]


@pytest.mark.parametrize("asset", TABLES)
def test_lineage_only_speaks_of_columns_that_are_shown(asset: str) -> None:
    assert set(lineage_of(asset)) <= set(schema_of(asset))


def test_nothing_in_the_metadata_is_rendered_by_a_browser(engine: sa.Engine) -> None:
    kinds = {type(value) for asset in TABLES for value in described(asset, engine, {"n": 1}).values()}
    assert not kinds & {dg.MarkdownMetadataValue, dg.UrlMetadataValue}
