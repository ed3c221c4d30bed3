"""Other codes of a part, whatever a sender calls them."""

import pytest

from punchout.model.values import Extrinsic
from punchout.reconciliation.part_codes import codes_of


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("UPC", "012345678905", ("gtin", "12345678905")),
        ("ean", " 0012345678905 ", ("gtin", "12345678905")),
        ("Manufacturer Part ID", "AB-1", ("manufacturer", "ab-1")),
        ("buyerPartID", "70 01", ("buyer", "7001")),
    ],
)
def test_an_extrinsic_is_a_code_by_its_name(name: str, value: str, code: tuple[str, str]) -> None:
    assert codes_of([Extrinsic(name, value)]) == {code}


@pytest.mark.parametrize(("name", "value"), [("UPC", "NA"), ("EAN", " "), ("soldBy", "Somebody")])
def test_what_is_blank_or_something_else_is_no_code(name: str, value: str) -> None:
    assert codes_of([Extrinsic(name, value)]) == frozenset()


def test_the_carts_manufacturer_part_is_a_code() -> None:
    assert codes_of([], "AB-1") == {("manufacturer", "ab-1")}
