"""The stand-in Amazon's order door, over HTTP."""

import json
import re
import socket
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.sandbox.buyer import Json, PerfectBuyer, RunningSandbox
from tests.sandbox.order_requests import SECRET, order_request


@pytest.fixture
def ready(sandbox: RunningSandbox) -> RunningSandbox:
    """A sandbox in round 2, when the first orders are due and none was sent."""
    buyer = PerfectBuyer(sandbox)
    sandbox.advance()
    buyer.sync(1)
    sandbox.advance()
    return sandbox


def row(sandbox: RunningSandbox, number: str) -> Json:
    requests = sandbox.get("business-central")["requests"]
    return next(dict(item) for item in requests if item["number"] == number)


def received(sandbox: RunningSandbox) -> list[tuple[str, int]]:
    return [(order["orderID"], order["receipts"]) for order in sandbox.get("orders")["orders"]]


def test_a_good_order_is_accepted_and_remembered_with_its_payload_id(ready: RunningSandbox) -> None:
    assert ready.post(order_request(row(ready, "PR1001"), payload_id="p1@contoso.example"))[0] == 200
    (order,) = ready.get("orders")["orders"]
    assert (order["payloadID"], order["orderID"], order["receipts"]) == ("p1@contoso.example", "106001", 1)


@pytest.mark.parametrize("wrong", [{"secret": "guess"}, {"secret": ""}, {"identity": "Somebody"}])
def test_a_wrong_credential_is_not_recognised(ready: RunningSandbox, wrong: dict[str, str]) -> None:
    assert ready.post(order_request(row(ready, "PR1001"), **wrong))[0] == 401
    assert received(ready) == []


def test_the_same_payload_id_is_counted_and_answered_alike(ready: RunningSandbox) -> None:
    body = order_request(row(ready, "PR1001"))
    assert [ready.post(body)[0], ready.post(body)[0]] == [200, 200]
    assert received(ready) == [("106001", 2)]


def test_a_second_order_under_another_payload_id_has_already_been_processed(ready: RunningSandbox) -> None:
    ready.post(order_request(row(ready, "PR1001")))
    code, text = ready.post(order_request(row(ready, "PR1001"), payload_id="other@contoso.example"))
    assert (code, "has already been processed" in text) == (500, True)


def test_items_that_differ_from_the_cart_are_refused(ready: RunningSandbox) -> None:
    assert ready.post(order_request(row(ready, "PR1001"), quantity="9"))[0] == 400


def test_an_order_in_test_mode_is_refused_in_production(ready: RunningSandbox) -> None:
    assert ready.post(order_request(row(ready, "PR1001"), mode="test"))[0] == 400


def test_what_is_no_order_is_refused(ready: RunningSandbox) -> None:
    assert ready.post(b"<html>")[0] == 400
    assert ready.post(b"<cXML/>")[0] == 401


def test_a_lost_reply_drops_the_connection_after_storing_the_order(ready: RunningSandbox) -> None:
    address = urlsplit(ready.ready["order_url"])
    body = order_request(row(ready, "PR1004"))
    head = f"POST {address.path} HTTP/1.1\r\nHost: sandbox\r\nContent-Length: {len(body)}\r\n\r\n"
    with socket.create_connection((str(address.hostname), int(address.port or 0)), timeout=10) as connection:
        connection.sendall(head.encode() + body)
        assert connection.recv(1000) == b""
    assert received(ready) == [("106004", 1)]
    ready.stop()
    ready.start()
    assert received(ready) == [("106004", 1)]


def test_nothing_is_said_about_an_order_that_never_came(ready: RunningSandbox) -> None:
    ready.advance()
    confirmations = [body for body in ready.files("cxml-drop").values() if b"<ConfirmationRequest>" in body]
    assert confirmations == []


def test_the_mode_of_documents_is_a_setting(tmp_path: Path) -> None:
    with RunningSandbox(tmp_path, options=("--deployment-mode", "test")) as sandbox:
        sandbox.advance()
        modes = re.findall(rb'deploymentMode="(\w+)"', b"".join(sandbox.files("cxml-drop").values()))
    assert set(modes) == {b"test"}


def test_a_secret_file_may_hold_the_identity_too(tmp_path: Path) -> None:
    path = tmp_path / "credential.json"
    path.write_text(json.dumps({"identity": "Fabrikam", "secret": SECRET}))
    with RunningSandbox(tmp_path / "sandbox", options=("--secret-file", str(path))) as sandbox:
        sandbox.advance()
        assert b"<Identity>Fabrikam</Identity>" in next(iter(sandbox.files("cxml-drop").values()))
