"""The stand-in Amazon's shop: who may open a session, and what a browser brings back from it."""

import html
import re
from pathlib import Path

import pytest
from lxml import etree

from tests.sandbox.buyer import CLIENT, Json, RunningSandbox
from tests.sandbox.order_requests import SECRET

RETURN = "http://127.0.0.1:1/punchout/return?a=1&b=2"


def setup(
    cookie: str = "cookie-1",
    *,
    secret: str = SECRET,
    operation: str = "create",
    mode: str = "production",
    email: str = "ann@contoso.example",
    back: str = RETURN,
) -> bytes:
    buyer = '<Credential domain="NetworkId"><Identity>ContosoPunchout</Identity>'
    return (
        '<cXML payloadID="s@contoso.example" timestamp="2026-03-02T17:00:00+00:00"><Header>'
        f'<From>{buyer}</Credential></From><To><Credential domain="NetworkId"><Identity>Amazon</Identity></Credential>'
        f"</To><Sender>{buyer}<SharedSecret>{secret}</SharedSecret></Credential><UserAgent>t</UserAgent></Sender>"
        f'</Header><Request deploymentMode="{mode}"><PunchOutSetupRequest operation="{operation}">'
        f'<BuyerCookie>{cookie}</BuyerCookie><Extrinsic name="UserEmail">{email}</Extrinsic>'
        f"<BrowserFormPost><URL>{html.escape(back)}</URL></BrowserFormPost></PunchOutSetupRequest></Request></cXML>"
    ).encode()


def ask(sandbox: RunningSandbox, body: bytes) -> tuple[int, str | None]:
    """Give the code of the answer, and the page to go to."""
    root = etree.fromstring(CLIENT.post(str(sandbox.ready["setup_url"]), content=body).content)
    status = root.find("Response/Status")
    assert status is not None
    return int(status.get("code", "0")), root.findtext("Response/PunchOutSetupResponse/StartPage/URL")


def test_the_setup_of_these_tests_is_valid(test_data: Path) -> None:
    dtd = etree.DTD(str(test_data / "dtd" / "cXML.dtd"))
    assert dtd.validate(etree.fromstring(setup())), dtd.error_log


def test_a_session_leads_to_a_page_whose_button_brings_the_cart_to_where_the_setup_said(
    sandbox: RunningSandbox,
) -> None:
    code, page = ask(sandbox, setup())
    assert (code, page is not None) == (200, True)
    shown = CLIENT.get(str(page)).text
    assert f'action="{html.escape(RETURN)}"' in shown
    (document, _) = [html.unescape(one) for one in re.findall(r'name="cxml-urlencoded" value="([^"]*)"', shown)]
    assert document.isascii()
    cart = etree.fromstring(document.encode())
    assert cart.findtext("Message/PunchOutOrderMessage/BuyerCookie") == "cookie-1"
    assert len(cart.findall("Message/PunchOutOrderMessage/ItemIn")) == 2


def test_the_other_button_brings_a_cart_without_items(sandbox: RunningSandbox) -> None:
    shown = CLIENT.get(str(ask(sandbox, setup())[1])).text
    documents = [html.unescape(one) for one in re.findall(r'name="cxml-urlencoded" value="([^"]*)"', shown)]
    assert [len(etree.fromstring(one.encode()).findall(".//ItemIn")) for one in documents] == [2, 0]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (setup(secret="guess"), 401),  # noqa: S106 - of nobody
        (setup(operation="edit"), 400),
        (setup(mode="test"), 400),
        (setup(email=""), 400),
        (setup(cookie=""), 400),
        (setup(back="javascript:alert(1)"), 400),
        (b"<cXML", 400),
        (b"<cXML/>", 401),
    ],
)
def test_a_setup_that_is_wrong_is_refused(sandbox: RunningSandbox, body: bytes, code: int) -> None:
    assert ask(sandbox, body) == (code, None)


def test_a_cookie_that_was_used_is_refused(sandbox: RunningSandbox) -> None:
    assert ask(sandbox, setup())[0] == 200
    assert ask(sandbox, setup())[0] == 400


def test_no_session_has_no_page(sandbox: RunningSandbox) -> None:
    assert CLIENT.get(f"{str(sandbox.ready['setup_url']).rpartition('/')[0]}/shop/none").status_code == 404


def test_business_central_makes_a_request_by_hand_and_takes_its_lines(sandbox: RunningSandbox) -> None:
    made: Json = CLIENT.post(f"{sandbox.ready['control_url']}/request").json()
    (name,) = sandbox.files("bc-requests")
    assert str(made["number"]) in name
    line = {
        "requestNumber": made["number"], "lineNumber": 10000, "supplierPartId": "B0", "supplierPartAuxiliaryId": "1,1",
        "description": "Pens", "quantity": "2", "unitOfMeasureCode": "EA", "unitPrice": "1.50",
    }  # fmt: skip
    update = {"updateId": "u1", "number": made["number"], "currencyCode": "", "lines": [line]}
    sandbox.write_update("lines", "cart_lines", [update])
    assert CLIENT.post(f"{sandbox.ready['control_url']}/import").json() == {"imported": 1}
    (row,) = sandbox.get("business-central")["requests"]
    assert [one["description"] for one in row["lines"]] == ["Pens"]
    sandbox.stop()
    sandbox.start()
    assert sandbox.get("business-central")["requests"] == [row]
