"""The order channel: puts the SharedSecret into the stored bytes at the last moment and posts them.

The ledger knows only the stored bytes, which never hold the secret.
"""

from dataclasses import dataclass

from cxml_parsers.order_request import with_secret
from punchout.ordering.answers import Answer
from resources.errors import ConfigurationError
from resources.secrets import SecretReference
from resources.settings import Settings
from resources.supplier import SupplierClient


@dataclass(frozen=True, slots=True)
class OrderChannel:
    """Sends one order to one supplier; see `punchout.ledger.sending.rules.Channel`."""

    client: SupplierClient
    secret: SecretReference

    def send(self, stored_body: bytes) -> Answer:
        """Post the stored order once, with the secret in it."""
        return self.client.post(with_secret(stored_body, self.secret.reveal()))


def order_channel(settings: Settings) -> OrderChannel:
    """Open the channel that the settings describe.

    Raises:
        ConfigurationError: the address or the secret is not set, or the secret cannot be read.
    """
    settings.require("supplier.order_url", "supplier.shared_secret")
    url, secret = settings.supplier.order_url, settings.supplier.shared_secret
    if url is None or secret is None:
        message = "supplier.order_url and supplier.shared_secret must be set"
        raise ConfigurationError(message)
    # A secret that cannot be read must stop the sync before an order is marked, not after.
    secret.reveal()
    client = SupplierClient(
        url,
        connect_timeout=settings.orders.connect_timeout_seconds,
        read_timeout=settings.orders.read_timeout_seconds,
        user_agent=settings.supplier.user_agent,
    )
    return OrderChannel(client, secret)
