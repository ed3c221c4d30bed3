"""What a supplier that posts documents is told, and what is kept of them."""

import base64
from pathlib import Path
from urllib.parse import quote_plus

import pytest
import sqlalchemy as sa
from lxml import etree

from cxml_parsers import guard
from cxml_parsers.dtds import DtdShelf
from punchout.ledger.documents import quarantine
from punchout.ledger.tables.base import METADATA
from punchout.ledger.tables.facts import CONFIRMATION, DOCUMENT, INVOICE, ORDER_REQUEST, SHIP_NOTICE, STATUS_UPDATE
from punchout.ledger.tables.logs import DELIVERY
from punchout.model.answers import ProfileResponse
from punchout.model.codes import Code
from tests.gateway.callers import PROFILE, Caller, basic, with_secret, without_secret
from tests.gateway.conftest import Making
from tests.support.deliveries import Delivery
from tests.support.later_words import status_update
from tests.support.ledgers import rows
from tests.support.purchases import SECRET, document
from tests.support.stories import FIRST, HTML_PAGE, TAKEN_BY_SUPPLIER, confirmed

CONFIRMED = confirmed()
TAKEN = {
    "a confirmation": (CONFIRMED, CONFIRMATION),
    "a ship notice": (FIRST.ship_notice("S1", (1, "3")), SHIP_NOTICE),
    "an invoice": (FIRST.invoice("I1", (1, "3")), INVOICE),
    "a status update": (status_update("x@y", 200), STATUS_UPDATE),
    "a copy of an order": (FIRST.order_request(), ORDER_REQUEST),
}
REFUSED = {
    "an environment that is not ours": (CONFIRMED.saying('Mode="test"', 'Mode="production"'), 417, Code.ENV_MISMATCH),
    "a kind that is not processed": (
        document("quote", '<Request deploymentMode="production"><QuoteRequest/></Request>'),
        450,
        Code.DOC_UNSUPPORTED,
    ),
    "a part that is malformed": (CONFIRMED.saying('quantity="three"', 'quantity="3"'), 400, Code.STRUCT_INVALID),
    "somebody else in From": (
        Delivery("cxml", "forged.xml", CONFIRMED.data.replace(b">Amazon<", b">Mallory<", 1)),
        403,
        Code.AUTH_FAILED,
    ),
}


def kept(engine: sa.Engine) -> int:
    """Give how many rows there are in all tables together, but for the one that every ledger begins with."""
    return sum(len(rows(engine, table)) for table in METADATA.tables.values() if table.name != "sending_epoch")


@pytest.mark.parametrize("what", TAKEN)
def test_what_the_supplier_sends_is_taken_and_answered_with_200(caller: Caller, what: str) -> None:
    sent, table = TAKEN[what]
    said = caller.post(sent)
    assert (said.codes, said.status.text) == ((200, 200), "OK")
    assert said.http.headers["content-type"] == "text/xml; charset=utf-8"
    assert len(rows(caller.engine, table)) == 1
    assert [one["feed"] for one in rows(caller.engine, DELIVERY)] == ["gateway"]


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_refused_is_kept_and_the_sender_told_why_and_where(caller: Caller, what: str) -> None:
    sent, code, reason = REFUSED[what]
    said = caller.post(sent)
    assert said.codes == (200, code)
    assert said.status.message is not None
    assert said.status.message.startswith(f"{reason.value}: {reason.meaning}; at /cXML/")
    with caller.engine.begin() as connection:
        assert [one.reason for one in quarantine.listed(connection)] == [reason]


def test_the_same_document_again_gets_the_very_same_bytes(caller: Caller) -> None:
    first, again = caller.post(CONFIRMED), caller.post(CONFIRMED)
    assert again.body == first.body
    assert len(rows(caller.engine, DOCUMENT)) == 1


def test_another_body_under_the_same_payload_id_is_a_conflict(caller: Caller) -> None:
    caller.post(CONFIRMED)
    said = caller.post(CONFIRMED.saying('quantity="2"', instead_of='quantity="3"'))
    assert said.codes == (200, 409)
    assert (said.status.message or "").startswith("PAYLOAD_REUSED: ")


def test_a_repetition_under_another_payload_id_is_accepted_and_counted_once(caller: Caller) -> None:
    caller.post(CONFIRMED)
    said = caller.post(CONFIRMED.named("again"))
    assert (said.codes, said.status.message) == ((200, 200), "received before; counted once")
    assert len(rows(caller.engine, CONFIRMATION)) == 1


@pytest.mark.parametrize("sent", [FIRST.cart(), TAKEN_BY_SUPPLIER])
def test_carts_and_answers_are_not_taken_here(caller: Caller, sent: Delivery) -> None:
    assert caller.post(sent).codes == (200, 450)
    assert kept(caller.engine) == 0


def test_a_profile_lists_what_is_taken_and_where(making: Making) -> None:
    caller = making(public_url="https://punchout.contoso.example/", allowed_hosts=["127.0.0.1"])
    said = caller.post(PROFILE)
    profile = said.document.body
    assert isinstance(profile, ProfileResponse)
    assert {one.name for one in profile.transactions} == {
        "OrderRequest",
        "ConfirmationRequest",
        "ShipNoticeRequest",
        "InvoiceDetailRequest",
        "StatusUpdateRequest",
        "ProfileRequest",
    }
    assert {one.url for one in profile.transactions} == {"https://punchout.contoso.example/cxml"}
    assert kept(caller.engine) == 0


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"cxml-urlencoded=" + quote_plus(CONFIRMED.data).encode(), "application/x-www-form-urlencoded"),
        (b"cXML-base64=" + quote_plus(base64.b64encode(CONFIRMED.data)).encode(), "application/x-www-form-urlencoded"),
        (b"--b\r\nContent-Type: text/xml\r\n\r\n" + CONFIRMED.data + b"\r\n--b--", "multipart/related; boundary=b"),
    ],
)
def test_a_document_may_come_wrapped(caller: Caller, body: bytes, content_type: str) -> None:
    assert caller.post(body, Content_Type=content_type).codes == (200, 200)
    assert len(rows(caller.engine, CONFIRMATION)) == 1


STRANGERS = {
    "a wrong secret": with_secret(CONFIRMED, "canary-wrong"),
    "no secret": without_secret(CONFIRMED),
    "an empty secret": with_secret(CONFIRMED, ""),
    "two secrets": with_secret(CONFIRMED, f"{SECRET}</SharedSecret><SharedSecret>{SECRET}"),
    "an identity that is not accepted": Delivery("cxml", "m.xml", CONFIRMED.data.replace(b">Amazon<", b">Mallory<")),
    "no Sender": CONFIRMED.saying("<Nobody>", "<Sender>").saying("</Nobody>", "</Sender>"),
    "the secret in From": without_secret(CONFIRMED).saying(
        f"</Identity><SharedSecret>{SECRET}</SharedSecret></Credential></From>", "</Identity></Credential></From>"
    ),
}


@pytest.mark.parametrize("what", STRANGERS)
def test_whoever_proves_nothing_gets_401_and_nothing_of_it_is_kept(caller: Caller, what: str) -> None:
    said = caller.post(STRANGERS[what])
    assert said.codes == (200, 401)
    assert b"canary" not in said.body
    assert kept(caller.engine) == 0
    assert 'documents_total{verdict="stranger"} 1' in caller.door.metrics.text({})


def test_a_stranger_is_told_the_same_whichever_half_is_wrong(caller: Caller) -> None:
    wrong = {(said.status.text, said.status.message) for said in map(caller.post, STRANGERS.values())}
    assert len(wrong) == 1


def test_http_basic_proves_who_hands_in_a_document_without_a_secret(caller: Caller) -> None:
    said = caller.post(without_secret(CONFIRMED), Authorization=basic("Amazon", SECRET))
    assert said.codes == (200, 200)


@pytest.mark.parametrize(
    "authorization",
    [
        basic("Amazon", "wrong"),
        basic("Mallory", SECRET),
        basic("", SECRET),
        f"Bearer {SECRET}",
        "Basic",
        "Basic !!!",
        "Basic QW1hem9u",
        basic("Amazon", ""),
        basic("Amazon", "\u00e9\u4e2d"),
    ],
)
def test_http_basic_that_is_not_right_proves_nothing(caller: Caller, authorization: str) -> None:
    assert caller.post(without_secret(CONFIRMED), Authorization=authorization).codes == (200, 401)
    assert kept(caller.engine) == 0


def test_what_cannot_be_read_is_kept_where_http_basic_vouches_for_it(caller: Caller) -> None:
    assert caller.post(HTML_PAGE).codes == (200, 406)
    assert kept(caller.engine) == 0
    said = caller.post(HTML_PAGE, Authorization=basic("Amazon", SECRET))
    assert said.codes == (200, 406)
    assert (said.status.message or "").startswith("XML_REJECTED: ")
    with caller.engine.begin() as connection:
        assert [one.reason for one in quarantine.listed(connection)] == [Code.XML_REJECTED]


def test_no_answer_says_what_is_not_a_document_with_markup_of_the_senders(caller: Caller) -> None:
    said = caller.post(CONFIRMED.saying('quantity="&lt;script&gt;&#13;&#10;X: y"', instead_of='quantity="3"'))
    assert b"<script" not in said.body
    assert said.codes == (200, 400)


def test_the_secret_is_stored_nowhere(caller: Caller) -> None:
    caller.post(CONFIRMED)
    caller.post(REFUSED["a part that is malformed"][0])
    everything = repr([rows(caller.engine, table) for table in METADATA.tables.values()])
    with caller.engine.begin() as connection:
        bodies = [quarantine.body(connection, number) or b"" for number in (1, 2)]
    assert SECRET not in everything
    assert not [body for body in bodies if SECRET.encode() in body]


def test_a_large_document_of_a_stranger_is_never_parsed_as_a_whole(
    caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    large = CONFIRMED.saying(f"<Comments>{'x' * 300_000}</Comments></ConfirmationHeader>", "</ConfirmationHeader>")
    parsed: list[int] = []
    parse = guard.parse

    def noted(data: bytes, max_bytes: int) -> guard.Document:
        parsed.append(len(data))
        return parse(data, max_bytes)

    monkeypatch.setattr(guard, "parse", noted)
    assert caller.post(with_secret(large, "canary-wrong")).codes == (200, 401)
    assert caller.post(b"<cXML>" + b"<a/>" * 100_000).codes == (200, 406)
    assert max(parsed) < 2_000
    assert caller.post(large).codes == (200, 200)
    assert caller.post(without_secret(large).named("other"), Authorization=basic("Amazon", SECRET)).codes == (200, 200)


def test_two_secrets_are_valid_while_one_takes_the_others_place(
    making: Making, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "new-secret"
    file.write_text("canary-new\n")
    file.chmod(0o600)
    caller = making(secrets=["env:GATEWAY_TEST_SECRET", f"file:{file}"])
    assert caller.post(CONFIRMED).codes == (200, 200)
    assert caller.post(with_secret(CONFIRMED, "canary-new")).codes == (200, 200)
    # Without a restart: the old one is gone, and the new one is another.
    monkeypatch.delenv("GATEWAY_TEST_SECRET")
    file.write_text("canary-newer")
    assert caller.post(CONFIRMED).codes == (200, 401)
    assert caller.post(with_secret(CONFIRMED, "canary-new")).codes == (200, 401)
    assert caller.post(with_secret(CONFIRMED, "canary-newer")).codes == (200, 200)
    file.unlink()
    assert caller.post(CONFIRMED).codes == (503, 560)


def test_every_answer_is_valid_by_the_official_dtd(making: Making, test_data: Path) -> None:
    shelf, caller = DtdShelf(test_data / "dtd"), making(max_body_bytes=100_000)
    sent: list[Delivery] = [one for one, _ in TAKEN.values()]
    sent += [*(one for one, _, _ in REFUSED.values()), *STRANGERS.values()]
    said = [caller.post(one) for one in [*sent, PROFILE, FIRST.cart(), HTML_PAGE]]
    said.append(caller.post(b"x" * 200_000))
    said += [caller.call("GET", "/cxml"), caller.post(CONFIRMED, Host="elsewhere.example")]
    said += [caller.post(CONFIRMED, Content_Encoding="gzip")]
    for one in said:
        assert shelf.has("cXML.dtd")
        assert shelf.validate(one.body) == (), one.body
        assert b"1.2.071" in one.body
        assert etree.fromstring(one.body).get("payloadID", "").endswith("@contoso.example")
