"""The round engine: what happens when the clock moves, and the durable order in which it happens.

A round's files are archived under the home folder first, then the state is saved, then the files go out. A kill between
two steps repeats the later ones on the next start: a document delivered twice is a duplicate, never a loss.
"""

import copy
import shutil
import threading
from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from punchout.sandbox import archive, business_central, exports, oracle, updates
from punchout.sandbox.business_central import utc_text
from punchout.sandbox.casting import full
from punchout.sandbox.catalogue import Catalogue
from punchout.sandbox.cxml import Parties
from punchout.sandbox.deliveries import Post
from punchout.sandbox.delivering import Delivery
from punchout.sandbox.exports import OutgoingFile
from punchout.sandbox.identifiers import Identifiers
from punchout.sandbox.orders import Answer, OrderDoor
from punchout.sandbox.plan import Script, Sender
from punchout.sandbox.posting import Address, Poster
from punchout.sandbox.purchasing import Purchasing
from punchout.sandbox.recasting import sent_by_business_central
from punchout.sandbox.scenarios import HANDFUL
from punchout.sandbox.shop import Shop
from punchout.sandbox.state import SentFile, load, save, save_orders, write_whole

_IMPORT_BEFORE_SYNC = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Where the sandbox lives and delivers, what it plays, and whom it deals with.

    `secret` None takes any SharedSecret; `cutover` None is the script's own; `post` None puts what Amazon posts into
    the folder with the rest; `clock` is a file that says when it is posted.
    """

    home: Path
    cxml_drop: Path
    bc_requests: Path
    bc_orders: Path
    bc_updates: Path
    seed: int
    parties: Parties
    secret: str | None = None
    post: Address | None = None
    clock: Path | None = None
    scenario_set: str = HANDFUL.name
    cutover: str | None = None
    sent_by: Sender = "pipeline"

    def script(self) -> Script:
        """Return what is played.

        Raises:
            ValueError: the cut-over is no instant.
        """
        played = HANDFUL if self.scenario_set == HANDFUL.name else full(Identifiers(self.seed))
        if self.sent_by == "bc":
            played = sent_by_business_central(played)
        if self.cutover is None:
            return played
        moment = datetime.fromisoformat(self.cutover)
        if moment.tzinfo is None:
            message = f"the cut-over {self.cutover} has no offset from UTC"
            raise ValueError(message)
        return replace(played, cutover=moment.isoformat())

    def delivery(self) -> Delivery:
        """Return the ways out."""
        return Delivery(
            home=self.home,
            folders={"cxml": self.cxml_drop, "bc_requests": self.bc_requests, "bc_orders": self.bc_orders},
            poster=None if self.post is None else Poster(self.post),
            clock=self.clock,
        )


class Sandbox:
    """One running sandbox. Every method may be called from any thread; one at a time does its work."""

    def __init__(self, settings: Settings) -> None:
        """Take up the state of the home folder and put out what a kill left undelivered.

        Raises:
            ValueError: the home folder belongs to another seed, script, cut-over or sender of orders.
            PostingError: what was left cannot be posted.
        """
        self._settings = settings
        self._lock = threading.RLock()
        self._ids = Identifiers(settings.seed)
        self._script = settings.script()
        catalogue = Catalogue(self._ids, self._script)
        self._door = OrderDoor(catalogue=catalogue, parties=settings.parties, secret=settings.secret)
        self._purchasing = Purchasing(catalogue=catalogue, parties=settings.parties, door=self._door)
        self.shop = Shop(ids=self._ids, parties=settings.parties, secret=settings.secret)
        self._post = Post(catalogue=catalogue, parties=settings.parties)
        self._state = load(settings.home, settings.seed, self._script.name, self._script.cutover, self._script.sent_by)
        self._delivery = settings.delivery()
        for folder in (*self._delivery.folders.values(), settings.bc_updates):
            folder.mkdir(parents=True, exist_ok=True)
        self._deliver()

    def health(self) -> dict[str, object]:
        """Return the seed and the current round."""
        with self._lock:
            return {"ok": True, "seed": self._settings.seed, "round": self._state["round"], "rounds": self._rounds}

    @property
    def _rounds(self) -> int:
        return len(self._script.rounds)

    def played(self) -> dict[str, object]:
        """Return what is played: the name of the script, its cut-over, and who sends the orders."""
        script = self._script
        return {"scenario_set": script.name, "cutover_at": script.cutover, "orders_sent_by": script.sent_by}

    def scenarios(self) -> dict[str, object]:
        """Return how many requests play each scenario."""
        return dict(oracle.scenarios(self._script))

    def advance(self, wanted: int | None = None) -> dict[str, object]:
        """Move to the next round and deliver it; after the last, change nothing and say `done`.

        `wanted` names the round the caller means to be in: asking for the current one repeats its answer, so that a
        caller who lost an answer does not skip a round.

        Raises:
            ValueError: `wanted` is neither the current nor the next round.
            PostingError: a document could not be posted; asking again goes on with what is left.
        """
        with self._lock:
            self._deliver()
            current = self._state["round"]
            if wanted is not None and wanted not in {current, current + 1}:
                message = f"round {wanted} does not follow round {current}"
                raise ValueError(message)
            if wanted is None or wanted > current:
                if current == self._rounds:
                    return {**self._state["outcome"], "done": True, "actions": [], "delivered": {}}
                self._play(current + 1)
            return dict(self._state["outcome"])

    def redeliver(self) -> dict[str, object]:
        """Deliver every file ever sent again: identical bytes, new names except where others name them.

        Raises:
            PostingError: a document could not be posted.
        """
        with self._lock:
            self._state["redeliveries"] += 1
            save(self._settings.home, self._state)
            as_of = self._as_of()
            if as_of is not None:
                self._delivery.put(self._state["sent"], as_of, prefix=f"again{self._state['redeliveries']}-")
            counts = Counter(sent["feed"] for sent in self._state["sent"])
            return {"as_of": as_of, "documents": counts["cxml"], "delivered": dict(counts)}

    def expected(self) -> dict[str, object]:
        """Return what the oracle expects after the sync and the actions of the current round."""
        with self._lock:
            return oracle.expected(self._ids, self._state["round"], self._script)

    def business_central(self) -> dict[str, object]:
        """Return Business Central's tables as they are, and the updates it refused."""
        with self._lock:
            state = copy.deepcopy(self._state)
        requests, orders = list(state["requests"].values()), list(state["orders"].values())
        return {"requests": requests, "orders": orders, "refused_updates": state["refused_updates"]}

    def orders(self) -> dict[str, object]:
        """Return the OrderRequests that Amazon received: `orders` by POST, `placed` from Business Central itself."""
        with self._lock:
            return {
                "orders": copy.deepcopy(self._state["received"]),
                "placed": copy.deepcopy(self._state["placed"]),
            }

    def receive_order(self, body: bytes) -> Answer:
        """Take one POST to the stand-in Amazon. What it received is durable when this returns."""
        with self._lock:
            state = self._state.copy()
            state["received"] = copy.deepcopy(state["received"])
            answer = self._door.receive(body, state)
            save_orders(self._settings.home, state["received"])
            self._state = state
            return answer

    def make_request(self) -> dict[str, object]:
        """Make a request that no script knows, for people to shop for by hand, and export it at once."""
        with self._lock:
            state, now = copy.deepcopy(self._state), utc_text(datetime.now(UTC))
            number = f"PR9{len(state['requests']) + 1:03d}"
            row = business_central.unscripted_request(number, "shopper@contoso.example", now)
            state["requests"][number] = row
            save(self._settings.home, state)
            self._state = state
            file = exports.request_export((row,), now)
            write_whole(self._delivery.folders[file.feed] / f"{number}-{file.name}", file.body)
            return {"number": number}

    def take_updates(self) -> dict[str, object]:
        """Let Business Central take the update files that lie there, between two rounds."""
        with self._lock:
            state = copy.deepcopy(self._state)
            reads = updates.waiting(self._settings.bc_updates)
            imported = updates.take(state, reads, utc_text(datetime.now(UTC)))
            save(self._settings.home, state)
            self._state = state
            self._put_away(reads, state["round"])
            return {"imported": imported}

    def _play(self, round_number: int) -> None:
        """Play a round on a copy of the state, so that a failure on the way leaves the round unplayed."""
        state = copy.deepcopy(self._state)
        reads = updates.waiting(self._settings.bc_updates)
        refused = len(state["refused_updates"])
        imported = updates.take(state, reads, utc_text(self._script.instant(round_number) - _IMPORT_BEFORE_SYNC))
        business_central.people_act(state, self._ids, round_number, self._script)
        self._purchasing.send(state, round_number)
        files = [*exports.exports(state, self._script, round_number), *self._post.due(state, round_number)]
        state["copies"] = [item for item in state["copies"] if item["round"] > round_number]
        archive.keep(self._settings.home, round_number, files)
        before = len(state["sent"])
        state["sent"] += [
            SentFile(round=round_number, feed=file.feed, name=file.name, keep_name=file.keep_name, answer=file.answer)
            for file in files
        ]
        state["pending"] = list(range(before, len(state["sent"])))
        state["round"], state["exported_at"] = round_number, exports.exported_at(self._script, round_number)
        state["outcome"] = {
            **self._outcome(round_number, files),
            "imported": imported,
            "refused": len(state["refused_updates"]) - refused,
        }
        save(self._settings.home, state)
        self._state = state
        self._put_away(reads, round_number)
        self._deliver()

    def _put_away(self, reads: list[updates.Read], round_number: int) -> None:
        for read in reads:
            folder = self._settings.home / ("refused" if read.problem else "imported") / f"round-{round_number}"
            folder.mkdir(parents=True, exist_ok=True)
            for path in read.paths:
                shutil.move(path, folder / path.name)

    def _deliver(self) -> None:
        as_of = self._as_of()
        if as_of is not None and self._state["pending"]:
            self._delivery.put([self._state["sent"][place] for place in self._state["pending"]], as_of)
            self._state["pending"] = []
            save(self._settings.home, self._state)

    def _as_of(self) -> str | None:
        """Return the moment of the current round."""
        return self._script.rounds[self._state["round"] - 1] if self._state["round"] else None

    def _outcome(self, round_number: int, files: list[OutgoingFile]) -> dict[str, object]:
        drafts = [request for request in self._script.requests if not self._script.placed_elsewhere(request)]
        return {
            "round": round_number,
            "rounds": self._rounds,
            "as_of": self._script.rounds[round_number - 1],
            "last": round_number == self._rounds,
            "done": False,
            "actions": [{"send": request.number} for request in drafts if request.send == round_number],
            "delivered": dict(Counter(file.feed for file in files)),
        }
