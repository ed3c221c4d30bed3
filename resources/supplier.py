"""The supplier's door for orders and setups: one POST, and what was seen of its answer.

An order spends money, so nothing here tries again: no redirect is followed, no request repeated, and no connection
kept that a second order could find half dead. What the answer means is `punchout.ordering.answers`; when an order is
posted, and with which bytes, is the ledger's business.
"""

import socket
import ssl
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from threading import Timer
from typing import Any, Final

import httpx

from cxml_parsers.order_request import payload_id_in, secret_in
from cxml_parsers.reader import ReadingRules, read
from punchout.model.documents import Response
from punchout.model.parsed import Parsed
from punchout.ordering.answers import Answer, Failure

LARGEST_ANSWER: Final = 1024 * 1024
_LONGEST_TEXT: Final = 500
_MASK: Final = "***"
_ANSWERS: Final = ReadingRules(kinds=frozenset({"Response"}))

# The most specific kind first. What stands in none of these rows is `other`, and so in doubt.
_FAILURES: Final[tuple[tuple[type[httpx.HTTPError], Failure], ...]] = (
    (httpx.ConnectTimeout, Failure.CONNECT_TIMEOUT),
    (httpx.ConnectError, Failure.NOT_CONNECTED),
    (httpx.PoolTimeout, Failure.POOL_TIMEOUT),
    (httpx.ProxyError, Failure.PROXY),
    (httpx.UnsupportedProtocol, Failure.UNSUPPORTED_PROTOCOL),
    (httpx.ReadTimeout, Failure.READ_TIMEOUT),
    (httpx.WriteTimeout, Failure.WRITE_FAILED),
    (httpx.WriteError, Failure.WRITE_FAILED),
    (httpx.NetworkError, Failure.CONNECTION_LOST),
    (httpx.RemoteProtocolError, Failure.BROKEN_ANSWER),
)


class SupplierClient:
    """Posts orders to one address, each over a connection of its own. Safe to use from several threads.

    Args:
        url: where orders are posted.
        connect_timeout: seconds for the connection, and again for the TLS handshake.
        read_timeout: seconds without any progress, in writing or reading.
        user_agent: the name of the software.
        basic_auth: user and password, where the supplier wants them beside the SharedSecret.
        answer_timeout: seconds from the connection to the end of the answer, however it trickles; by default twice
            `read_timeout`.
        proxy: the only proxy ever used; the environment's proxies, certificates and .netrc are not looked at.
        tls: how servers are trusted; by default by the certificate authorities that httpx brings.

    Raises:
        httpx.InvalidURL: `url` is no address.
    """

    def __init__(
        self,
        url: str,
        *,
        connect_timeout: float,
        read_timeout: float,
        user_agent: str,
        basic_auth: tuple[str, str] | None = None,
        answer_timeout: float | None = None,
        proxy: str | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._url = httpx.URL(url)
        self._timeout = httpx.Timeout(read_timeout, connect=connect_timeout)
        self._answer_timeout = 2 * read_timeout if answer_timeout is None else answer_timeout
        self._auth = httpx.BasicAuth(*basic_auth) if basic_auth else None
        self._password = basic_auth[1] if basic_auth else None
        self._proxy = proxy
        self._tls = tls or trusted()
        self._headers = {
            "Content-Type": "text/xml; charset=UTF-8",
            "Accept": "text/xml, application/xml",
            "Accept-Encoding": "identity",  # so that no small answer unfolds into a large one
            "Connection": "close",
            "User-Agent": user_agent,
        }

    def post(self, body: bytes) -> Answer:
        """Post the bytes of an order once and return what was seen; raises nothing for what the network does."""
        heard = self.ask(body)
        if heard.failure is not None:
            return Answer(failure=heard.failure, http_status=heard.status)
        return _understood(heard, body, self._password)

    def ask(self, body: bytes) -> "Heard":
        """Post the bytes of any document once and return as much of the answer as came, unread; raises nothing."""
        heard = Heard()
        deadline = _Deadline(self._answer_timeout)
        try:
            failure = self._exchange(body, heard, deadline)
        finally:
            deadline.stop()
        if deadline.passed and failure in {None, Failure.CONNECTION_LOST, Failure.BROKEN_ANSWER}:
            failure = Failure.TOO_SLOW
        heard.failure = failure
        return heard

    def _exchange(self, body: bytes, heard: "Heard", deadline: "_Deadline") -> Failure | None:
        try:
            with (
                httpx.Client(
                    auth=self._auth,
                    verify=self._tls,
                    proxy=self._proxy,
                    trust_env=False,
                    follow_redirects=False,
                    http2=False,
                    timeout=self._timeout,
                    limits=httpx.Limits(max_connections=1, max_keepalive_connections=0),
                ) as client,
                client.stream(
                    "POST", self._url, content=body, headers=self._headers, extensions={"trace": deadline.watch}
                ) as response,
            ):
                heard.status = response.status_code
                heard.headers = response.headers
                for chunk in response.iter_raw():
                    heard.body += chunk
                    if len(heard.body) > LARGEST_ANSWER:
                        return Failure.TOO_LARGE
        except httpx.HTTPError as error:
            return _failure_of(error)
        return None


@cache
def trusted() -> ssl.SSLContext:
    """Read the certificate authorities once: it takes longer than sending an order to a machine nearby."""
    return httpx.create_ssl_context(trust_env=False)


@dataclass(slots=True)
class Heard:
    """As much of an answer as came; `failure` says why it is not complete."""

    failure: Failure | None = None
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytearray = field(default_factory=bytearray)

    def document(self, rules: ReadingRules) -> Parsed | None:
        """Read the cXML document that the answer is; None where it is empty or encoded, which was not asked for."""
        unencoded = self.headers.get("Content-Encoding", "identity").strip().lower() in {"", "identity"}
        return read(bytes(self.body), rules) if self.body and unencoded else None


class _Deadline:
    """Cuts a connection that takes too long as a whole: a server that drips bytes passes every timeout of a read."""

    def __init__(self, seconds: float) -> None:
        self.passed = False
        self._socket: socket.socket | None = None
        self._timer = Timer(seconds, self._cut)
        self._timer.daemon = True

    def watch(self, event: str, info: Mapping[str, Any]) -> None:
        """Take the socket from the HTTP library's trace; the time runs from the connection on."""
        if event == "connection.connect_tcp.complete":
            self._socket = info["return_value"].get_extra_info("socket")
            self._timer.start()
        elif event.endswith("start_tls.complete"):
            # TLS wraps the connection in another socket; the first one is no longer good for anything.
            self._socket = info["return_value"].get_extra_info("socket")
            if self.passed:
                self._cut()

    def stop(self) -> None:
        """Let the connection be; whether the time had passed before stays known."""
        self._timer.cancel()
        self._socket = None

    def _cut(self) -> None:
        self.passed = True
        connection = self._socket
        if connection is not None:
            with suppress(OSError):
                # The plain socket's own method: that of a TLS socket would take its state from under the reader.
                socket.socket.shutdown(connection, socket.SHUT_RDWR)


def _failure_of(error: httpx.HTTPError) -> Failure:
    """Name what happened. The error's own text is left behind: it may hold the address or what was sent."""
    if isinstance(error, httpx.ConnectError) and _is_about_tls(error):
        return Failure.TLS
    return next((failure for kind, failure in _FAILURES if isinstance(error, kind)), Failure.OTHER)


def _is_about_tls(error: BaseException) -> bool:
    """Tell a handshake that was refused from one whose connection merely ended, which may go well the next time."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return not isinstance(cause, ssl.SSLEOFError | ssl.SSLZeroReturnError)
        cause = cause.__cause__ or cause.__context__
    return False


def _understood(heard: Heard, sent: bytes, password: str | None) -> Answer:
    retry_after = _seconds(heard.headers.get("Retry-After"))
    parsed = heard.document(_ANSWERS)
    if parsed is None or not isinstance(parsed.body, Response):
        return Answer(http_status=heard.status, retry_after=retry_after)
    told = ": ".join(" ".join(part.split()) for part in (parsed.body.text, parsed.body.message) if part)
    for secret in filter(None, (secret_in(sent), password)):
        told = told.replace(secret, _MASK)
    return Answer(
        http_status=heard.status,
        retry_after=retry_after,
        is_cxml=True,
        cxml_code=parsed.body.code,
        cxml_text=told[:_LONGEST_TEXT] or None,
        echo_ok=not _is_another_of_ours(parsed.envelope.payload_id, payload_id_in(sent)),
    )


def _is_another_of_ours(answered: str | None, sent: str | None) -> bool:
    """Tell whether an answer carries a payloadID that we made and did not send; most carry one of the supplier's."""
    if answered is None or sent is None or answered == sent:
        return False
    return answered.rpartition("@")[2].casefold() == sent.rpartition("@")[2].casefold()


def _seconds(retry_after: str | None) -> int | None:
    """Read `Retry-After`, seconds or an HTTP date."""
    text = (retry_after or "").strip()
    if text.isascii() and text.isdigit():
        return int(text[:9])
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0, int((aware - datetime.now(UTC)).total_seconds()))
