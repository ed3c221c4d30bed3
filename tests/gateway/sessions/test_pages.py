"""The pages: one for every situation, plain, readable by anybody, and closed to whatever a document says."""

import base64
import hashlib
import re

import pytest
from lxml import html

from punchout.gateway.pages import page, policy
from punchout.gateway.wording import Situation
from punchout.model.documents import CartLine
from punchout.model.values import Money, Number, PartId
from punchout.ordering.shopping import Hindrance
from resources.setup_channel import Outcome


def line(ordinal: int, description: str) -> CartLine:
    return CartLine(
        ordinal=ordinal,
        quantity=Number("2", 2_000_000),
        part=PartId("B0", None),
        description=description,
        unit="EA",
        unit_price=Money("1.5", 1_500_000, "USD"),
    )


@pytest.mark.parametrize("situation", Situation)
def test_every_situation_has_a_page_of_its_own(situation: Situation) -> None:
    said = page(situation, request_no="PR0001", reference="0a1b2c3d")
    read = html.fromstring(bytes(said.body).decode())
    assert said.status_code == situation.told.http
    assert read.get("lang") == "en"
    assert [one.text for one in read.iter("h1")] == [situation.told.title]
    assert situation.told.what in "".join(map(str, read.itertext()))
    assert situation.told.advice in "".join(map(str, read.itertext()))
    assert (read.findtext(".//title") or "").startswith(situation.told.title)
    assert read.findtext(".//code") == "0a1b2c3d"


def test_a_reference_that_is_spoken_of_is_shown_and_another_is_not() -> None:
    spoken = {one for one in Situation if "reference below" in one.told.advice}
    assert Situation.REFUSED in spoken
    assert Situation.TAKEN not in spoken


@pytest.mark.parametrize("found", [*Hindrance, *(one for one in Outcome if one is not Outcome.STARTED)])
def test_whatever_may_stand_in_the_way_has_words(found: Hindrance | Outcome) -> None:
    assert found.name in Situation.__members__


def test_the_page_lets_nothing_in_but_its_own_style() -> None:
    said = page(Situation.TAKEN)
    style = re.search(r"<style>(.*?)</style>", bytes(said.body).decode(), re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in policy()
    assert said.headers["content-security-policy"] == policy()
    assert policy().startswith("default-src 'none'; ")
    assert "unsafe" not in policy()


def test_the_page_holds_no_script_no_address_and_no_handler() -> None:
    read = html.fromstring(bytes(page(Situation.TAKEN, cart=[line(1, "x")]).body).decode())
    assert not [one for one in read.iter() if one.tag in {"script", "img", "link", "iframe", "form", "a", "object"}]
    assert not [name for one in read.iter() for name in one.attrib if str(name).startswith("on")]


def test_a_long_cart_is_shown_in_part() -> None:
    text = bytes(page(Situation.TAKEN, cart=[line(one, f"thing {one}") for one in range(130)]).body).decode()
    assert "130 lines in the cart" in text
    assert "and 30 more" in text


def test_one_line_is_one_line() -> None:
    assert "1 line in the cart" in bytes(page(Situation.TAKEN, cart=[line(1, "x")]).body).decode()
