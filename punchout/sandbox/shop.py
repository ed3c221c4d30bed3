"""The shop of the stand-in Amazon: a PunchOutSetupRequest opens a session, a page shows a cart, a button sends it back.

The cart goes through the browser, as a form whose one field is `cxml-urlencoded` (US-ASCII), posted to the address that
the setup named. Sessions are remembered as long as the sandbox runs. Nothing of it is in the script or the oracle.
"""

import html
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from urllib.parse import urlsplit

from punchout.sandbox import cxml
from punchout.sandbox.credentials import is_authentic, parsed, text_of
from punchout.sandbox.cxml import Element, Parties, money, node
from punchout.sandbox.identifiers import Identifiers

SETUP_PATH = "/amazon/punchout"
_SHOP_PATH = "/amazon/shop/"
_OK, _BAD, _UNAUTHORISED = 200, 400, 401
_TEXTS = {_OK: "OK", _BAD: "Bad Request", _UNAUTHORISED: "Unauthorized"}
_GOODS = (
    ("Ring binder <A4> & dividers, 5 per pack", 2, Decimal("7.49")),
    ("Caf\u00e9 filters no. 4, unbleached", 1, Decimal("3.20")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Session:
    """A session: the buyer's cookie, and where the browser posts the cart to."""

    cookie: str
    return_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """Opens sessions for the buyer and shows their pages. `secret` None takes any SharedSecret that is not empty."""

    ids: Identifiers
    parties: Parties
    secret: str | None
    sessions: dict[str, _Session] = field(default_factory=dict)

    def open(self, body: bytes, base: str) -> bytes:
        """Answer a PunchOutSetupRequest; `base` is the address that the sandbox listens on."""
        root = parsed(body)
        if root is None:
            return _answer(_BAD, "The document cannot be parsed")
        if not is_authentic(root, self.parties.buyer, self.secret):
            return _answer(_UNAUTHORISED, "The credential is not known")
        problem = self._problem(root)
        if problem is not None:
            return _answer(_BAD, problem)
        setup = root.find("Request/PunchOutSetupRequest")
        name = secrets.token_urlsafe(12)
        self.sessions[name] = _Session(cookie=_at(setup, "BuyerCookie"), return_url=_at(setup, "BrowserFormPost/URL"))
        page = node("PunchOutSetupResponse", node("StartPage", node("URL", f"{base}{_SHOP_PATH}{name}")))
        return _answer(_OK, "", page)

    def page(self, path: str) -> bytes | None:
        """Return the page of a session; None where there is none at this address."""
        session = self.sessions.get(path.removeprefix(_SHOP_PATH)) if path.startswith(_SHOP_PATH) else None
        if session is None:
            return None
        goods = "".join(f"<li>{count} x {html.escape(title)}, {price} USD</li>" for title, count, price in _GOODS)
        return (
            '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Stand-in shop</title></head><body>'
            f"<h1>Stand-in shop</h1><ul>{goods}</ul>{self._form(session, 'send', 'Send the cart back')}"
            f"{self._form(session, 'leave', 'Leave without anything')}</body></html>"
        ).encode()

    def _form(self, session: _Session, name: str, label: str) -> str:
        document = self._cart(session, is_empty=name == "leave").decode("ascii")
        return (
            f'<form id="{name}" method="post" action="{html.escape(session.return_url)}">'
            f'<input type="hidden" name="cxml-urlencoded" value="{html.escape(document)}">'
            f"<button>{html.escape(label)}</button></form>"
        )

    def _cart(self, session: _Session, *, is_empty: bool) -> bytes:
        goods = () if is_empty else _GOODS
        total = sum((count * price for _, count, price in goods), Decimal())
        header = node("PunchOutOrderMessageHeader", money("Total", total), operationAllowed="create")
        items = (self._item(session, place) for place in range(len(goods)))
        body = node("PunchOutOrderMessage", node("BuyerCookie", session.cookie), header, *items)
        # The same document however often the page is loaded: a cart that is sent twice is one cart.
        payload = f"{self.ids.hexadecimal(session.cookie, is_empty, length=20)}@amazon.example"
        stamp = cxml.stamp(datetime.now(UTC).replace(second=0, microsecond=0), "zulu")
        written = cxml.document(cxml.message(body, self.parties), self.parties, payload, stamp, module="cXML")
        return written.decode().encode("ascii", "xmlcharrefreplace")

    def _item(self, session: _Session, place: int) -> Element:
        title, count, price = _GOODS[place]
        item_id = node(
            "ItemID",
            node("SupplierPartID", self.ids.part("shop", place, book=False)),
            node("SupplierPartAuxiliaryID", self.ids.auxiliary(session.cookie, place + 1)),
        )
        detail = node(
            "ItemDetail",
            money("UnitPrice", price),
            node("Description", title, lang="en-US"),
            node("UnitOfMeasure", "EA"),
            node("Classification", "44121704", domain="UNSPSC"),
        )
        return node("ItemIn", item_id, detail, quantity=str(count))

    def _problem(self, root: Element) -> str | None:
        """Return why a setup is refused, or None."""
        request, setup = root.find("Request"), root.find("Request/PunchOutSetupRequest")
        if request is None or setup is None:
            return "Not a PunchOutSetupRequest"
        if request.get("deploymentMode", "production") != self.parties.mode:
            return f"deploymentMode is not {self.parties.mode}"
        if setup.get("operation") != "create":
            return "Only operation create is taken"
        if not _at(setup, "BuyerCookie") or urlsplit(_at(setup, "BrowserFormPost/URL")).scheme not in {"http", "https"}:
            return "BuyerCookie or BrowserFormPost is missing"
        if any(session.cookie == _at(setup, "BuyerCookie") for session in self.sessions.values()):
            return "This BuyerCookie was used before"
        emails = [text_of(one) for one in setup.iterfind("Extrinsic") if one.get("name") in {"UserEmail", "Email"}]
        return None if any(emails) else "The user's e-mail address is missing"


def _at(setup: Element | None, path: str) -> str:
    return "" if setup is None else text_of(setup.find(path))


def _answer(code: int, detail: str, content: Element | None = None) -> bytes:
    status = node("Status", detail, lang="en-US", code=str(code), text=_TEXTS[code])
    response = node("Response", status, *([] if content is None else [content]))
    payload = f"{secrets.token_hex(8)}.setup@amazon.example"
    stamp = datetime.now(UTC).isoformat(timespec="seconds")
    return cxml.serialised(node("cXML", response, payloadID=payload, timestamp=stamp), "cXML")
