"""The setup channel: asks the supplier to open a punchout session, and tells where the user's browser goes.

The SharedSecret is put in at the last moment. A setup orders nothing, so what cannot be understood is simply no
session; it is asked once all the same, because a second answer would be a second session. When one is opened, and what
the user is told, is the gateway's business.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

from cxml_parsers.order_request import with_secret
from cxml_parsers.reader import ReadingRules
from punchout.model.answers import SetupResponse
from punchout.model.documents import Response
from punchout.model.parsed import Parsed
from punchout.ordering.answers import Failure
from punchout.ordering.start_pages import start_page_hosts, start_page_problem
from resources.errors import ConfigurationError
from resources.secrets import SecretReference
from resources.settings import Settings
from resources.supplier import SupplierClient

_ANSWERS: Final = ReadingRules(kinds=frozenset({"Response", "PunchOutSetupResponse"}))
_UNREACHED: Final = frozenset(
    {Failure.NOT_CONNECTED, Failure.CONNECT_TIMEOUT, Failure.POOL_TIMEOUT, Failure.PROXY, Failure.TLS}
)
_SUCCESS: Final = range(200, 300)


class Outcome(StrEnum):
    """What a setup came to."""

    STARTED = "started"
    UNREACHABLE = "unreachable"
    NO_ANSWER = "no_answer"
    UNREADABLE = "unreadable"
    REFUSED = "refused"
    NO_START_PAGE = "no_start_page"
    FOREIGN_START_PAGE = "foreign_start_page"


@dataclass(frozen=True, slots=True, kw_only=True)
class SetupAnswer:
    """What a setup was answered.

    Attributes:
        start_url: where the browser goes, looked at and found good; only of a session that was started.
        detail: a line for the log, without any text of the answer but its status code and host.
    """

    outcome: Outcome
    detail: str
    http_status: int | None = None
    cxml_code: int | None = None
    start_url: str | None = None

    @property
    def start_host(self) -> str | None:
        """The host of the page: as much of its address as may be written down."""
        return None if self.start_url is None else urlsplit(self.start_url).hostname


@dataclass(frozen=True, slots=True)
class SetupChannel:
    """Asks one supplier for sessions."""

    client: SupplierClient
    secret: SecretReference
    hosts: tuple[str, ...]

    def ask(self, setup: bytes) -> SetupAnswer:
        """Post a PunchOutSetupRequest once, with the secret in it."""
        heard = self.client.ask(with_secret(setup, self.secret.reveal()))
        if heard.failure is not None:
            outcome = Outcome.UNREACHABLE if heard.failure in _UNREACHED else Outcome.NO_ANSWER
            return SetupAnswer(outcome=outcome, detail=heard.failure.value, http_status=heard.status)
        parsed = heard.document(_ANSWERS)
        if parsed is None or not isinstance(parsed.body, Response | SetupResponse):
            return SetupAnswer(outcome=Outcome.UNREADABLE, detail="no cXML Response", http_status=heard.status)
        return self._understood(parsed, heard.status)

    def _understood(self, parsed: Parsed, http_status: int | None) -> SetupAnswer:
        body = parsed.body
        code = body.code if isinstance(body, Response) else parsed.envelope.status_code
        url = body.start_url if isinstance(body, SetupResponse) else None
        if code not in _SUCCESS:
            outcome, detail = Outcome.REFUSED, f"cXML status {code}"
        elif url is None:
            outcome, detail = Outcome.NO_START_PAGE, "the answer names no StartPage"
        elif (problem := start_page_problem(url, self.hosts)) is not None:
            outcome, detail = Outcome.FOREIGN_START_PAGE, problem
        else:
            return SetupAnswer(
                outcome=Outcome.STARTED, detail="", http_status=http_status, cxml_code=code, start_url=url
            )
        return SetupAnswer(outcome=outcome, detail=detail, http_status=http_status, cxml_code=code)


def setup_channel(settings: Settings) -> SetupChannel:
    """Open the channel that the settings describe.

    Raises:
        ConfigurationError: the address or the secret is not set.
    """
    settings.require("supplier.setup_url", "supplier.shared_secret")
    supplier = settings.supplier
    if supplier.setup_url is None or supplier.shared_secret is None:
        message = "supplier.setup_url and supplier.shared_secret must be set"
        raise ConfigurationError(message)
    client = SupplierClient(
        supplier.setup_url,
        connect_timeout=settings.cart.setup_timeout_seconds,
        read_timeout=settings.cart.setup_timeout_seconds,
        # A person waits.
        answer_timeout=settings.cart.setup_timeout_seconds,
        user_agent=supplier.user_agent,
    )
    return SetupChannel(client, supplier.shared_secret, start_page_hosts(supplier.setup_url, supplier.start_page_hosts))
