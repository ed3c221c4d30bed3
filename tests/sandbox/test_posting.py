"""How the stand-in Amazon posts: what goes by post, until when it is repeated, and what it makes of the answers."""

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from punchout.sandbox import posting
from punchout.sandbox.posting import Address, Poster, PostingError
from punchout.sandbox.state import Answer
from tests.sandbox.buyer import PerfectBuyer, RunningSandbox
from tests.sandbox.conftest import Played
from tests.sandbox.tls_buyer import Buyer, judging, tls_buyer

SECRET = "hush"  # noqa: S105 - made up


@pytest.fixture
def buyer(tmp_path: Path) -> Iterator[Buyer]:
    with tls_buyer(tmp_path / "buyer") as running:
        yield running


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posting, "_SECONDS_BETWEEN", 0.01)
    monkeypatch.setattr(posting, "_TRIES", 4)


@pytest.fixture
def poster(buyer: Buyer) -> Iterator[Poster]:
    with Poster(Address(url=buyer.url, trusted=buyer.certificate, secret=SECRET)) as running:
        yield running


def posting_sandbox(folder: Path, buyer: Buyer) -> RunningSandbox:
    options = ("--post-url", buyer.url, "--post-trusted", str(buyer.certificate), "--clock", str(folder / "clock"))
    return RunningSandbox(folder / "sandbox", options=options)


def test_a_document_is_posted_with_the_secret_that_is_shared(buyer: Buyer, poster: Poster) -> None:
    poster.post("a.xml", b"<cXML/>", "taken")
    ((body, authorization),) = buyer.bodies
    assert body == b"<cXML/>"
    assert base64.b64decode(authorization.removeprefix("Basic ")) == f"Amazon:{SECRET}".encode()


@pytest.mark.parametrize("trouble", [(503, 560), (429, 560), (200, 500), None])
def test_a_buyer_that_cannot_answer_now_is_asked_again(
    buyer: Buyer, poster: Poster, trouble: tuple[int, int] | None
) -> None:
    buyer.plan.extend([trouble, trouble])
    poster.post("a.xml", b"<cXML/>", "taken")
    assert [body for body, _ in buyer.bodies] == [b"<cXML/>"] * 3


def test_a_buyer_that_never_answers_is_given_up(buyer: Buyer, poster: Poster) -> None:
    buyer.plan.extend([(503, 560)] * 9)
    with pytest.raises(PostingError, match=r"does not answer a\.xml: HTTP 503, cXML 560"):
        poster.post("a.xml", b"<cXML/>", "taken")


@pytest.mark.parametrize(("code", "expected"), [(200, "refused"), (401, "taken"), (409, "taken"), (201, "refused")])
def test_another_answer_than_the_script_expects_ends_the_delivery(
    buyer: Buyer, poster: Poster, code: int, expected: Answer
) -> None:
    buyer.plan.append((200, code))
    with pytest.raises(PostingError, match=f"answers a.xml with {code} said, and it should be {expected}"):
        poster.post("a.xml", b"<cXML/>", expected)


def test_a_refusal_that_is_expected_is_well(buyer: Buyer, poster: Poster) -> None:
    buyer.plan.append((200, 406))
    poster.post("a.xml", b"<html/>", "refused")


def test_a_certificate_that_is_not_the_buyers_is_not_trusted(buyer: Buyer, tmp_path: Path) -> None:
    with tls_buyer(tmp_path / "another") as another:
        address = Address(url=buyer.url, trusted=another.certificate, secret=SECRET)
        with Poster(address) as poster, pytest.raises(PostingError, match="ConnectError"):
            poster.post("a.xml", b"<x/>", "taken")
    assert buyer.bodies == []


def test_carts_lie_in_the_folder_and_everything_else_of_amazon_is_posted(
    tmp_path: Path, buyer: Buyer, played: Played
) -> None:
    buyer.usual = judging()
    with posting_sandbox(tmp_path, buyer) as sandbox:
        PerfectBuyer(sandbox).play(8)
        dropped = set(sandbox.files("cxml-drop").values())
    posted = [body for body, _ in buyer.bodies]
    assert {b"<PunchOutOrderMessage>" in body for body in dropped} == {True}
    assert not any(b"<PunchOutOrderMessage>" in body for body in posted)
    assert dropped | set(posted) == set(played.documents().values())
    assert len(posted) > 40


def test_documents_are_posted_at_the_moment_of_their_round(tmp_path: Path, buyer: Buyer) -> None:
    buyer.usual = judging()
    with posting_sandbox(tmp_path, buyer) as sandbox:
        outcome = sandbox.advance(1)
        assert (tmp_path / "clock").read_text() == outcome["as_of"]
        outcome = sandbox.advance(2)
        assert (tmp_path / "clock").read_text() == outcome["as_of"]


def test_posts_that_were_cut_short_are_repeated_before_the_next_round(tmp_path: Path, buyer: Buyer) -> None:
    buyer.usual = judging()
    sandbox = posting_sandbox(tmp_path, buyer)
    with sandbox:
        PerfectBuyer(sandbox).play(3)
    before = [body for body, _ in buyer.bodies]
    state_path = tmp_path / "sandbox" / "home" / "state.json"
    state = json.loads(state_path.read_text())
    last = [place for place, sent in enumerate(state["sent"]) if sent["round"] == 3]
    state_path.write_text(json.dumps(state | {"pending": last}))
    with sandbox:
        again = [body for body, _ in buyer.bodies[len(before) :]]
    assert again
    assert again == before[-len(again) :]


def test_a_kill_in_the_middle_of_the_posts_loses_none(tmp_path: Path, buyer: Buyer, played: Played) -> None:
    usual = judging()
    sandbox = posting_sandbox(tmp_path, buyer)
    sandbox.start()
    buyer.usual = usual
    perfect = PerfectBuyer(sandbox)
    perfect.play(2)
    reached, go_on = threading.Event(), threading.Event()

    def hang(body: bytes) -> int:
        if len(buyer.bodies) == count + 4:
            reached.set()
            go_on.wait(20)
        return usual(body)

    count, buyer.usual = len(buyer.bodies), hang

    def advance() -> None:
        with suppress(httpx.HTTPError):
            sandbox.advance(3)

    advancing = threading.Thread(target=advance)
    advancing.start()
    assert reached.wait(20)
    sandbox.stop()
    go_on.set()
    advancing.join(20)
    buyer.usual = usual
    sandbox.start()
    try:
        sandbox.advance(3)
        assert set(played.files[2]["cxml-drop"].values()) <= {body for body, _ in buyer.bodies} | set(
            sandbox.files("cxml-drop").values()
        )
    finally:
        sandbox.stop()


def test_a_round_whose_documents_nobody_takes_is_said_and_goes_on_when_asked_again(
    tmp_path: Path, buyer: Buyer
) -> None:
    usual = judging()
    with posting_sandbox(tmp_path, buyer) as sandbox:
        buyer.usual = usual
        PerfectBuyer(sandbox).play(2)
        buyer.usual = lambda _body: 401
        with pytest.raises(httpx.HTTPStatusError, match="502"):
            sandbox.advance(3)
        buyer.usual = usual
        assert sandbox.advance(3)["round"] == 3


def test_everything_is_posted_again_at_a_redelivery(tmp_path: Path, buyer: Buyer) -> None:
    buyer.usual = judging()
    with posting_sandbox(tmp_path, buyer) as sandbox:
        PerfectBuyer(sandbox).play(8)
        before = [body for body, _ in buyer.bodies]
        sandbox.redeliver()
    assert [body for body, _ in buyer.bodies[len(before) :]] == before
