"""Punchout sessions that we open, as frozen facts: opened, answered by the supplier, and come back with a cart.

A session is known by its BuyerCookie, which comes back with the cart and is the only key that lets a cart in. What may
be opened is decided in `punchout.ordering.shopping`.
"""

from dataclasses import dataclass

from punchout.model.moments import Micros


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionOpened:
    """Fact: a session was opened for a request, before the supplier was asked.

    Attributes:
        buyer_cookie: unguessable, and never used for a second session.
        payload_id: of the PunchOutSetupRequest.
        expires: a cart that is received later is not taken.
        user: who asked for it, as the signed link says; None where the link names nobody.
    """

    buyer_cookie: str
    payload_id: str
    at: Micros
    expires: Micros
    user: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionAnswered:
    """Fact: what became of the PunchOutSetupRequest.

    Attributes:
        outcome: `started`, or why there is no page to go to.
        cxml_code: `Status/@code` of the answer, where there was one.
        start_host: of the StartPage; its whole address would let anybody go on with the session.
    """

    buyer_cookie: str
    at: Micros
    outcome: str
    http_status: int | None = None
    cxml_code: int | None = None
    start_host: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionReturned:
    """Fact: the session's cart came back; none other is taken for it.

    Attributes:
        received_sha256: of the cart's bytes as they came.
        line_count: 0 where the user left without anything (cXML: an empty cart of a `create` session).
    """

    buyer_cookie: str
    at: Micros
    received_sha256: str
    line_count: int
