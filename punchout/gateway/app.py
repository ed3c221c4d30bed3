"""The application, put together: the routes of every module behind one gate, and what is said when something fails."""

from http import HTTPStatus

import sqlalchemy as sa
import structlog
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp

from punchout.gateway import health, inbound, replies
from punchout.gateway.bodies import BodyRefused
from punchout.gateway.door import Door
from punchout.gateway.gate import Gate
from punchout.gateway.replies import TEMPORARY, Status
from resources.errors import ConfigurationError

_MODULES = (health, inbound)
_log = structlog.get_logger(__name__)


def build_app(door: Door) -> ASGIApp:
    """Return the application over a door; whoever serves it closes the door."""
    app = Starlette(
        routes=[route for module in _MODULES for route in module.routes(door)],
        exception_handlers={
            BodyRefused: _Saying(door).of_a_body,
            HTTPException: _Saying(door).of_http,
            sa.exc.OperationalError: _Saying(door).not_now,
            sa.exc.InterfaceError: _Saying(door).not_now,
            sa.exc.TimeoutError: _Saying(door).not_now,
            ConfigurationError: _Saying(door).not_now,
            Exception: _Saying(door).failed,
        },
    )
    # A sender that posts to another address than the one it was told learns so.
    app.router.redirect_slashes = False
    return Gate(app, door)


class _Saying:
    """What is said instead of an answer. No text of an error goes out that may hold what a document says."""

    def __init__(self, door: Door) -> None:
        self._door = door

    async def of_a_body(self, request: Request, error: Exception) -> Response:
        """Say why a body was not read to its end."""
        status = error.status if isinstance(error, BodyRefused) else HTTPStatus.BAD_REQUEST
        return self._said(request, status, Status(replies.code_beside(status), status.phrase, str(error)))

    async def of_http(self, request: Request, error: Exception) -> Response:
        """Say that there is no such address, or not with this method."""
        status = HTTPStatus(error.status_code) if isinstance(error, HTTPException) else HTTPStatus.BAD_REQUEST
        said = self._said(request, status, Status(replies.code_beside(status), status.phrase))
        said.headers.update((isinstance(error, HTTPException) and error.headers) or {})
        return said

    async def not_now(self, request: Request, error: Exception) -> Response:
        """Say that what is needed does not answer at this moment."""
        _log.warning("a request could not be served", path=request.url.path, error=type(error).__name__)
        status = Status(TEMPORARY, "Temporary Server Error", "the ledger cannot be written at this moment")
        return self._said(request, HTTPStatus.SERVICE_UNAVAILABLE, status)

    async def failed(self, request: Request, _error: Exception) -> Response:
        """Say that something is wrong here; what it is, the gate logs."""
        status = Status(500, "Internal Server Error", "nothing was kept; try again later")
        return self._said(request, HTTPStatus.SERVICE_UNAVAILABLE, status)

    def _said(self, request: Request, http: HTTPStatus, status: Status) -> Response:
        return replies.refusal(self._door, request.scope["path"], http, status)
