"""The application, put together: the routes of every module behind one gate, and what is said when something fails."""

from http import HTTPStatus

import sqlalchemy as sa
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
from punchout.gateway.seldom import Seldom
from resources.errors import ConfigurationError

_MODULES = (health, inbound)


def build_app(door: Door) -> ASGIApp:
    """Return the application over a door; whoever serves it closes the door."""
    saying = _Saying(door)
    app = Starlette(
        routes=[route for module in _MODULES for route in module.routes(door)],
        exception_handlers={
            BodyRefused: saying.of_a_body,
            HTTPException: saying.of_http,
            sa.exc.OperationalError: saying.not_now,
            sa.exc.InterfaceError: saying.not_now,
            sa.exc.TimeoutError: saying.not_now,
            ConfigurationError: saying.not_now,
            Exception: saying.failed,
        },
    )
    # A sender that posts to another address than the one it was told learns so.
    app.router.redirect_slashes = False
    return Gate(app, door)


class _Saying:
    """What is said instead of an answer. No text of an error goes out that may hold what a document says."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._outages = Seldom("requests could not be served; they are to be sent again later")

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
        self._outages.note(error=type(error).__name__)
        status = Status(TEMPORARY, "Temporary Server Error", "what is needed here does not answer; nothing was kept")
        return self._said(request, HTTPStatus.SERVICE_UNAVAILABLE, status)

    async def failed(self, request: Request, _error: Exception) -> Response:
        """Say that something is wrong here; what it is, the gate logs."""
        status = Status(500, "Internal Server Error", "nothing was kept; try again later")
        return self._said(request, HTTPStatus.SERVICE_UNAVAILABLE, status)

    def _said(self, request: Request, http: HTTPStatus, status: Status) -> Response:
        return replies.refusal(self._door, request.scope["path"], http, status)
