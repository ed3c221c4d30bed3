"""For those who watch over the gateway: `/healthz`, `/readyz` and `/metrics`.

Whether it lives may be asked by anybody. Whether it is ready, and what was counted, is told on this machine, or to
whoever proves an accepted identity by HTTP Basic.
"""

from functools import partial

import sqlalchemy as sa
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from punchout.gateway import replies
from punchout.gateway.authentication import proves_by_header
from punchout.gateway.clients import is_loopback
from punchout.gateway.door import Door
from punchout.ledger.schema import current, head

_METRICS = "text/plain; version=0.0.4; charset=utf-8"


def routes(door: Door) -> list[Route]:
    """Return the addresses of this module."""

    async def alive(_request: Request) -> Response:
        return replies.plain(200, "alive")

    async def ready(request: Request) -> Response:
        if not await _may_look(door, request):
            return _turned_away()
        if door.standing.is_stopping:
            return replies.plain(503, "stopping")
        try:
            found = await door.workers.read(current)
        except sa.exc.SQLAlchemyError:
            return replies.plain(503, "the database does not answer")
        return replies.plain(200, "ready") if found == head() else replies.plain(503, "the schema is another")

    async def metrics(request: Request) -> Response:
        if not await _may_look(door, request):
            return _turned_away()
        gauges = {"requests_inside": door.admission.requests, "bytes_in_flight": door.admission.bytes_held}
        return PlainTextResponse(door.metrics.text(gauges), media_type=_METRICS)

    return [
        Route("/healthz", alive, methods=["GET"]),
        Route("/readyz", ready, methods=["GET"]),
        Route("/metrics", metrics, methods=["GET"]),
    ]


async def _may_look(door: Door, request: Request) -> bool:
    if is_loopback(request.scope):
        return True
    proof = partial(proves_by_header, door.settings, request.headers.get("authorization"))
    return await door.workers.think(proof)


def _turned_away() -> Response:
    said = replies.plain(401, "told on this machine, or with HTTP Basic")
    said.headers["www-authenticate"] = 'Basic realm="punchout"'
    return said
