"""A person's whole way in a real browser: from the link to the shop and back, and into Business Central."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from punchout.gateway.pages import page as page_of
from punchout.gateway.wording import Situation
from tests.gateway.sessions.test_pages import line
from tests.gateway.sessions.whole_way import WholeWay, whole_way
from tests.reports.chromium import Page, browse
from tests.reports.test_browser import TOO_FAINT
from tests.support.lanes import need_command

pytestmark = [pytest.mark.browser, pytest.mark.process, pytest.mark.timeout(300)]

HEADING = "document.querySelector('h1').textContent"


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    program = need_command("chromium", "chromium-browser", "google-chrome")
    with browse(program, tmp_path_factory.mktemp("profile")) as page:
        yield page


@pytest.fixture(scope="module")
def way(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WholeWay]:
    with whole_way(tmp_path_factory.mktemp("way")) as running:
        yield running


def click(page: Page, selector: str) -> None:
    """Press a button as a person does, and wait for the page that it leads to."""
    page.arrive(lambda: page.run(f"document.querySelector({selector!r}).click()"))


@pytest.mark.slow
def test_a_cart_goes_from_the_link_to_the_shop_and_back_and_into_business_central(browser: Page, way: WholeWay) -> None:
    number = way.new_request()
    browser.open(way.punchout("session", "link", number, "--for", "Ann Buyer").strip())
    assert browser.run(HEADING) == "Stand-in shop"
    click(browser, "#send button")
    assert browser.run(HEADING) == "Your cart has arrived"
    assert browser.run("location.href") == f"{way.url}/punchout/return"
    assert number in browser.run("document.body.textContent")
    assert "Ring binder <A4> & dividers" in browser.run("document.querySelector('td').textContent")
    assert way.lines(number) == []
    way.punchout("sync")
    lines = way.lines(number)
    assert [(one["description"], one["quantity"], one["unitPrice"]) for one in lines] == [
        ("Ring binder <A4> & dividers, 5 per pack", "2", "7.49"),
        ("Caf\u00e9 filters no. 4, unbleached", "1", "3.2"),
    ]
    browser.open(way.punchout("session", "link", number).strip())
    assert browser.run(HEADING) == "This request has its cart already"


@pytest.mark.slow
def test_a_user_who_leaves_without_a_cart_may_come_again(browser: Page, way: WholeWay) -> None:
    number = way.new_request()
    browser.open(way.punchout("session", "link", number).strip())
    click(browser, "#leave button")
    assert browser.run(HEADING) == "You left the shop without a cart"
    way.punchout("sync")
    assert way.lines(number) == []
    browser.open(way.punchout("session", "link", number, "--for", "Bob").strip())
    click(browser, "#send button")
    assert browser.run(HEADING) == "Your cart has arrived"


@pytest.mark.parametrize("situation", [Situation.TAKEN, Situation.LINK_EXPIRED, Situation.REFUSED])
@pytest.mark.parametrize("is_dark", [False, True], ids=["light", "dark"])
def test_a_page_can_be_read_in_any_light_and_on_a_narrow_screen(
    browser: Page,
    tmp_path: Path,
    situation: Situation,
    is_dark: bool,  # noqa: FBT001 - a case
) -> None:
    said = page_of(situation, request_no="PR0001", reference="0a1b2c3d4e5f", cart=[line(1, "Binder " * 20)])
    (tmp_path / "page.html").write_bytes(bytes(said.body))
    browser.look(320, 700, dark=is_dark)
    browser.open((tmp_path / "page.html").as_uri())
    assert browser.run(TOO_FAINT) == []
    assert browser.run("document.documentElement.scrollWidth <= 320")
    assert browser.run("getComputedStyle(document.querySelector('main')).borderTopWidth") != "0px"
