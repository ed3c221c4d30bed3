"""The cases of the book are all here, by number, and most of them are also played by the sandbox's crowd."""

import re
from pathlib import Path

from punchout.sandbox.casting import full
from punchout.sandbox.identifiers import Identifiers
from punchout.sandbox.repertoire import SCENARIOS

EVERY = set(range(1, 38))
PLAYED = {
    1: "two Amazon orders",
    2: "line over two shipments",
    3: "line over two invoices",
    5: "duplicate",
    6: "forged",
    8: "price up",
    13: "rejected line",
    14: "cancelled purchase order",
    17: "billed before shipped",
    18: "never confirmed",
    19: "backwards",
    20: "portion without items",
    21: "blank carrier",
    22: "bogus offsets",
    24: "partial quantity",
    25: "substitution",
    27: "credit line in an invoice",
    31: "test document",
    32: "refused order",
    33: "already processed",
    35: "confirmation updated",
    37: "missing e-mail",
}
"""By what the full set plays a case: a scenario, an accident, or the way purchase orders number their lines."""


def test_every_case_is_told_through_the_public_path() -> None:
    texts = [path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_*.py")]
    assert {
        int(number) for text in texts for number in re.findall(r"^def test_case_(\d\d)_", text, re.MULTILINE)
    } == EVERY


def test_the_full_set_plays_twenty_cases_and_more() -> None:
    script = full(Identifiers(7))
    played = {scenario.name for scenario in SCENARIOS if scenario.plays}
    played |= {accident.kind for accident in script.accidents}
    played |= {"backwards" for request in script.requests if request.backwards}
    assert set(PLAYED.values()) <= played
    assert len(PLAYED) >= 20
