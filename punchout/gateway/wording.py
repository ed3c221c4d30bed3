"""What a user is told, situation by situation: what happened, and what to do now. How a page looks is `pages`."""

from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from typing import Final, Literal, Self

Tone = Literal["good", "note", "bad"]

_AGAIN: Final = "Go back to Business Central and start again from the request."
_LATER: Final = (
    "Try again in some minutes. If it stays so, tell whoever looks after punch-out here, with the reference below."
)
_HELP: Final = "Tell whoever looks after punch-out here, with the reference below."


@dataclass(frozen=True, slots=True)
class Told:
    """A page's own sentences, and the HTTP status it goes with."""

    http: HTTPStatus
    tone: Tone
    title: str
    what: str
    advice: str


class Situation(StrEnum):
    """Where a user may find themselves; `told` is what is said then."""

    told: Told

    def __new__(cls, name: str, http: HTTPStatus, tone: Tone, *sentences: str) -> Self:
        """Make a member that is its own name and carries what is told."""
        member = str.__new__(cls, name)
        member._value_ = name
        member.told = Told(http, tone, *sentences)
        return member

    # fmt: off
    LINK_INVALID = "link_invalid", HTTPStatus.FORBIDDEN, "bad", "This link cannot be used", "It was not made by Business Central, or it was changed on the way.", _AGAIN
    LINK_EXPIRED = "link_expired", HTTPStatus.FORBIDDEN, "note", "This link has expired", "A link to the shop is good for a short time only.", _AGAIN
    PREFETCHED = "prefetched", HTTPStatus.SERVICE_UNAVAILABLE, "note", "Nothing was opened yet", "Your browser looked at the link ahead of you.", "Follow the link again."
    UNKNOWN = "unknown", HTTPStatus.NOT_FOUND, "bad", "This request is not known here yet", "A new request is known here once Business Central has exported it.", "Wait some minutes and try again. If it stays so, tell whoever looks after punch-out here."
    ORDERED = "ordered", HTTPStatus.CONFLICT, "note", "This request is ordered already", "There is a purchase order for it, so nothing can be added.", "Make a new request in Business Central for what is missing."
    RELEASED = "released", HTTPStatus.CONFLICT, "note", "This request is released already", "What is released cannot be added to.", "Reopen the request in Business Central, or make a new one."
    SUBMITTED = "submitted", HTTPStatus.CONFLICT, "note", "This request waits for approval", "What waits for approval cannot be added to.", "Cancel the approval request in Business Central, or make a new request."
    HAS_CART = "has_cart", HTTPStatus.CONFLICT, "note", "This request has its cart already", "A request takes one cart.", "Look at its lines in Business Central. Make a new request for what is missing."
    NO_EMAIL = "no_email", HTTPStatus.CONFLICT, "bad", "The request names no e-mail address", "The shop recognises you by the e-mail address of the request, and there is none, or it is malformed.", "Enter the requester's e-mail address in Business Central, wait for the next export, and try again."
    NOT_HERE = "not_here", HTTPStatus.NOT_FOUND, "bad", "Punch-out is not opened here", "This gateway is not set up to open punch-out sessions.", "Use the action of the request in Business Central."
    BUSY = "busy", HTTPStatus.SERVICE_UNAVAILABLE, "note", "Too many people are starting at once", "No session was opened.", "Wait a moment and follow the link again."
    FAILED = "failed", HTTPStatus.SERVICE_UNAVAILABLE, "bad", "Something is wrong here", "No session was opened.", _HELP
    UNREACHABLE = "unreachable", HTTPStatus.BAD_GATEWAY, "bad", "The shop cannot be reached", "No connection to it could be made.", _LATER
    NO_ANSWER = "no_answer", HTTPStatus.GATEWAY_TIMEOUT, "bad", "The shop does not answer", "It was asked for a session, and no whole answer came in time.", _LATER
    UNREADABLE = "unreadable", HTTPStatus.BAD_GATEWAY, "bad", "The shop's answer cannot be understood", "It was asked for a session, and what it answered is no cXML.", _HELP
    REFUSED = "refused", HTTPStatus.BAD_GATEWAY, "bad", "The shop refused to open a session", "It does not accept our credentials, or not this user.", _HELP
    NO_START_PAGE = "no_start_page", HTTPStatus.BAD_GATEWAY, "bad", "The shop named no page to go to", "It opened a session and did not say where.", _HELP
    FOREIGN_START_PAGE = "foreign_start_page", HTTPStatus.BAD_GATEWAY, "bad", "The shop named a page that is not trusted", "You were not sent there, because it is none of the shop's own.", _HELP

    TAKEN = "taken", HTTPStatus.OK, "good", "Your cart has arrived", "Nothing is ordered yet.", "You can close this window. The lines appear in the request within the next minutes; then verify it and send it for approval."
    TAKEN_AGAIN = "taken_again", HTTPStatus.OK, "good", "Your cart had arrived already", "It was sent a second time, and counts once.", "You can close this window."
    LEFT_EMPTY = "left_empty", HTTPStatus.OK, "note", "You left the shop without a cart", "The session is closed, and nothing was added to the request.", "Start again from the request in Business Central whenever you like."
    NO_SESSION = "no_session", HTTPStatus.NOT_FOUND, "bad", "This cart belongs to no session of ours", "It was not taken. Perhaps the shop was entered some other way than from Business Central.", _AGAIN
    TOO_LATE = "too_late", HTTPStatus.GONE, "bad", "This session has expired", "The cart came back too late, and was not taken.", _AGAIN
    REPLAYED = "replayed", HTTPStatus.CONFLICT, "bad", "This cart was not taken", "Another cart has come back for the same session or the same request, and only the first counts.", "Look at the request's lines in Business Central. Make a new request for what is missing."
    FOREIGN_SENDER = "foreign_sender", HTTPStatus.FORBIDDEN, "bad", "This cart was not taken", "It names a sender that is not accepted here.", _HELP
    WRONG_SITE = "wrong_site", HTTPStatus.CONFLICT, "bad", "This cart was not taken", "It comes from the shop's test site, and this is for real, or the other way round.", _HELP
    NOT_READABLE = "not_readable", HTTPStatus.BAD_REQUEST, "bad", "What came back cannot be read", "It is no cart in cXML, or it is damaged. It was not taken.", "Go back to the shop and send the cart again. If it stays so, tell whoever looks after punch-out here, with the reference below."
    NOT_A_CART = "not_a_cart", HTTPStatus.BAD_REQUEST, "bad", "What came back is no cart", "Only carts are taken here.", _AGAIN
    TOO_LARGE = "too_large", HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "bad", "This cart is too large", "It was not taken.", "Go back to the shop, divide the cart, and make a request for each part."
    NOT_WHOLE = "not_whole", HTTPStatus.BAD_REQUEST, "bad", "The cart did not arrive whole", "The connection was slow or was cut off. It was not taken.", "Go back one page in your browser and send the cart again."
    NO_ROOM = "no_room", HTTPStatus.TOO_MANY_REQUESTS, "bad", "This cart was not taken", "It belongs to no session of ours, and too many of that kind have come today.", _AGAIN
    NOT_TAKEN = "not_taken", HTTPStatus.UNPROCESSABLE_ENTITY, "bad", "This cart was not taken", "It was kept, and somebody has to look at it.", _HELP
    # fmt: on
