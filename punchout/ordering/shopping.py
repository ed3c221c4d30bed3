"""May a punchout session be opened for a request, and what its PunchOutSetupRequest says.

When it is opened and where the request is sent is no business of this module.
"""

from enum import StrEnum

from punchout.model.business_central import BcRequest
from punchout.model.history import RequestHistory
from punchout.model.setups import SessionContact, SetupRequest
from punchout.model.values import Extrinsic
from punchout.model.versions import current
from punchout.ordering.parties import email_address
from punchout.ordering.refusals import Findings


class Hindrance(StrEnum):
    """Why no session is opened for a request."""

    UNKNOWN = "unknown"
    ORDERED = "ordered"
    RELEASED = "released"
    SUBMITTED = "submitted"
    HAS_CART = "has_cart"
    NO_EMAIL = "no_email"


def hindrance(history: RequestHistory, *, has_cart: bool) -> Hindrance | None:
    """Return what stands against shopping for a request; None where a session may be opened.

    A cart is only added to a request that is open and has no lines (`cart_lines`), so for any other the user would shop
    in vain. Amazon requires the user's e-mail address in the setup.
    """
    stated = current(history.requests)
    if stated is None:
        return Hindrance.UNKNOWN
    request = stated.body
    if request.purchase_order_number or history.queued or history.orders:
        return Hindrance.ORDERED
    if request.status == "released":
        return Hindrance.RELEASED
    if request.status != "open":
        return Hindrance.SUBMITTED
    if request.lines or has_cart:
        return Hindrance.HAS_CART
    findings = Findings()
    email_address(request.requester_email, findings)
    return None if findings.refusals() is None else Hindrance.NO_EMAIL


def setup_of(
    request: BcRequest, *, buyer_cookie: str, return_url: str, business_unit: str | None, user: str | None
) -> SetupRequest:
    """Return the setup of a new session: who shops, for which group of the account, and where the cart comes back to.

    Args:
        request: one that nothing stands against.
        buyer_cookie: of the session.
        return_url: `BrowserFormPost`.
        business_unit: where the request names none. Without any, Amazon takes the account's root group.
        user: who shops, by name; without one the e-mail address stands for it.
    """
    email = (request.requester_email or "").strip()
    unit = request.business_unit or business_unit
    units = (Extrinsic("UserBusinessUnit", unit),) if unit else ()
    return SetupRequest(
        operation="create",
        buyer_cookie=buyer_cookie,
        extrinsics=(Extrinsic("UserEmail", email), *units),
        browser_form_post=return_url,
        contacts=(SessionContact("endUser", user or email, (email,)),),
    )
