"""The judgement on a home after a fault and two restarts: a list of what is wrong, empty where every promise held."""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from hashlib import sha256
from pathlib import Path

from tests.crash.scenes import Scene
from tests.crash.state import State
from tests.crash.worker import replayed_in

_SETTLED = frozenset({"sent", "in_doubt"})
_FEEDS = "inbox/"


def wrong_in(
    scene: Scene, undisturbed: State, first: State, second: State, received: Sequence[str], sent_before: frozenset[str]
) -> list[str]:
    """Compare a home after its two restarts with one that nothing happened to.

    Args:
        scene: what was cut short.
        undisturbed: a home in which the same was done without a fault.
        first: after one restart.
        second: after another one.
        received: payloadIDs as the supplier counted them, in this scene.
        sent_before: payloadIDs that it had received in earlier scenes.
    """
    return [
        *_lost_files(scene, second),
        *_orders(second, received, sent_before),
        *_another_ledger(undisturbed, second),
        *_told_otherwise(undisturbed, second),
        *_unrest(first, second),
        *_bad_files(second),
    ]


def broken_files(home: Path) -> list[str]:
    """Say which of the files that others read are not whole, at any moment."""
    wrong = []
    for manifest_path in home.glob("outbox/bc-updates/*.manifest.json"):
        manifest = json.loads(manifest_path.read_bytes())
        body = manifest_path.parent / manifest["file"]
        if not body.exists() or sha256(body.read_bytes()).hexdigest() != manifest["sha256"]:
            wrong.append(f"{manifest_path.name} vouches for a file that is not whole")
    reports = home.glob("reports/[!.]*.html")
    wrong += [f"{path.name} is not whole" for path in reports if not path.read_text().rstrip().endswith("</html>")]
    wrong += _orders_to_send(replayed_in(home))
    wrong += [f"{path.name} can be read by others" for path in home.rglob("*") if path.stat().st_mode & 0o027]
    return wrong


def _orders_to_send(replayed: Path) -> list[str]:
    """Look into a replayed ledger, however far it is: it may have nothing to send, at any moment."""
    if not replayed.exists():
        return []
    with closing(sqlite3.connect(replayed)) as database:
        is_there = database.execute("SELECT 1 FROM sqlite_master WHERE name = 'outbox'").fetchone()
        count = database.execute("SELECT count(*) FROM outbox").fetchone()[0] if is_there else 0
    return [f"the replayed ledger has {count} orders in its outbox"] if count else []


def _lost_files(scene: Scene, state: State) -> Iterator[str]:
    yield from (f"the document {digest[:12]} is lost" for digest in scene.hashes - state.verdicts.keys())
    for path, digest in state.files.items():
        # The tables of an export that was taken may stay, for want of the manifest that named them.
        if path.startswith(_FEEDS) and not (path.endswith(".csv") and digest in state.verdicts):
            yield f"{path} still lies in its feed"


def _orders(state: State, received: Sequence[str], sent_before: frozenset[str]) -> Iterator[str]:
    counted = Counter([*received, *sent_before])
    yield from (f"order {payload_id} was received {times} times" for payload_id, times in counted.items() if times > 1)
    yield from (f"order {payload_id} is nobody's" for payload_id in counted.keys() - state.orders.keys())
    for payload_id, reached in state.orders.items():
        if reached not in _SETTLED:
            yield f"order {payload_id} is {reached}"
        elif reached == "sent" and payload_id not in counted:
            yield f"order {payload_id} is said to be sent, and the supplier has not got it"


def _another_ledger(undisturbed: State, state: State) -> Iterator[str]:
    doubtful = state.doubtful - undisturbed.doubtful
    ours = {row for request, row in state.conclusions if request not in doubtful}
    theirs = {row for request, row in undisturbed.conclusions if request not in doubtful}
    yield from (f"concluded only after the fault: {row}" for row in sorted(ours - theirs))
    yield from (f"not concluded after the fault: {row}" for row in sorted(theirs - ours))
    if state.verdicts != undisturbed.verdicts:
        yield "documents were judged differently"


def _told_otherwise(undisturbed: State, state: State) -> Iterator[str]:
    """Say what Business Central knows otherwise in the end; it may have been told of stages in between."""
    doubtful = state.doubtful - undisturbed.doubtful
    for request in sorted((state.told.keys() | undisturbed.told.keys()) - doubtful):
        ours, theirs = state.told.get(request), undisturbed.told.get(request)
        if ours != theirs:
            yield f"Business Central was told of {request}: {ours}, not {theirs}"
    yield from (f"update {one} lies in no file" for one in state.undelivered)


def _unrest(first: State, second: State) -> Iterator[str]:
    changed = sorted(name for name in second.tables if first.tables[name] != second.tables[name])
    yield from (f"the second restart changed {name}" for name in changed)
    if first.files != second.files:
        yield "the second restart changed files"


def _bad_files(state: State) -> Iterator[str]:
    # Beside the ledger, what was left unfinished is written anew by whoever needs it next.
    shown = (Path(path) for path in state.files if "/" in path)
    yield from (f"{path} was left behind" for path in shown if path.name.startswith("."))
