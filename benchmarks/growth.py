"""What a ledger costs that is built batch by batch: the last batches against the first, in processor time and memory.

A batch is some purchases with their whole lives, in five syncs: exports of new requests and their carts, exports of
what was released with its purchase orders, the orders sent, confirmations, ship notices, invoices, and what Business
Central is told. The first batches follow one batch; before the last there are those that were copied (`history`). Both
ledgers take the same batches in turns and must conclude the same of them. The most memory is that of a process of its
own that takes one more batch.
"""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from benchmarks.history import grown, projected, resumed, tell, told
from benchmarks.measuring import compared, cpu_seconds, folder, median, must_be, peak_megabytes
from benchmarks.purchases import LINES_A_BLOCK, LINES_A_PURCHASE, PURCHASES_A_BLOCK, purchases
from punchout.ledger.engine import reading
from punchout.ledger.sql import key_in
from punchout.ledger.tables.projections import REQUEST_STAGE
from punchout.model.keys import RequestKey
from punchout.model.moments import Micros
from tests.support.plays import Play

_ROUNDS, _ROUNDS_QUICK = 5, 2
_LONG, _LONG_QUICK = 1_000_000, 50_000
_BATCH, _BATCH_QUICK = PURCHASES_A_BLOCK, PURCHASES_A_BLOCK // 2
_FIRST_NEW_BLOCK = 900_000
_STAGE = "Invoiced"


def measure(quick: bool) -> dict[str, Any]:  # noqa: FBT001 - the one thing a part is told
    """Return the figures of this part."""
    return compare(_ROUNDS_QUICK, _LONG_QUICK, _BATCH_QUICK) if quick else compare(_ROUNDS, _LONG, _BATCH)


def compare(rounds: int, lines: int, batch: int) -> dict[str, Any]:
    """Return the figures of so many batches of so many purchases, the last of which follow so many lines."""
    a_batch = batch * LINES_A_PURCHASE
    with folder() as within:
        first = told(within, 0, batch)
        last = grown(within, first, lines // a_batch * LINES_A_BLOCK)
        spent: tuple[list[float], list[float]] = ([], [])
        for number in range(-1, rounds):
            taken = _round(first, last, _FIRST_NEW_BLOCK + number, batch)
            if number >= 0:  # the first one warms up
                for seconds, one in zip(spent, taken, strict=True):
                    seconds.append(one)
        peaks = [
            peak_megabytes(_alone, str(play.engine.url), play.settings.home, play.now, _FIRST_NEW_BLOCK + rounds, batch)
            for play in (first, last)
        ]
        size = Path(last.engine.url.database or "").stat().st_size
    return {
        "lines_a_batch": a_batch,
        "history": lines,
        "baseline_history": a_batch,
        **compared("cost_ratio", spent[1], spent[0]),
        "ms_a_line": median(spent[1], a_batch * 1e-3),
        "baseline_ms_a_line": median(spent[0], a_batch * 1e-3),
        "memory_ratio": round(peaks[1] / peaks[0], 2),
        "peak_megabytes": peaks[1],
        "baseline_peak_megabytes": peaks[0],
        "ledger_bytes_a_line": size // (lines + (rounds + 2) * a_batch),
    }


def _round(first: Play, last: Play, block: int, batch: int) -> list[float]:
    """Return how long the same batch takes on either ledger."""
    taken = [cpu_seconds(partial(tell, play, block, batch)) for play in (first, last)]
    keys = [one.key for one in purchases(block, batch)]
    must_be(projected(last.engine, keys), projected(first.engine, keys), "what the long ledger concludes")
    must_be(_stages(last, keys), [_STAGE] * len(keys), "the stages")
    return taken


def _stages(play: Play, keys: Sequence[RequestKey]) -> list[str]:
    columns = REQUEST_STAGE.c.company, REQUEST_STAGE.c.supplier, REQUEST_STAGE.c.request_no
    wanted = [(key.company, key.supplier, key.request_no) for key in keys]
    with reading(play.engine) as connection:
        return list(connection.execute(sa.select(REQUEST_STAGE.c.stage).where(key_in(columns, wanted))).scalars())


def _alone(url: str, home: Path, now: Micros, block: int, batch: int) -> None:
    tell(resumed(url, home, now), block, batch)
