"""The comparison: what it finds, what it leaves alone, and how the command says so."""

import copy
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from punchout.sandbox import oracle
from punchout.sandbox.compare import differences
from punchout.sandbox.identifiers import Identifiers
from tests.sandbox.buyer import ROOT, Json


@pytest.fixture
def sides() -> tuple[Json, Json, Json]:
    """Expectations of round 5, and a product and a Business Central that fulfil them."""
    expected = oracle.expected(Identifiers(7), 5)
    status = copy.deepcopy({name: expected[name] for name in ("as_of", "requests", "documents")})
    tables = {"requests": copy.deepcopy(expected["business_central"]), "orders": [], "refused_updates": []}
    return expected, status, tables


def test_equal_sides_have_no_differences(sides: tuple[Json, Json, Json]) -> None:
    compared, found = differences(*sides)
    assert found == []
    assert compared > 600


def spoil_stage(status: Json, _: Json) -> None:
    status["requests"][0]["stage"] = "Closed"


def spoil_quantity(status: Json, _: Json) -> None:
    status["requests"][0]["lines"][1]["shipped"] = "2"


def drop_field(status: Json, _: Json) -> None:
    del status["requests"][0]["outbox_state"]


def drop_line(status: Json, _: Json) -> None:
    del status["requests"][0]["lines"][0]


def add_line(status: Json, _: Json) -> None:
    status["requests"][0]["lines"].append({"line_number": 30000, "cart_position": 3})


def repeat_line(status: Json, _: Json) -> None:
    status["requests"][0]["lines"].append(status["requests"][0]["lines"][0])


def drop_request(status: Json, _: Json) -> None:
    del status["requests"][3]


def add_request(status: Json, _: Json) -> None:
    status["requests"].append({"request_no": "PO:990001", "lines": []})


def add_judged_code(status: Json, _: Json) -> None:
    status["requests"][0]["exceptions"].append("LINE_NOT_FOUND")


def add_quarantined(status: Json, _: Json) -> None:
    status["documents"]["quarantined"]["AUTH_FAILED"] = 1


def spoil_table(_: Json, tables: Json) -> None:
    tables["requests"][0]["lines"][0]["invoiceId"] = "1"


def add_table_line(_: Json, tables: Json) -> None:
    tables["requests"][0]["lines"].append({"lineNumber": 30000})


def add_refusal(_: Json, tables: Json) -> None:
    tables["refused_updates"].append({"file": "a.json", "reason": "no"})


@pytest.mark.parametrize(
    ("spoil", "where"),
    [
        (spoil_stage, "request request_no PR1001 stage"),
        (spoil_quantity, "request request_no PR1001 line line_number 20000 shipped"),
        (drop_field, "request request_no PR1001 outbox_state"),
        (drop_line, "request request_no PR1001 line line_number 10000"),
        (add_line, "request request_no PR1001 line line_number 30000"),
        (repeat_line, "request request_no PR1001 line line_number 10000 (again)"),
        (drop_request, "request request_no PR1004"),
        (add_request, "request request_no PO:990001"),
        (add_judged_code, "request request_no PR1001 exceptions"),
        (add_quarantined, "documents quarantined"),
        (spoil_table, "Business Central number PR1001 line lineNumber 10000 invoiceId"),
        (add_table_line, "Business Central number PR1001 line lineNumber 30000"),
        (add_refusal, "Business Central refused updates"),
    ],
)
def test_one_spoiled_value_is_one_difference(
    sides: tuple[Json, Json, Json], spoil: Callable[[Json, Json], None], where: str
) -> None:
    spoil(sides[1], sides[2])
    assert [item.where for item in differences(*sides)[1] if "PR1004 line" not in item.where] == [where]


def test_a_code_that_the_oracle_does_not_know_is_left_alone(sides: tuple[Json, Json, Json]) -> None:
    sides[1]["requests"][0]["exceptions"].append("TRACKING_MISSING")
    assert differences(*sides)[1] == []


def test_an_order_received_twice_is_a_difference(sides: tuple[Json, Json, Json]) -> None:
    received = [{"payloadID": order, "orderID": order, "receipts": 1} for order in sides[0]["orders"]]
    assert differences(*sides, {"orders": received})[1] == []
    received[0]["receipts"] = 2
    assert [item.where for item in differences(*sides, {"orders": received})[1]] == ["orders"]


@pytest.mark.parametrize(("stage", "code"), [("Invoiced", 0), ("Closed", 1)])
def test_the_command_prints_differences_and_exits_1_on_any(
    sides: tuple[Json, Json, Json], tmp_path: Path, stage: str, code: int
) -> None:
    sides[1]["requests"][0]["stage"] = stage
    paths = [tmp_path / name for name in ("expected.json", "status.json", "bc.json")]
    for path, side in zip(paths, sides, strict=True):
        path.write_text(json.dumps(side))
    command = [sys.executable, "-m", "punchout.sandbox", "compare", *map(str, paths)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30, check=False)
    assert run.returncode == code
    assert run.stdout.splitlines()[-1].endswith(f"differences={code}")
    assert len(run.stdout.splitlines()) == 1 + code


def test_a_difference_names_its_request(sides: tuple[Json, Json, Json]) -> None:
    expected, status, tables = sides
    spoil_stage(status, tables)
    spoil_quantity(status, tables)
    status["documents"]["waiting"] = 9
    tables["requests"][2]["stage"] = "Closed"
    found = differences(expected, status, tables)[1]
    assert [item.request for item in found] == [None, "PR1001", "PR1001", "PR1003"]


def test_the_name_of_the_scenario_is_not_compared(sides: tuple[Json, Json, Json]) -> None:
    expected, status, tables = sides
    for row in status["requests"]:
        del row["scenario"]
    assert differences(expected, status, tables)[1] == []


def test_a_code_that_is_not_judged_on_a_request_is_judged_on_the_others(sides: tuple[Json, Json, Json]) -> None:
    expected, status, tables = sides
    for row in status["requests"][:2]:
        row["exceptions"] = sorted({*row["exceptions"], "CONF_OVERDUE"})
    expected["requests"][0]["not_judged"] = ["CONF_OVERDUE"]
    _, found = differences(expected, status, tables)
    assert [item.where for item in found] == [f"request request_no {status['requests'][1]['request_no']} exceptions"]
