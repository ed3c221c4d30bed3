"""The conformance check: one order, sent twice to the supplier's test site with the same bytes.

What the supplier made of it only a person can see there; the record is `punchout.ledger.sending.conformance`. The order
is a copy of a real one under a payloadID of its own and marked as a test, and no order of the outbox is touched.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from cxml_parsers.order_request import payload_id_in, with_secret
from punchout.ordering.answers import Answer, Verdict, classify
from resources.errors import ConfigurationError
from resources.secrets import SecretReference
from resources.settings import Settings
from resources.supplier import SupplierClient

_PRODUCTION, _TEST = b'deploymentMode="production"', b'deploymentMode="test"'


@dataclass(frozen=True, slots=True)
class SentTwice:
    """The payloadID that was sent, and what came back each time, in order."""

    payload_id: str
    verdicts: Sequence[Verdict]

    @property
    def was_taken(self) -> bool:
        """Whether the first of the two was taken, without which the second shows nothing."""
        return self.verdicts[0].outcome == "sent"


def send_twice(settings: Settings, stored_body: bytes, site: str, secret: SecretReference | None) -> SentTwice:
    """Send a copy of a stored order to a test site, twice.

    Args:
        settings: how the exchange is set up.
        stored_body: of an order of the outbox.
        site: the address of the supplier's test site.
        secret: of that site; None for the one that orders are sent with.

    Raises:
        ConfigurationError: the site is where real orders go, or there is no secret.
    """
    if settings.environment == "production" and site.rstrip("/") == str(settings.supplier.order_url).rstrip("/"):
        raise ConfigurationError("the site is supplier.order_url, where real orders go; name the supplier's test site")
    reference = secret or settings.supplier.shared_secret
    if reference is None:
        raise ConfigurationError("supplier.shared_secret is not set")
    payload_id, copy = _as_test(stored_body)
    client = SupplierClient(
        site,
        connect_timeout=settings.orders.connect_timeout_seconds,
        read_timeout=settings.orders.read_timeout_seconds,
        user_agent=settings.supplier.user_agent,
    )
    body = with_secret(copy, reference.reveal())
    answers: list[Answer] = [client.post(body)]
    if classify(answers[0]).outcome == "sent":
        answers.append(client.post(body))
    return SentTwice(payload_id, [classify(answer) for answer in answers])


def _as_test(stored_body: bytes) -> tuple[str, bytes]:
    old = payload_id_in(stored_body)
    if old is None:
        raise ConfigurationError("the order's stored bytes name no payloadID")
    new = f"conformance-{uuid.uuid4()}@{old.rpartition('@')[2]}"
    copy = stored_body.replace(old.encode(), new.encode(), 1).replace(_PRODUCTION, _TEST, 1)
    return new, copy
