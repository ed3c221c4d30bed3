"""Who is let in: how many requests and bytes at once, and how often one address may come. No clock of its own."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from resources.settings_sections import GatewaySettings

_MOST_ADDRESSES = 10_000


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: float


class Admission:
    """Counts of what is inside. Used from the event loop alone, so that nothing is locked.

    Args:
        bounds: the section `gateway`.
        monotonic: seconds that never run backwards.
    """

    def __init__(self, bounds: GatewaySettings, monotonic: Callable[[], float]) -> None:
        self._bounds = bounds
        self._monotonic = monotonic
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()
        self.requests = 0
        self.bytes_held = 0

    def may_come(self, address: str) -> bool:
        """Tell whether an address may make one more request now (a token bucket each)."""
        now, bounds = self._monotonic(), self._bounds
        bucket = self._buckets.pop(address, None) or _Bucket(bounds.request_burst, now)
        grown = bucket.tokens + (now - bucket.at) * bounds.requests_per_second
        bucket.tokens, bucket.at = min(grown, float(bounds.request_burst)), now
        self._buckets[address] = bucket
        if len(self._buckets) > _MOST_ADDRESSES:
            # The address that was silent for longest: what it had spent has grown again.
            self._buckets.popitem(last=False)
        if bucket.tokens < 1:
            return False
        bucket.tokens -= 1
        return True

    def enter(self) -> bool:
        """Let one request in, unless as many are inside as may be; who is let in leaves by `leave`."""
        if self.requests >= self._bounds.max_requests:
            return False
        self.requests += 1
        return True

    def leave(self) -> None:
        """Let one request out."""
        self.requests -= 1

    def hold(self, size: int) -> bool:
        """Make room for bytes of a body, unless too many are held already; they are given back by `release`."""
        if self.bytes_held + size > self._bounds.max_bytes_in_flight:
            return False
        self.bytes_held += size
        return True

    def release(self, size: int) -> None:
        """Give back the room of bytes."""
        self.bytes_held -= size
