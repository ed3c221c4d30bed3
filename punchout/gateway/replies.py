"""What is said in return: cXML statuses as HTTP responses, and plain lines where no document was posted.

The rule (cXML Reference Guide, "Response" and "Status"): cXML is layered above HTTP, and a client treats every error
of the transport as if a cXML status of the 500 range had been received, that is, it tries again. So a document that
was answered for good is answered with HTTP 200, whatever its Status; what may be tried again is HTTP 503 with
`Retry-After`. What HTTP itself refuses (a method, a host, a size, a rate) has HTTP's own status, for proxies and
monitors to see, and the cXML status in its body says whether to try again.
"""

from dataclasses import dataclass
from http import HTTPStatus

from starlette.responses import PlainTextResponse, Response

from cxml_parsers.response_document import write_response
from punchout.gateway.door import Door
from punchout.model.documents import Response as CxmlResponse
from punchout.model.moments import Micros

CXML_PATH = "/cxml"
"""Where documents are posted, and every answer is cXML."""
RETRY_AFTER_SECONDS = 30
TEMPORARY = 560
"""cXML: "Temporary Server Error", the client should try again later."""
_TRY_AGAIN = frozenset({HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS})
_XML = "text/xml; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Status:
    """A cXML Status: its code, its short text, and what more there is to say."""

    code: int
    text: str
    message: str | None = None


def cxml(door: Door, status: Status, http: int | None = None) -> Response:
    """Answer with a document of its own; `http` where HTTP itself refuses."""
    return stored(written(door, status, door.clock()), http or http_status(status.code))


def written(door: Door, status: Status, at: Micros) -> bytes:
    """Return the document that states a status."""
    response = CxmlResponse(code=status.code, text=status.text, message=status.message)
    return write_response(response, payload_id=door.new_payload_id(at), timestamp=at)


def stored(body: bytes, http: int) -> Response:
    """Answer with a document that is written already."""
    return Response(body, http, _retry(http), media_type=_XML)


def http_status(code: int) -> int:
    """Return the HTTP status that a cXML status goes with."""
    is_transient = code >= HTTPStatus.INTERNAL_SERVER_ERROR
    return HTTPStatus.SERVICE_UNAVAILABLE if is_transient else HTTPStatus.OK


def refusal(door: Door, path: str, http: int, status: Status) -> Response:
    """Say why a request comes no further: in cXML where documents are posted, else in a line of text."""
    if path != CXML_PATH:
        return plain(http, status.message or status.text)
    return cxml(door, status, http)


def code_beside(http: int) -> int:
    """Return the cXML code that says the same as a status of HTTP: whether it may be tried again."""
    return TEMPORARY if http in _TRY_AGAIN or http == HTTPStatus.REQUEST_TIMEOUT else 400


def plain(status: int, text: str) -> Response:
    """Answer with a line of text."""
    return PlainTextResponse(text + "\n", status, _retry(status))


def _retry(http: int) -> dict[str, str]:
    return {"Retry-After": str(RETRY_AFTER_SECONDS)} if http in _TRY_AGAIN else {}
