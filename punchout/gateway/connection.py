"""A connection that cannot be held open for nothing: a request's head comes in time, and so does what is left of it.

uvicorn bounds how long a connection may be idle between requests, and the size of a head, but not how long a head may
take, nor how long a sender may go on with a body that was answered already. Nothing of a request is understood here.
"""

import asyncio
from typing import ClassVar

import h11
from typing_extensions import override
from uvicorn.protocols.http.h11_impl import H11Protocol

_REFUSED_AT_ONCE = 2


class BoundedConnection(H11Protocol):
    """A connection of uvicorn with bounds on the time of a head and of a remaining body, and on how many there are."""

    head_seconds: ClassVar[float] = 10
    rest_seconds: ClassVar[float] = 15

    _timer: asyncio.TimerHandle | None = None
    _has_rest = False

    @override
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        super().connection_made(transport)
        limit = self.limit_concurrency
        if limit is not None and len(self.connections) > _REFUSED_AT_ONCE * limit:
            # Up to there a request gets an answer that says so; beyond, not even that is affordable.
            transport.abort()
            return
        self._start(self.head_seconds)

    @override
    def data_received(self, data: bytes) -> None:
        if self._timer is None and self.conn.their_state is h11.IDLE:
            self._start(self.head_seconds)
        super().data_received(data)
        self._look()

    @override
    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._has_rest = self.conn.their_state is h11.SEND_BODY
        if self._has_rest:
            self._start(self.rest_seconds)

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self._stop()
        super().connection_lost(exc)

    def _look(self) -> None:
        """Stop the clock once a head is whole, or once the body is whole that was answered before its end."""
        state = self.conn.their_state
        self._has_rest = self._has_rest and state is h11.SEND_BODY
        if not self._has_rest and state is not h11.IDLE:
            self._stop()

    def _start(self, seconds: float) -> None:
        self._stop()
        self._timer = self.loop.call_later(seconds, self._out_of_time)

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _out_of_time(self) -> None:
        self._timer = None
        if not self.transport.is_closing():
            self.transport.abort()
