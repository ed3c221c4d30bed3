"""Coming back with a cart: it is taken once, from whoever has the session's cookie, and the user is told."""

import asyncio
import base64
import gzip
from urllib.parse import urlencode

import pytest
import structlog

from punchout.ledger.tables.facts import DOCUMENT, SESSION_RETURNED
from tests.gateway.sessions.conftest import Shopping
from tests.gateway.sessions.shopper import Shopper, text_of
from tests.resources.suppliers import Server
from tests.support.deliveries import Delivery
from tests.support.ledgers import rows
from tests.support.purchases import SECRET, Item, Purchase
from tests.support.stories import FIRST, HTML_PAGE, confirmed, of_session

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{7*7}}\u202e"


@pytest.fixture
def cart(shopper: Shopper) -> Delivery:
    """The cart of a session that was just started."""
    shopper.start()
    return of_session(FIRST, shopper.cookie())


def heading(said: object) -> str:
    return str(getattr(said, "text", "")).partition("<h1>")[2].partition("</h1>")[0]


@pytest.mark.parametrize("field", ["cxml-urlencoded", "cXML-urlencoded", "cxml-base64"])
def test_a_cart_is_taken_from_the_browser_s_form(shopper: Shopper, cart: Delivery, field: str) -> None:
    data = base64.b64encode(cart.data) if field == "cxml-base64" else cart.data
    said = shopper.bring(data, field)
    assert (said.status_code, heading(said)) == (200, "Your cart has arrived")
    assert "PR0001" in text_of(said)
    shopper.play.sync()
    assert shopper.play.request()["stage"] == "Cart Received"


def test_the_page_shows_what_is_in_the_cart(shopper: Shopper, cart: Delivery) -> None:
    told = text_of(shopper.bring(cart))
    assert "2 lines in the cart" in told
    assert "Part B0TEST0001 3 EA 10.00 USD" in told


def test_what_a_cart_says_is_shown_as_text_and_nothing_else(shopper: Shopper) -> None:
    shopper.start()
    described = of_session(FIRST, shopper.cookie()).saying("PLACEHOLDER", instead_of="Part B0TEST0001")
    escaped = HOSTILE.replace("&", "&amp;").replace("<", "&lt;")
    said = shopper.bring(described.saying(escaped, instead_of="PLACEHOLDER"))
    assert said.status_code == 200
    assert "<script" not in said.text
    assert "<img" not in said.text
    assert "&lt;script&gt;" in said.text
    assert "\u202e" not in said.text
    assert "49" not in text_of(said).partition("{{7*7}}")[0]


def test_the_same_form_again_is_told_and_counts_once(shopper: Shopper, cart: Delivery) -> None:
    shopper.bring(cart)
    said = shopper.bring(cart)
    assert (said.status_code, heading(said)) == (200, "Your cart had arrived already")
    shopper.play.sync()
    assert len(rows(shopper.engine, SESSION_RETURNED)) == 1


def test_another_cart_with_a_used_cookie_is_a_replay(shopper: Shopper, cart: Delivery) -> None:
    shopper.bring(cart)
    forged = cart.saying("other@", instead_of=f"{shopper.cookie()}@").saying("FORGED", instead_of="B0TEST0001")
    said = shopper.bring(forged)
    assert (said.status_code, heading(said)) == (409, "This cart was not taken")
    assert len(rows(shopper.engine, SESSION_RETURNED)) == 1


def test_two_returns_at_once_are_one_cart(shopper: Shopper, cart: Delivery) -> None:
    other = cart.saying("other@", instead_of=f"{shopper.cookie()}@").saying("OTHER", instead_of="B0TEST0001")

    async def both() -> list[int]:
        posts = (
            shopper.calling("POST", "/punchout/return", content=urlencode({"cxml-urlencoded": one.data}).encode())
            for one in (cart, other)
        )
        return sorted(one.status_code for one in await asyncio.gather(*posts))

    assert shopper.run(both()) == [200, 409]
    assert len(rows(shopper.engine, SESSION_RETURNED)) == 1


def test_a_guessed_cookie_lets_nothing_in(shopper: Shopper, cart: Delivery) -> None:
    del cart
    said = shopper.bring(of_session(FIRST, "guessed"))
    assert (said.status_code, heading(said)) == (404, "This cart belongs to no session of ours")
    assert "PR0001" not in said.text
    shopper.play.sync()
    assert shopper.play.request()["stage"] == "New"


def test_a_session_that_has_expired_takes_no_cart(shopper: Shopper, cart: Delivery) -> None:
    shopper.play.later(12.1)
    said = shopper.bring(cart)
    assert (said.status_code, heading(said)) == (410, "This session has expired")
    shopper.play.sync()
    assert shopper.play.request()["stage"] == "New"


def test_leaving_without_a_cart_closes_the_session(shopper: Shopper) -> None:
    shopper.start()
    said = shopper.bring(of_session(FIRST, shopper.cookie(), empty=True))
    assert (said.status_code, heading(said)) == (200, "You left the shop without a cart")
    assert [row["line_count"] for row in rows(shopper.engine, SESSION_RETURNED)] == [0]


def test_another_supplier_s_cart_is_not_taken(shopper: Shopper) -> None:
    shopper.start()
    cart = FIRST.cart(sender="Mallory").saying(shopper.cookie(), instead_of=FIRST.cookie)
    said = shopper.bring(cart)
    assert (said.status_code, "sender that is not accepted" in text_of(said)) == (403, True)
    assert rows(shopper.engine, SESSION_RETURNED) == []


def test_a_cart_of_the_test_site_is_not_taken(shopper: Shopper, cart: Delivery) -> None:
    said = shopper.bring(cart.saying('deploymentMode="test"', instead_of='deploymentMode="production"'))
    assert (said.status_code, "test site" in text_of(said)) == (409, True)


@pytest.mark.parametrize(
    ("data", "status"),
    [(b"<cXML><broken", 400), (HTML_PAGE.data, 400), (b"", 400), (confirmed().data, 400)],
)
def test_what_is_no_cart_is_kept_and_not_taken(shopper: Shopper, data: bytes, status: int) -> None:
    said = shopper.bring(data)
    assert said.status_code == status
    query = "SELECT count(*) FROM document_state WHERE state = 'quarantined'"
    with shopper.engine.connect() as connection:
        assert connection.exec_driver_sql(query).scalar_one() == 1


def test_the_reference_finds_the_document_and_the_log_names_no_cookie(shopper: Shopper, cart: Delivery) -> None:
    del cart
    with structlog.testing.capture_logs() as logged:
        said = shopper.bring(of_session(FIRST, "guessed-cookie"))
    (kept,) = [row for row in rows(shopper.engine, DOCUMENT) if row["content"] == "cart"]
    assert f"<code>{str(kept['received_sha256'])[:12]}</code>" in said.text
    assert "guessed-cookie" not in str(logged) + said.text
    assert SECRET not in str(kept["body"]) + str(logged) + said.text


def test_strangers_fill_no_disk(shopping: Shopping, shop: Server) -> None:
    shopper = shopping(shop.url, cart={"stray_carts_per_day": 2})
    said = [shopper.bring(of_session(FIRST, f"guess-{one}")) for one in range(4)]
    assert [one.status_code for one in said] == [404, 404, 429, 429]
    assert len([row for row in rows(shopper.engine, DOCUMENT) if row["content"] == "cart"]) == 2
    shopper.start()
    assert shopper.bring(of_session(FIRST, shopper.cookie())).status_code == 200


def test_strangers_fill_no_log(shopping: Shopping, shop: Server) -> None:
    shopper = shopping(shop.url, cart={"stray_carts_per_day": 1})
    with structlog.testing.capture_logs() as logged:
        for one in ("guess-1", "guess-1", "guess-2", "guess-3", "guess-4"):
            shopper.bring(of_session(FIRST, one))
    assert [line["event"] for line in logged] == [
        "a cart came back",
        "carts came back that belong to no session, and were not kept",
    ]


def test_a_form_that_is_too_large_is_not_read(shopping: Shopping, shop: Server) -> None:
    shopper = shopping(shop.url, cart={"max_bytes": 2_000})
    large = Purchase(items=tuple(Item(f"B0{one:08d}", f"1-1,{one}", "1", "1.00") for one in range(50)))
    shopper.start()
    said = shopper.bring(of_session(large, shopper.cookie()))
    assert (said.status_code, heading(said)) == (413, "This cart is too large")
    assert [row for row in rows(shopper.engine, DOCUMENT) if row["content"] == "cart"] == []


def test_a_compressed_form_is_not_unfolded(shopper: Shopper, cart: Delivery) -> None:
    body = gzip.compress(urlencode({"cxml-urlencoded": cart.data}).encode())
    said = shopper.call("POST", "/punchout/return", content=body, headers={"Content-Encoding": "gzip"})
    assert said.status_code == 400
    assert rows(shopper.engine, SESSION_RETURNED) == []


def test_a_cart_comes_by_post_alone(shopper: Shopper) -> None:
    assert shopper.call("GET", "/punchout/return").status_code == 405


def test_where_business_central_receives_carts_none_is_taken(shopping: Shopping, shop: Server) -> None:
    shopper = shopping(shop.url, cart={"received_by": "bc"})
    assert shopper.bring(of_session(FIRST, "any")).status_code == 404
    assert [row for row in rows(shopper.engine, DOCUMENT) if row["content"] == "cart"] == []
