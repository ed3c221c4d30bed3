"""The stand-in Business Central's import of update files."""

import json
from pathlib import Path

import pytest

from punchout.sandbox import business_central, updates
from punchout.sandbox.identifiers import Identifiers
from punchout.sandbox.state import State, fresh
from tests.sandbox.buyer import Json, PerfectBuyer, RunningSandbox

MOMENT = "2026-03-03T16:00:00Z"


@pytest.fixture
def state() -> State:
    """The tables after round 1: requests that are open and have no lines."""
    made = fresh(7)
    business_central.people_act(made, Identifiers(7), 1)
    return made


def cart_row(**changes: object) -> Json:
    line = {
        "requestNumber": "PR1001",
        "lineNumber": 10000,
        "supplierPartId": "0123456789",
        "supplierPartAuxiliaryId": "1,1",
        "description": "Pens",
        "quantity": "3",
        "unitOfMeasureCode": "EA",
        "unitPrice": "1.50",
    }
    return {"updateId": "u1", "number": "PR1001", "currencyCode": "USD", "lines": [line | changes]}


def take(
    state: State, folder: Path, kind: str, rows: list[Json], name: str = "update", manifest: Json | None = None
) -> list[str]:
    """Write and import one update file. Returns why something was refused."""
    writer = RunningSandbox(folder)
    (folder / "bc-updates").mkdir(exist_ok=True)
    writer.write_update(name, kind, rows, manifest)
    updates.take(state, updates.waiting(folder / "bc-updates"), MOMENT)
    return [refused["reason"] for refused in state["refused_updates"]]


def test_cart_lines_are_added_to_an_open_request_without_lines(state: State, tmp_path: Path) -> None:
    assert take(state, tmp_path, "cart_lines", [cart_row()]) == []
    (line,) = state["requests"]["PR1001"]["lines"]
    assert (line["lineNumber"], line["supplierPartId"], line["quantity"]) == (10000, "0123456789", "3")
    assert state["requests"]["PR1001"]["lastModifiedDateTime"] == MOMENT


def test_cart_lines_are_refused_where_lines_exist(state: State, tmp_path: Path) -> None:
    take(state, tmp_path, "cart_lines", [cart_row()], name="first")
    again = cart_row(quantity="5") | {"updateId": "u2"}
    assert "is not open or has lines" in take(state, tmp_path, "cart_lines", [again], name="second")[0]
    assert state["requests"]["PR1001"]["lines"][0]["quantity"] == "3"


def test_an_update_id_is_taken_once(state: State, tmp_path: Path) -> None:
    row = {"updateId": "t1", "number": "PR1001", "stage": "New", "lines": []}
    take(state, tmp_path, "tracking", [row], name="first")
    take(state, tmp_path, "tracking", [row | {"stage": "Shipped"}], name="second")
    assert state["requests"]["PR1001"]["stage"] == "New"


@pytest.mark.parametrize("stated", ["sha256", "rows", "kind"])
def test_a_file_that_does_not_fit_its_manifest_is_refused_whole(state: State, tmp_path: Path, stated: str) -> None:
    (reason,) = take(state, tmp_path, "cart_lines", [cart_row()], manifest={stated: 0})
    assert stated in reason
    assert state["requests"]["PR1001"]["lines"] == []


@pytest.mark.parametrize(
    "row",
    [
        {"stage": ""},
        {"stage": None},
        {"status": "released"},
        {"lines": [{"requestNumber": "PR1001", "lineNumber": 10000, "quantity": "9"}]},
        {"lines": [{"requestNumber": "PR1001", "lineNumber": 10000, "invoiceDate": "06/03/2026"}]},
        {"lines": [{"requestNumber": "PR1001", "lineNumber": 70000, "invoiceId": "1"}]},
        {"number": "PR9999", "stage": "New"},
    ],
)
def test_a_tracking_row_that_oversteps_changes_nothing(state: State, tmp_path: Path, row: Json) -> None:
    take(state, tmp_path, "cart_lines", [cart_row()], name="lines")
    before = json.dumps(state["requests"])
    whole = {"updateId": "t1", "number": "PR1001", "orderConfirmationId": "111-1"} | row
    assert len(take(state, tmp_path, "tracking", [whole], name="tracking")) == 1
    assert json.dumps(state["requests"]) == before


def test_a_description_longer_than_the_field_is_refused(state: State, tmp_path: Path) -> None:
    assert "description" in take(state, tmp_path, "cart_lines", [cart_row(description="x" * 101)])[0]


def test_a_file_without_its_manifest_waits(sandbox: RunningSandbox) -> None:
    path = sandbox.folder / "bc-updates" / "early.json"
    path.write_text("{}")
    outcome = sandbox.advance()
    assert (outcome["imported"], outcome["refused"], path.exists()) == (0, 0, True)


def test_a_tampered_file_shows_as_a_difference(sandbox: RunningSandbox) -> None:
    buyer = PerfectBuyer(sandbox)
    buyer.play_round()
    path = sandbox.folder / "bc-updates" / "cart-lines-1.json"
    path.write_bytes(path.read_bytes().replace(b'"EA"', b'"BX"', 1))
    outcome, _, found = buyer.play_round()
    assert outcome["refused"] == 1
    assert "Business Central refused updates" in {item.where for item in found}
    assert "Business Central number PR1001 line lineNumber 10000" in {item.where for item in found}


def test_imported_and_refused_files_are_kept_apart(sandbox: RunningSandbox) -> None:
    sandbox.write_update("good", "tracking", [])
    sandbox.write_update("bad", "tracking", [], {"rows": 4})
    sandbox.advance()
    assert sandbox.files("bc-updates") == {}
    assert (sandbox.folder / "home/imported/round-1/good.manifest.json").exists()
    assert (sandbox.folder / "home/refused/round-1/bad.json").exists()


def test_without_its_lines_a_request_is_not_approved(sandbox: RunningSandbox) -> None:
    sandbox.advance()
    sandbox.advance()
    assert {row["status"] for row in sandbox.get("business-central")["requests"]} == {"open"}
