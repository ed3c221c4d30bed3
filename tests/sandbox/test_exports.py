"""Business Central's exports of one playing: formats, scopes, manifests, and the one that lost a column."""

import csv
import hashlib
import io
import json

from tests.sandbox.buyer import Json
from tests.sandbox.conftest import Played

CSV, DELTA, BROKEN = 3, 5, 6


def exports(played: Played, round_number: int, feed: str) -> list[Json]:
    files = played.files[round_number - 1][feed]
    return [json.loads(body) for name, body in files.items() if name.endswith(".json")]


def test_a_full_export_lists_every_request_with_its_lines(played: Played) -> None:
    (export,) = exports(played, 2, "bc-requests")
    assert export["scope"] == "full"
    assert len(export["value"]) == 15
    assert [line["lineNumber"] for line in export["value"][0]["lines"]] == [10000, 20000]


def test_purchase_order_lines_point_at_request_lines_even_when_listed_backwards(played: Played) -> None:
    (export,) = exports(played, 4, "bc-orders")
    order = next(row for row in export["value"] if row["number"] == "106015")
    places = [(line["sequence"], line["punchoutLineNumber"]) for line in order["purchaseOrderLines"]]
    assert places == [(10000, 30000), (20000, 20000), (30000, 10000)]


def test_a_csv_manifest_fits_its_files(played: Played) -> None:
    for feed in ("bc-requests", "bc-orders"):
        files = played.files[CSV - 1][feed]
        (manifest,) = exports(played, CSV, feed)
        for part in manifest["files"]:
            body = files[part["name"]]
            rows = list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"), newline="")))
            assert (hashlib.sha256(body).hexdigest(), len(rows)) == (part["sha256"], part["rows"])
        assert [part["role"] for part in manifest["files"]] == ["headers", "lines"]


def test_csv_keeps_leading_zeros(played: Played) -> None:
    files = played.files[CSV - 1]["bc-requests"]
    lines = next(body.decode("utf-8-sig") for name, body in files.items() if name.endswith("-lines.csv"))
    rows = list(csv.DictReader(io.StringIO(lines, newline="")))
    assert any(row["supplierPartId"].startswith("0") for row in rows)


def test_a_delta_holds_only_what_changed_since_the_last_export(played: Played) -> None:
    (export,) = exports(played, DELTA, "bc-orders")
    assert (export["scope"], export["value"]) == ("delta", [])
    (requests,) = exports(played, DELTA, "bc-requests")
    assert all(row["lastModifiedDateTime"] > "2026-03-05T16:50:00Z" for row in requests["value"])
    assert "PR1016" in {row["number"] for row in requests["value"]}


def test_the_broken_export_has_lost_its_part_ids_and_a_good_one_follows(played: Played) -> None:
    broken, good = sorted(exports(played, BROKEN, "bc-requests"), key=lambda export: str(export["exportedAt"]))
    assert not any("supplierPartId" in line for row in broken["value"] for line in row["lines"])
    assert all("supplierPartId" in line for row in good["value"] for line in row["lines"])


def test_a_row_moves_its_stamp_when_an_update_is_imported(played: Played) -> None:
    stamps = [
        row["lastModifiedDateTime"]
        for at in (4, 6)
        for row in exports(played, at, "bc-requests")[-1]["value"]
        if row["number"] == "PR1001"
    ]
    assert stamps == sorted(set(stamps))
