"""What the oracle expects in the end of one request of each scenario, checked by hand against its tale.

O ordered, A accepted, R rejected, B backordered, S shipped, I invoiced, a line after the other; the seed is 7.
"""

import ast
from pathlib import Path

import pytest

from punchout.sandbox import oracle
from punchout.sandbox.plan import Script
from tests.sandbox.buyer import ROOT, Json

QUANTITIES = ("ordered", "accepted", "rejected", "backordered", "shipped", "invoiced")
# What the oracle must not know: how documents are written, and what the stand-ins hold.
FORBIDDEN = {"accidents", "carts", "confirmations", "cxml", "deliveries", "documents", "invoices", "shipments", "state"}

# fmt: off
EXPECTED = (
    # scenario, request, stage, outbox, exceptions, O A R B S I of each line
    ("already processed", "PR2035", "Invoiced", "sent", "", "3 3 0 0 3 3; 1 1 0 0 1 1; 3 3 0 0 3 3"),
    ("approved before its purchase order", "PR2082", "Invoiced", "sent", "", "3 3 0 0 3 3; 4 4 0 0 4 4"),
    ("backordered, confirmed later", "PR2012", "Invoiced", "sent", "MULTI_VALUE_PROJECTED", "6 6 0 0 6 6; 1 1 0 0 1 1"),
    ("before cut-over", "PR2010", "Invoiced", None, "ORDER_ADOPTED", "4 4 0 0 4 4"),
    ("billed before shipped", "PR2050", "Invoiced", "sent", "", "4 4 0 0 4 4; 3 3 0 0 3 3; 2 2 0 0 2 2"),
    ("billed though rejected", "PR2085", "Invoiced", "sent",
     "CONF_REJECTED_LINE INV_BEFORE_SHIP INV_QTY_OVER INV_REJECTED_LINE",
     "3 0 3 0 0 3; 5 5 0 0 5 5; 5 5 0 0 5 5; 2 2 0 0 2 2"),
    ("blank carrier", "PR2033", "Invoiced", "sent", "", "5 5 0 0 5 5; 2 2 0 0 2 2; 4 4 0 0 4 4"),
    ("bogus offsets", "PR2016", "Invoiced", "sent", "", "4 4 0 0 4 4; 2 2 0 0 2 2; 2 2 0 0 2 2"),
    ("cancelled purchase order", "PR2037", "Order Confirmed", "sent", "BC_CANCELLED_NOT_AT_AMAZON",
     "3 3 0 0 0 0; 4 4 0 0 0 0; 2 2 0 0 0 0; 4 4 0 0 0 0"),
    ("cart just in time", "PR2030", "Invoiced", "sent", "", "6 6 0 0 6 6; 5 5 0 0 5 5"),
    ("cart that expires", "PR2045", "PO Created", None, "CART_EXPIRED", "0 0 0 0 0 0; 0 0 0 0 0 0"),
    ("confirmation updated", "PR2058", "Shipped", "sent", "", "4 4 0 0 4 0"),
    ("confirmed slowly", "PR2025", "Invoiced", "sent", "", "5 5 0 0 5 5"),
    ("conflict", "PR2007", "Invoiced", "sent", "", "5 5 0 0 5 5; 3 3 0 0 3 3; 4 4 0 0 4 4"),
    ("credit line in an invoice", "PR2075", "Partially Invoiced", "sent", "", "4 4 0 0 4 1; 2 2 0 0 2 2"),
    ("credit memo", "PR2029", "Invoiced", "sent", "", "3 3 0 0 3 0; 2 2 0 0 2 0; 5 5 0 0 5 0"),
    ("documents in the wrong order", "PR2001", "Invoiced", "sent", "",
     "4 4 0 0 4 4; 3 3 0 0 3 3; 4 4 0 0 4 4; 1 1 0 0 1 1"),
    ("duplicate", "PR2017", "Invoiced", "sent", "", "3 3 0 0 3 3; 5 5 0 0 5 5; 3 3 0 0 3 3; 5 5 0 0 5 5"),
    ("invoice deleted and corrected", "PR2002", "Invoiced", "sent", "", "4 4 0 0 4 4; 1 1 0 0 1 1; 4 4 0 0 4 4"),
    ("late document", "PR2013", "Invoiced", "sent", "MULTI_VALUE_PROJECTED", "2 2 0 0 2 2; 4 4 0 0 4 4; 4 4 0 0 4 4"),
    ("line over two invoices", "PR2004", "Invoiced", "sent", "MULTI_VALUE_PROJECTED",
     "6 6 0 0 6 6; 5 5 0 0 5 5; 1 1 0 0 1 1; 1 1 0 0 1 1"),
    ("line over two shipments", "PR2022", "Invoiced", "sent", "MULTI_VALUE_PROJECTED",
     "3 3 0 0 3 3; 5 5 0 0 5 5; 3 3 0 0 3 3"),
    ("lost reply", "PR2060", "Invoiced", "sent", "", "4 4 0 0 4 4; 4 4 0 0 4 4; 3 3 0 0 3 3; 4 4 0 0 4 4"),
    ("malformed file", "PR2123", "Invoiced", "sent", "", "6 6 0 0 6 6"),
    ("manual release", "PR2036", "Shipped", "sent", "", "5 5 0 0 5 0; 2 2 0 0 2 0; 3 3 0 0 3 0; 3 3 0 0 3 0"),
    ("manual release, never sent", "PR2088", "PO Queued", "draft", "",
     "6 0 0 0 0 0; 2 0 0 0 0 0; 3 0 0 0 0 0; 5 0 0 0 0 0"),
    ("missing e-mail", "PR2024", "Shipped", "sent", "", "6 6 0 0 6 0; 4 4 0 0 4 0; 5 5 0 0 5 0"),
    ("never confirmed", "PR2127", "PO Sent", "sent", "CONF_OVERDUE",
     "3 0 0 0 0 0; 3 0 0 0 0 0; 3 0 0 0 0 0; 4 0 0 0 0 0"),
    ("not ordered yet", "PR2059", "Pending Approval", None, "", "0 0 0 0 0 0; 0 0 0 0 0 0; 0 0 0 0 0 0; 0 0 0 0 0 0"),
    ("other time stamps", "PR2034", "Invoiced", "sent", "", "5 5 0 0 5 5; 2 2 0 0 2 2; 4 4 0 0 4 4; 3 3 0 0 3 3"),
    ("overbilled", "PR2097", "Invoiced", "sent", "INV_BEFORE_SHIP INV_QTY_OVER", "4 4 0 0 4 5"),
    ("overshipped", "PR2005", "Invoiced", "sent", "MULTI_VALUE_PROJECTED SHIP_OVER_QTY",
     "5 5 0 0 6 5; 1 1 0 0 1 1; 1 1 0 0 1 1"),
    ("partial quantity", "PR2011", "Partially Shipped", "sent", "CONF_PARTIAL_QTY CONF_REJECTED_LINE",
     "3 1 2 0 1 0; 2 2 0 0 0 0; 5 5 0 0 0 0; 4 4 0 0 0 0"),
    ("plain", "PR2014", "Partially Invoiced", "sent", "", "2 2 0 0 2 2; 2 2 0 0 0 0; 3 3 0 0 0 0; 3 3 0 0 0 0"),
    ("portion without items", "PR2027", "Invoiced", "sent", "SHIP_WHOLE_ORDER_IMPLIED",
     "5 5 0 0 5 5; 4 4 0 0 4 4; 1 1 0 0 1 1; 2 2 0 0 2 2"),
    ("price down", "PR2068", "Invoiced", "sent", "", "4 4 0 0 4 4; 4 4 0 0 4 4; 3 3 0 0 3 3; 1 1 0 0 1 1"),
    ("price up", "PR2003", "Invoiced", "sent", "CONF_PRICE_UP",
     "5 5 0 0 5 5; 2 2 0 0 2 2; 1 1 0 0 1 1; 2 2 0 0 2 2"),
    ("re-serialised duplicate", "PR2047", "Invoiced", "sent", "", "6 6 0 0 6 6; 5 5 0 0 5 5"),
    ("refused order", "PR2009", "Send Failed", "refused", "SEND_PERMANENT", "5 0 0 0 0 0; 2 0 0 0 0 0; 2 0 0 0 0 0"),
    ("rejected line", "PR2091", "Invoiced", "sent", "CONF_REJECTED_LINE", "4 0 4 0 0 0; 2 2 0 0 2 2"),
    ("ship notice deleted", "PR2158", "Invoiced", "sent", "", "4 4 0 0 4 4; 2 2 0 0 2 2"),
    ("ship notice updated", "PR2046", "Invoiced", "sent", "", "2 2 0 0 2 2; 1 1 0 0 1 1; 3 3 0 0 3 3; 1 1 0 0 1 1"),
    ("substitution", "PR2066", "Invoiced", "sent", "SUBSTITUTION", "2 2 0 0 2 2"),
    ("test document", "PR2079", "Shipped", "sent", "", "4 4 0 0 4 0"),
    ("two Amazon orders", "PR2048", "Invoiced", "sent", "MULTI_VALUE_PROJECTED",
     "3 3 0 0 3 3; 3 3 0 0 3 3; 2 2 0 0 2 2"),
    ("unknown line shipped", "PR2028", "Invoiced", "sent", "LINE_NOT_FOUND", "5 5 0 0 5 5"),
    ("update before what it replaces", "PR2008", "Invoiced", "sent", "", "5 5 0 0 5 5; 4 4 0 0 4 4; 5 5 0 0 5 5"),
    ("wholly rejected order", "PR2018", "Rejected", "sent", "CONF_REJECTED_LINE CONF_REJECTED_ORDER",
     "4 0 4 0 0 0; 5 0 5 0 0 0; 3 0 3 0 0 0; 5 0 5 0 0 0"))
# fmt: on


@pytest.mark.parametrize(("scenario", "number", "stage", "outbox", "codes", "lines"), EXPECTED)
def test_a_request_of_each_scenario_ends_as_its_tale_says(
    rows: list[dict[str, Json]], scenario: str, number: str, stage: str, outbox: str | None, codes: str, lines: str
) -> None:
    row = rows[-1][number]
    found = "; ".join(" ".join(line[name] for name in QUANTITIES) for line in row["lines"])
    assert (row["scenario"], row["stage"], row["outbox_state"]) == (scenario, stage, outbox)
    assert (row["exceptions"], found) == (codes.split(), lines)
    assert row["adopted"] == (scenario == "before cut-over")


def test_no_scenario_is_left_out(crowd: Script) -> None:
    assert sorted(row[0] for row in EXPECTED) == sorted(oracle.scenarios(crowd))


def test_the_oracle_knows_nothing_of_documents_or_of_the_stand_ins() -> None:
    reached, found = ["oracle"], {"oracle"}
    while reached:
        tree = ast.parse((ROOT / "punchout/sandbox" / f"{reached.pop()}.py").read_bytes())
        names = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        names |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
        assert not any(name.startswith("lxml") for name in names)
        new = {name.removeprefix("punchout.sandbox.") for name in names if name.startswith("punchout.sandbox.")} - found
        reached += sorted(new)
        found |= new
    assert {"fold", "standing", "findings", "plan"} <= found
    assert found.isdisjoint(FORBIDDEN)
    assert all((Path(ROOT) / "punchout/sandbox" / f"{name}.py").exists() for name in FORBIDDEN)
