"""Starting a punchout session: who may, what the supplier is asked, and where the browser goes, or what it is told."""

import asyncio
import html
import logging
from collections.abc import Callable
from pathlib import Path

import pytest
import structlog
from lxml import etree

from punchout.ledger.tables.facts import SESSION_ANSWERED, SESSION_OPENED
from tests.gateway.sessions.conftest import Shopping
from tests.gateway.sessions.shopper import (
    ORIGIN,
    SETUP_SECRET,
    START_PAGE,
    Shopper,
    link,
    said,
    started,
    text_of,
    unsigned,
)
from tests.resources.suppliers import Behaviour, Server, answers, closes, hangs, unused_port
from tests.support.ledgers import rows
from tests.support.purchases import requests_export
from tests.support.stories import FIRST, of_session


def setup_of(shop: Server) -> etree._Element:
    (body,) = shop.bodies
    found = etree.fromstring(body).find("Request/PunchOutSetupRequest")
    assert found is not None
    return found


def test_a_signed_link_leads_to_the_supplier_s_page(shopper: Shopper, shop: Server) -> None:
    said = shopper.start()
    assert (said.status_code, said.headers["location"]) == (303, START_PAGE)
    assert said.headers["referrer-policy"] == "no-referrer"
    assert len(shop.bodies) == 1


def test_the_setup_says_who_shops_and_where_the_cart_comes_back_to(
    shopper: Shopper, shop: Server, test_data: Path
) -> None:
    shopper.start(link(user="Ann Buyer"))
    setup = setup_of(shop)
    assert setup.get("operation") == "create"
    assert setup.findtext("BuyerCookie") == shopper.cookie()
    assert setup.findtext("BrowserFormPost/URL") == f"{ORIGIN}/punchout/return"
    assert {one.get("name"): one.text for one in setup.iterfind("Extrinsic")}["UserEmail"] == "ann@contoso.example"
    assert setup.findtext("Contact/Name") == "Ann Buyer"
    root = etree.fromstring(shop.bodies[0])
    assert root.findtext("Header/Sender/Credential/SharedSecret") == SETUP_SECRET
    dtd = etree.DTD(str(test_data / "dtd" / "cXML.dtd"))
    assert dtd.validate(root), dtd.error_log


def test_every_session_has_a_cookie_of_its_own_that_nobody_guesses(shopping: Shopping, shop: Server) -> None:
    shopper = shopping(shop.url, cart={"reuse_seconds": 0})
    for _ in range(3):
        assert shopper.start().status_code == 303
    cookies = {session.opened.buyer_cookie for session in shopper.sessions()}
    assert len(cookies) == 3
    assert {len(cookie) for cookie in cookies} == {43}


def test_the_ledger_holds_the_session_and_of_the_page_only_its_host(shopper: Shopper) -> None:
    shopper.start(link(user="ann"))
    (session,) = shopper.sessions()
    assert (session.key, session.opened.user, session.returned) == (FIRST.key, "ann", None)
    assert session.answered is not None
    assert (session.answered.outcome, session.answered.start_host) == ("started", "www.shop.example")
    assert "session/1" not in str(rows(shopper.engine, SESSION_ANSWERED))


def test_a_start_that_is_repeated_leads_to_the_same_session(shopper: Shopper, shop: Server) -> None:
    assert [shopper.start().headers["location"] for _ in range(2)] == [START_PAGE] * 2
    assert (len(shop.bodies), len(shopper.sessions())) == (1, 1)


def test_two_starts_at_once_open_one_session(shopper: Shopper, shop: Server) -> None:
    async def both() -> list[int]:
        return [one.status_code for one in await asyncio.gather(*(shopper.calling("GET", link()) for _ in range(2)))]

    assert shopper.run(both()) == [303, 303]
    assert (len(shop.bodies), len(shopper.sessions())) == (1, 1)


def test_another_user_of_the_same_request_gets_another_session(shopper: Shopper) -> None:
    shopper.start(link(user="ann"))
    shopper.start(link(user="bob"))
    assert len(shopper.sessions()) == 2


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Purpose": "prefetch"},
        {"Sec-Purpose": "prefetch;prerender"},
        {"Purpose": "prefetch"},
        {"X-Moz": "prefetch"},
    ],
)
def test_what_a_browser_fetches_ahead_of_its_user_opens_nothing(
    shopper: Shopper, shop: Server, headers: dict[str, str]
) -> None:
    said = shopper.start(headers=headers)
    assert (said.status_code, "location" in said.headers) == (503, False)
    assert (shop.bodies, shopper.sessions()) == ([], [])


def test_a_head_opens_nothing(shopper: Shopper, shop: Server) -> None:
    said = shopper.call("HEAD", link())
    assert (said.status_code, said.content) == (204, b"")
    assert (shop.bodies, shopper.sessions()) == ([], [])


@pytest.mark.parametrize(
    ("path", "title"),
    [
        (link().replace("PR0001", "PR0002"), "This link cannot be used"),
        (link(secret="another secret that is long enough"), "This link cannot be used"),  # noqa: S106 - of nobody
        (link(user="ann").replace("user=ann", "user=eve"), "This link cannot be used"),
        (unsigned("PR0001", "4000000000." + "0" * 64), "This link cannot be used"),
        ("/punchout/start/PR0001", "This link cannot be used"),
        (link(expires=1_700_000_000), "This link has expired"),
    ],
)
def test_a_link_that_is_forged_altered_or_expired_opens_nothing(
    shopper: Shopper, shop: Server, path: str, title: str
) -> None:
    said = shopper.start(path)
    assert (said.status_code, f"<h1>{title}</h1>" in said.text) == (403, True)
    assert (shop.bodies, shopper.sessions()) == ([], [])


REFUSED = {
    "a request that is not known": (None, "PR7777", 404, "not known here yet"),
    "a request that is ordered": ({"purchaseOrderNumber": "106001"}, "PR0001", 409, "ordered already"),
    "a request that is released": (
        {"status": "released", "releasedDateTime": "2026-03-02T08:30:00Z"},
        "PR0001",
        409,
        "released already",
    ),
    "a request that waits for approval": ({"status": "pendingApproval"}, "PR0001", 409, "waits for approval"),
    "a request with lines": ({"lines": FIRST.row()["lines"]}, "PR0001", 409, "has its cart already"),
    "a request without an e-mail address": ({"requesterEmail": None}, "PR0001", 409, "no e-mail address"),
    "a request with a malformed e-mail address": ({"requesterEmail": "ann"}, "PR0001", 409, "no e-mail address"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_nobody_shops_in_vain(shopper: Shopper, shop: Server, what: str) -> None:
    changes, number, status, words = REFUSED[what]
    if changes is not None:
        row = {**FIRST.new_row(), "requesterEmail": "ann@contoso.example", **changes}
        row["lastModifiedDateTime"] = "2026-03-02T09:00:00Z"
        shopper.play.sync(requests_export(row, name="changed.json"))
    said = shopper.start(link(number))
    assert (said.status_code, words in text_of(said)) == (status, True), text_of(said)
    assert (shop.bodies, shopper.sessions()) == ([], [])


def test_a_request_whose_cart_has_come_is_not_shopped_for_again_not_even_just_after(shopper: Shopper) -> None:
    shopper.start()
    shopper.bring(of_session(FIRST, shopper.cookie()))
    said = shopper.start()
    assert (said.status_code, "has its cart already" in text_of(said)) == (409, True)


def test_a_request_that_was_left_without_a_cart_may_be_shopped_for_again(shopping: Shopping, shop: Server) -> None:
    shopper = shopping(shop.url, cart={"reuse_seconds": 0})
    shopper.start()
    shopper.bring(of_session(FIRST, shopper.cookie(), empty=True))
    assert shopper.start().status_code == 303


BEHAVIOURS: dict[str, tuple[Behaviour, int, str]] = {
    "an answer that never comes": (hangs, 504, "does not answer"),
    "an answer that is cut off": (closes, 504, "does not answer"),
    "an error page": (answers(b"<html><body>502</body></html>"), 502, "cannot be understood"),
    "a refusal": (said(401), 502, "refused"),
    "a refusal that names a page": (started(code=400), 502, "refused"),
    "no page": (said(200), 502, "no page to go to"),
}


@pytest.mark.parametrize("what", BEHAVIOURS)
def test_what_goes_wrong_at_the_supplier_is_told_with_a_reference(
    shopping: Shopping, supplier: Callable[[Behaviour], Server], what: str, caplog: pytest.LogCaptureFixture
) -> None:
    behave, status, words = BEHAVIOURS[what]
    # What answers may be late on a busy machine; what never does is not waited for.
    shopper = shopping(supplier(behave).url, cart={"setup_timeout_seconds": 0.5 if behave is hangs else 30})
    with structlog.testing.capture_logs() as logged, caplog.at_level(logging.DEBUG):
        said = shopper.start()
    assert (said.status_code, words in text_of(said)) == (status, True), text_of(said)
    (line,) = [line for line in logged if line["event"] == "a punchout session was asked for"]
    assert f"<code>{line['reference']}</code>" in said.text
    told = str(logged) + caplog.text + said.text + str(rows(shopper.engine, SESSION_ANSWERED))
    assert SETUP_SECRET not in told
    assert shopper.cookie() not in str(logged) + caplog.text + said.text


def test_a_supplier_that_is_not_there_is_told(shopping: Shopping) -> None:
    with unused_port() as port:
        shopper = shopping(f"http://127.0.0.1:{port}/setup")
        said = shopper.start()
    assert (said.status_code, "cannot be reached" in text_of(said)) == (502, True)
    assert [row["outcome"] for row in rows(shopper.engine, SESSION_ANSWERED)] == ["unreachable"]


@pytest.mark.parametrize(
    "page",
    [
        "https://evil.example/",
        "https://shop.example.evil.example/",
        "https://notshop.example/",
        "https://shop.example@evil.example/",
        "https://user:word@www.shop.example/",
        "http://www.shop.example/",
        "//www.shop.example/",
        "javascript:alert(1)//www.shop.example",
        "data:text/html,www.shop.example",
        "https:\\\\www.shop.example\\",
        "https://evil.example\\@www.shop.example/",
        "https://www.shop.example/&#13;&#10;Set-Cookie: a=b",
        "https://www.shop.example/&#10;Location:https://evil.example",
        "https://www.shop.example:99999/",
        "https://[::1/",
        "https://www.shop.example/" + "a" * 5000,
    ],
)
def test_the_browser_is_sent_to_no_page_but_the_supplier_s(
    shopping: Shopping, supplier: Callable[[Behaviour], Server], page: str
) -> None:
    shopper = shopping(supplier(started(page)).url)
    said = shopper.start()
    assert "location" not in said.headers
    assert "set-cookie" not in said.headers
    assert (said.status_code, "not trusted" in text_of(said)) == (502, True), text_of(said)
    assert html.escape(page) not in said.text


@pytest.mark.parametrize(
    "changes",
    [
        {"gateway": {"link_secrets": []}},
        {"gateway": {"link_secrets": ["env:TEST_SHORT"]}},
        {"gateway": {"link_secrets": ["env:NOT_THERE"]}},
        {"supplier": {"shared_secret": "env:NOT_THERE"}},
        {"supplier": {"setup_url": None}},
    ],
)
def test_what_is_not_set_up_opens_nothing_and_names_no_secret(
    shopping: Shopping, shop: Server, monkeypatch: pytest.MonkeyPatch, changes: dict[str, dict[str, object]]
) -> None:
    monkeypatch.setenv("TEST_SHORT", "too short")
    shopper = shopping(shop.url, **changes)
    said = shopper.start()
    assert (said.status_code, "Something is wrong here" in text_of(said)) == (503, True)
    assert (shop.bodies, rows(shopper.engine, SESSION_OPENED)) == ([], [])
    assert "NOT_THERE" not in said.text


def test_where_business_central_receives_carts_no_session_is_opened(shopping: Shopping, shop: Server) -> None:
    shopper = shopping(shop.url, cart={"received_by": "bc"})
    assert shopper.start().status_code == 404
    assert shop.bodies == []


def test_a_number_with_a_slash_is_a_number(shopper: Shopper) -> None:
    said = shopper.start(link("PR/00 01"))
    assert (said.status_code, "PR/00 01" in text_of(said)) == (404, True)
