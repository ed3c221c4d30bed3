"""What a user's browser brings: a cart of a session that was opened here is taken once, and nothing else ever."""

import threading

import pytest

from punchout.ledger.documents.receive import CART, Arrival
from punchout.ledger.shopping.returning import FEED, Brought, take
from punchout.ledger.shopping.strays import StrayBounds
from punchout.ledger.tables.facts import DOCUMENT, SESSION_RETURNED
from punchout.ledger.tables.logs import DELIVERY, STRAY_CART
from punchout.model.codes import Code
from resources import policies
from resources.replaying import replay_ledger
from tests.ledger.shopping.test_sessions import UNNAMED, cart, open_for, told
from tests.support.deliveries import Delivery
from tests.support.ledgers import Ledgers, rows
from tests.support.plays import Play
from tests.support.purchases import ACCOUNT
from tests.support.stories import FIRST, HTML_PAGE, confirmed

ROOM = StrayBounds(carts=10, size=1_000_000)


def bring(play: Play, brought: Delivery, cookie: str | None = "session-1", bounds: StrayBounds = ROOM) -> Brought:
    rules = policies.acceptance_rules(play.settings)
    with play.engine.begin() as connection:
        return take(
            connection, Arrival(ACCOUNT, CART, FEED, brought.name, brought.data), cookie, rules, bounds, play.now
        )


def outcome(brought: Brought) -> tuple[str, Code | None, bool, bool]:
    return brought.state, brought.reason, brought.is_kept, brought.is_new


def test_the_cart_of_an_open_session_is_taken_and_goes_to_business_central(play: Play) -> None:
    play.sync(UNNAMED)
    open_for(play)
    brought = bring(play, cart())
    assert outcome(brought) == ("accepted", None, True, True)
    assert brought.session is not None
    assert brought.session.key == FIRST.key
    play.sync()
    assert len(told(play)) == 1


def test_the_same_bytes_again_are_known_and_leave_no_trace(play: Play) -> None:
    open_for(play)
    bring(play, cart())
    assert outcome(bring(play, cart())) == ("accepted", None, True, False)
    assert len(rows(play.engine, DELIVERY)) == 1


def test_another_cart_of_a_session_that_came_back_is_a_replay(play: Play) -> None:
    open_for(play)
    bring(play, cart())
    other = cart().saying("<SupplierPartID>FORGED</SupplierPartID>", "<SupplierPartID>B0TEST0001</SupplierPartID>")
    again = bring(play, other.saying("other@", "session-1@"))
    assert outcome(again) == ("quarantined", Code.CART_REPLAYED, True, True)


def test_two_carts_of_one_session_side_by_side_are_one_cart_and_one_replay(play: Play) -> None:
    open_for(play)
    carts = [cart(), cart().saying("other@", "session-1@").saying("<Description>Other ", "<Description>Part ")]
    found: list[str] = []
    workers = [threading.Thread(target=lambda one=one: found.append(bring(play, one).state)) for one in carts]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(found) == ["accepted", "quarantined"]
    assert len(rows(play.engine, SESSION_RETURNED)) == 1


@pytest.mark.parametrize(
    ("brought", "cookie", "reason"),
    [
        (cart("guessed"), "guessed", Code.CART_UNKNOWN_COOKIE),
        (confirmed(), None, Code.DOC_UNSUPPORTED),
        (HTML_PAGE, None, Code.XML_REJECTED),
        (FIRST.cart(sender="Somebody").saying("session-1", "cookie-PR0001"), "session-1", Code.AUTH_FAILED),
    ],
)
def test_what_is_no_cart_of_a_session_here_is_kept_and_not_taken(
    play: Play, brought: Delivery, cookie: str | None, reason: Code
) -> None:
    open_for(play)
    assert outcome(bring(play, brought, cookie)) == ("quarantined", reason, True, True)
    assert rows(play.engine, SESSION_RETURNED) == []
    assert len(rows(play.engine, STRAY_CART)) == 1


def test_a_stranger_takes_no_payload_id_from_the_genuine_cart(play: Play) -> None:
    open_for(play)
    genuine = cart()
    bring(play, genuine.saying("guessed", "session-1</BuyerCookie>"[:9]).saying("session-1@", "guessed@"), "guessed")
    assert outcome(bring(play, genuine)) == ("accepted", None, True, True)


def test_a_stranger_s_cart_is_not_taken_when_business_central_names_its_cookie_later(play: Play) -> None:
    bring(play, FIRST.cart(), FIRST.cookie)
    play.sync(*FIRST.exported())
    assert play.status()["documents"]["quarantined"] == {"CART_UNKNOWN_COOKIE": 1}


def test_beyond_the_bound_nothing_is_kept_and_the_genuine_cart_still_is(play: Play) -> None:
    open_for(play)
    bounds = StrayBounds(carts=1, size=1_000_000)
    bring(play, cart("guess-1"), "guess-1", bounds)
    refused = bring(play, cart("guess-2"), "guess-2", bounds)
    assert outcome(refused) == ("quarantined", Code.CART_UNKNOWN_COOKIE, False, True)
    assert len(rows(play.engine, DOCUMENT)) == 1
    assert outcome(bring(play, cart(), bounds=bounds)) == ("accepted", None, True, True)


def test_a_replay_judges_what_browsers_brought_the_same(ledgers: Ledgers, play: Play) -> None:
    play.sync(UNNAMED)
    open_for(play)
    bring(play, cart("guessed"), "guessed")
    bring(play, confirmed(), None)
    bring(play, cart())
    play.sync()
    grown = play.hash()
    with ledgers.blank() as target:
        found = replay_ledger(play.settings, play.engine, target)
    assert (found.differences, found.hashes) == ([], (grown, grown))
    assert play.broken_promises() == {}
