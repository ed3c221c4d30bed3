"""How an attempt to send an order may end: what the supplier then has, and what is seen of it here."""

from dataclasses import dataclass

from punchout.ordering.answers import Answer, Failure
from tests.support.plays import BUSY, LOST, TAKEN


@dataclass(frozen=True, slots=True)
class Ending:
    """How an attempt ends: whether the supplier then has the order, and what is seen of it here."""

    has_it: bool
    seen: Answer


def taken(seen: Answer) -> Ending:
    return Ending(has_it=True, seen=seen)


def not_taken(seen: Answer) -> Ending:
    return Ending(has_it=False, seen=seen)


ENDINGS = {
    "taken": taken(TAKEN),
    "taken, answer lost": taken(LOST),
    "taken, and busy": taken(BUSY),
    "not taken, and busy": not_taken(BUSY),
    "taken, page with 503": taken(Answer(http_status=503)),
    "not taken, nothing heard": not_taken(Answer(failure=Failure.READ_TIMEOUT)),
    "nobody listens": not_taken(Answer(failure=Failure.NOT_CONNECTED)),
    "throttled": not_taken(Answer(http_status=429, retry_after=600)),
    "refused": not_taken(Answer(http_status=200, is_cxml=True, cxml_code=406)),
    "refused as had already": taken(Answer(http_status=200, is_cxml=True, cxml_code=409, cxml_text="duplicate")),
    "server error": taken(Answer(http_status=200, is_cxml=True, cxml_code=500)),
    "unauthorised": not_taken(Answer(http_status=200, is_cxml=True, cxml_code=401)),
}
