"""A drop folder of fresh documents, from files to reconciled lines, against bare lxml and against the usual way.

Ours is a whole sync without Dagster and the report: files are listed, read, kept as bytes, committed and removed;
documents are judged, their facts written, their requests found and computed anew with stages, links, three-way match
and exceptions; what is told to Business Central is written down and delivered as files. SQLite, with full
synchronisation. The bare side is `lxml.etree.fromstring` of the same bytes in memory, one shared parser, nothing kept.
What the usual way does and leaves out is told in `usual_way`.

The documents of a round are a quarter each of carts, confirmations, ship notices and invoices, 5.8 lines on average,
each about a request of its own, in no order (`traffic`). Both ledgers know the same number of older lines, which ours
looks up by keys and the usual way reads and writes whole. Rounds of the three sides take turns, in processor time.
After every round both must have come to the same quantities, and those must be what the documents say.
"""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from benchmarks.history import begun, grown, told
from benchmarks.measuring import compared, cpu_seconds, folder, median, must_be
from benchmarks.parse import bare
from benchmarks.purchases import LINES_A_BLOCK, purchases
from benchmarks.syncing import Stopwatch, dropped, synced
from benchmarks.traffic import FIRST_WHOLE_DAY, Traffic
from benchmarks.usual_way import Quantities, UsualWay
from punchout.ledger.engine import reading
from punchout.ledger.sql import key_in
from punchout.ledger.tables.projections import LINE_POSITION
from punchout.model.exact import ONE
from tests.support.deliveries import Delivery
from tests.support.plays import Play
from tests.support.purchases import Purchase

_ROUNDS, _ROUNDS_QUICK = 7, 3
_DOCUMENTS, _DOCUMENTS_QUICK = 2_000, 300
_HISTORY, _HISTORY_QUICK = 100_000, 10_000


def measure(quick: bool) -> dict[str, Any]:  # noqa: FBT001 - the one thing a part is told
    """Return the figures of this part."""
    if quick:
        return compare(_ROUNDS_QUICK, _DOCUMENTS_QUICK, _HISTORY_QUICK)
    return compare(_ROUNDS, _DOCUMENTS, _HISTORY)


def compare(rounds: int, documents: int, history: int) -> dict[str, Any]:
    """Return the figures of so many rounds with so many documents each, beside so many older lines."""
    traffic = Traffic(documents, seed=1)
    ours: list[Stopwatch] = []
    bare_seconds, usual_seconds, sizes = [], [], []
    with folder() as within:
        play, usual = _begun(within, history)
        for day in range(FIRST_WHOLE_DAY + rounds):
            coming = traffic.documents(day)
            watch = _ours(play, traffic, day, coming)
            usual_taken = _usual(usual, traffic, day, coming)
            _must_agree(play, usual, traffic, day)
            if day >= FIRST_WHOLE_DAY:  # those before warm up
                ours.append(watch)
                usual_seconds.append(usual_taken)
                bare_seconds.append(cpu_seconds(partial(_bare, coming)))
                sizes += [len(one.data) for one in coming]
    own = [watch.total for watch in ours]
    return {
        "documents": documents,
        "history": history,
        "average_bytes": sum(sizes) // len(sizes),
        **compared("bare_ratio", own, bare_seconds),
        **compared("usual_way_ratio", own, usual_seconds),
        "documents_a_second": round(documents / median(own, digits=6)),
        "usual_way_documents_a_second": round(documents / median(usual_seconds, digits=6)),
        "bare_documents_a_second": round(documents / median(bare_seconds, digits=6)),
        "us_a_document": median(own, documents * 1e-6, 1),
        "usual_way_us_a_document": median(usual_seconds, documents * 1e-6, 1),
        "bare_us_a_document": median(bare_seconds, documents * 1e-6, 1),
        "seconds_by_step": {step: median([watch.seconds[step] for watch in ours]) for step in ours[0].seconds},
    }


def _begun(within: Path, history: int) -> tuple[Play, UsualWay]:
    """Return both sides with the same older lines: ours have their documents, the usual way knows just their lines."""
    play = grown(within, told(within, 0), history) if history else begun(within, "ours")
    usual = UsualWay(within / "usual-way")
    for block in range(history // LINES_A_BLOCK):
        usual.know(purchases(block))
    return play, usual


def _ours(play: Play, traffic: Traffic, day: int, coming: Sequence[Delivery]) -> Stopwatch:
    play.now = traffic.evening(day)
    play.sync(*traffic.exports(day))
    dropped(play.settings.feeds["cxml"].path, coming)
    watch = Stopwatch()
    synced(play.exchange(), len(coming), watch)
    must_be(list(play.settings.feeds["cxml"].path.iterdir()), [], "files that are left")
    return watch


def _usual(usual: UsualWay, traffic: Traffic, day: int, coming: Sequence[Delivery]) -> float:
    usual.know(traffic.begun(day))
    dropped(usual.inbox, coming)
    seconds = cpu_seconds(usual.run)
    must_be(list(usual.inbox.iterdir()), [], "files that are left")
    return seconds


def _bare(coming: Sequence[Delivery]) -> None:
    for one in coming:
        bare(one.data)


def _must_agree(play: Play, usual: UsualWay, traffic: Traffic, day: int) -> None:
    """Hold both sides to what the documents of a day say of the purchases that they are about."""
    expected: Quantities = {}
    answered: list[Purchase] = []
    for back in range(1, min(day, FIRST_WHOLE_DAY) + 1):
        answered += traffic.begun(day - back)
        for one in traffic.begun(day - back):
            expected[one.order_id] = {line: _said(float(item.quantity), back) for line, item in enumerate(one.items, 1)}
    must_be(_quantities(play, answered), expected, "our quantities")
    found = usual.quantities()
    must_be({order: found[order] for order in expected}, expected, "the usual way's quantities")
    carts = [len(one.items) for past in range(day + 1) for one in traffic.begun(past)]
    must_be(usual.lines_of_carts(), sum(carts), "the usual way's lines of carts")
    shown = _positions(play, traffic.begun(day))
    must_be(len(shown), sum(len(one.items) for one in traffic.begun(day)), "our lines of carts")


def _said(quantity: float, days: int) -> tuple[float, float, float]:
    """Return what is confirmed, shipped and invoiced of a line so many days after its cart."""
    confirmed, shipped, invoiced = (quantity if days >= since else 0.0 for since in (1, 2, 3))
    return confirmed, shipped, invoiced


def _quantities(play: Play, answered: Sequence[Purchase]) -> Quantities:
    orders = {one.number: one.order_id for one in answered}
    found: Quantities = {}
    for row in _positions(play, answered):
        quantities = (row.accepted / ONE, row.shipped / ONE, row.invoiced / ONE)
        found.setdefault(orders[row.request_no], {})[row.order_line_number] = quantities
    return found


def _positions(play: Play, of: Sequence[Purchase]) -> Sequence[sa.Row[Any]]:
    keys = LINE_POSITION.c.company, LINE_POSITION.c.supplier, LINE_POSITION.c.request_no
    wanted = [(one.key.company, one.key.supplier, one.key.request_no) for one in of]
    with reading(play.engine) as connection:
        return connection.execute(sa.select(LINE_POSITION).where(key_in(keys, wanted))).all()
