"""The frame for checks over a batch: text only, the export's own names, and what a refused export still shows."""

from resources.business_central.columns import CONTENTS
from resources.business_central.frames import received_frame
from tests.support.bc_exports import REQUEST, as_csv, as_json, numbered, without

HEADER_NAMES = [column.name for column in CONTENTS["bc_requests"].header]


def test_a_frame_has_the_columns_of_the_export_and_its_text() -> None:
    frame = received_frame("bc_requests", as_json(REQUEST))
    assert sorted(frame.columns) == sorted(HEADER_NAMES)
    assert frame.loc[0, "vendorNumber"] == "00010"
    assert frame.loc[0, "lastModifiedDateTime"] == "2026-03-02T16:30:00Z"
    assert frame.loc[0, "businessUnit"] is None


def test_an_export_without_rows_still_has_its_columns() -> None:
    assert list(received_frame("bc_requests", as_json()).columns) == HEADER_NAMES


def test_what_was_received_shows_only_columns_that_no_row_lacks() -> None:
    data = as_json(numbered("PR1"), without(numbered("PR2"), "buyerCookie"))
    frame = received_frame("bc_requests", data)
    assert "buyerCookie" not in frame.columns
    assert frame["number"].to_list() == ["PR1", "PR2"]


def test_what_was_received_shows_a_number_that_is_there_twice() -> None:
    assert received_frame("bc_requests", as_json(REQUEST, REQUEST))["number"].to_list() == ["PR0001", "PR0001"]


def test_what_was_received_shows_no_cell_that_is_neither_text_nor_number() -> None:
    data = as_json({**REQUEST, "stage": {"a": 1}, "vendorNumber": 10})
    assert received_frame("bc_requests", data)[["stage", "vendorNumber"]].to_numpy().tolist() == [[None, "10"]]


def test_what_was_received_as_csv_is_shown_too() -> None:
    assert received_frame("bc_requests", *as_csv(REQUEST))["status"].to_list() == ["released"]


def test_an_export_that_cannot_be_taken_apart_is_an_empty_frame() -> None:
    assert received_frame("bc_requests", b"<html>").shape == (0, 0)
