"""A place to cut workers short in: homes as they are before each scene, a supplier that counts, and a nursery."""

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from socket import socket
from threading import Lock
from typing import Any

from cxml_parsers.order_request import payload_id_in
from punchout.ledger.engine import open_engine
from punchout.model.moments import Micros
from tests.crash import strace
from tests.crash.earlier_version import put_back
from tests.crash.jobs import Job
from tests.crash.judgement import broken_files, wrong_in
from tests.crash.nursery import Nursery
from tests.crash.scenes import Scene, deliver
from tests.crash.state import State, broken_promises, read_state
from tests.crash.worker import settings_of
from tests.resources.suppliers import Behaviour, Server, answers
from tests.support.postgres import quick_folder

TAKES = answers(
    b'<?xml version="1.0" encoding="UTF-8"?><cXML payloadID="1@supplier" timestamp="2026-03-02T17:00:00+00:00">'
    b'<Response><Status code="200" text="OK"/></Response></cXML>',
    "200 OK",
    "Content-Type: text/xml",
)
# The mask is the process's, which has a thread for each lab: two that changed it at once would undo each other's.
_MASKED = Lock()


@dataclass(frozen=True, slots=True)
class Ended:
    """How a worker ended under a fault, and what was wrong after its restarts.

    Attributes:
        code: its exit code, or the signal that killed it as a negative number.
        said: what it said on stderr.
        met_fault: whether the fault came; one that did not proves nothing.
        doubts: how many orders were left in doubt.
        wrong: what promise did not hold.
    """

    code: int
    said: str
    met_fault: bool
    doubts: int
    wrong: list[str]


class Lab:
    """Runs scenes, undisturbed and disturbed; one caller at a time.

    Args:
        folder: of its own.
        nursery: where its workers come from.

    Attributes:
        behave: what the supplier does when it has received an order.
        mutant: what breaks the workers; the homes before each scene are made by whole ones.
    """

    def __init__(self, folder: Path, nursery: Nursery) -> None:
        self.nursery = nursery
        self.behave: Behaviour = TAKES
        self.supplier = Server(self._behave)
        self.mutant: str | None = None
        self.home = home_in(folder)
        self.log = folder / "calls"
        self.talk = folder / "talk"
        self._kept = folder / "kept"
        self._sent: dict[str, frozenset[str]] = {}
        self._undisturbed: dict[str, State] = {}
        self._settings = settings_of(self._job(0, ()))
        # One for every home, since they take turns at one place: it keeps the statements it has compiled.
        self._engine = open_engine(self._settings.database.sqlalchemy_url(), self._settings.documents.archive_dir)

    def _behave(self, connection: socket, server: Server) -> None:
        self.behave(connection, server)

    @property
    def received(self) -> list[str]:
        """The payloadIDs of the orders that the supplier received since the scene began, in their order."""
        return [payload_id_in(body) or "" for body in self.supplier.bodies]

    def job(self, scene: Scene, steps: Sequence[str] | None = None, **changes: Any) -> Job:  # noqa: ANN401 - of a job
        """Give the job of a scene's worker."""
        return self._job(scene.as_of, scene.steps if steps is None else tuple(steps), **changes)

    def _job(self, as_of: Micros, steps: tuple[str, ...], **changes: Any) -> Job:  # noqa: ANN401 - of a job
        return Job(
            as_of=as_of,
            supplier_url=self.supplier.url,
            steps=steps,
            talk=str(self.talk),
            **{"home": str(self.home), "mutant": self.mutant, **changes},
        )

    def begin(self, scene: Scene) -> None:
        """Make the home as it is before a scene, with the scene's files in its feeds."""
        before = self._before(scene)
        shutil.rmtree(self.home, ignore_errors=True)
        if before is None:
            self.home.mkdir()
        else:
            shutil.copytree(before, self.home)
        self.supplier.received.clear()
        self.talk.write_text("")
        with _MASKED:
            mask = os.umask(0o077)
            deliver(scene, self.home)
            os.umask(mask)

    def _before(self, scene: Scene) -> Path | None:
        """Give a home as it is before a scene, made where it is not kept yet; None for an empty one."""
        if scene.before is None:
            return None
        self.undisturbed(scene.before)
        now = self._kept / scene.before.name
        if scene.revision is None:
            return now
        then = self._kept / f"{scene.before.name}, at {scene.revision}"
        if not then.exists():
            shutil.copytree(now, then)
            put_back(then, scene.revision)
        return then

    def undisturbed(self, scene: Scene) -> State:
        """Give the home after a scene and two restarts to which nothing happened; kept for the scenes that follow."""
        if scene.name not in self._undisturbed:
            mutant, behave = self.mutant, self.behave
            self.mutant, self.behave = None, TAKES
            self.begin(scene)
            self.must(self.job(scene))
            first, second = self.restarted(scene)
            wrong = wrong_in(scene, second, first, second, self.received, self.sent_before(scene))
            assert wrong + self.broken_promises() == []
            shutil.copytree(self.home, self._kept / scene.name)
            self._sent[scene.name] = self.sent_before(scene) | frozenset(self.received)
            self._undisturbed[scene.name] = second
            self.mutant, self.behave = mutant, behave
        return self._undisturbed[scene.name]

    def sent_before(self, scene: Scene) -> frozenset[str]:
        """Give the payloadIDs of the orders that left before a scene."""
        return frozenset() if scene.before is None else self._sent[scene.before.name]

    def points(self, scene: Scene) -> list[strace.Point]:
        """Give every point at which a scene's worker can be cut."""
        return strace.points(self.calls(scene))

    def calls(self, scene: Scene) -> list[strace.Call]:
        """Give the system calls of a scene's worker to which nothing happens."""
        self.begin(scene)
        pid = self.nursery.start(self.job(scene))
        strace.watched(pid, self.log)
        code = self.nursery.ended(pid)
        assert code == 0, self.talk.read_text()
        return strace.calls(self.log, pid)

    def cut(self, scene: Scene, inject: str, behave: Behaviour = TAKES) -> Ended:
        """Run a scene with a fault, restart twice, have doubts settled, and judge.

        The supplier behaves as told until the doubts are settled.
        """
        self.undisturbed(scene)
        self.begin(scene)
        self.behave = behave
        pid = self.nursery.start(self.job(scene))
        strace.watched(pid, self.log, inject)
        code = self.nursery.ended(pid)
        said, met_fault = self.talk.read_text(), "(INJECTED)" in self.log.read_text() or code < 0
        wrong = broken_files(self.home) + self._changed(scene)
        doubts, more = self.judged(scene)
        return Ended(code, said, met_fault, doubts, wrong + more)

    def judged(self, scene: Scene) -> tuple[int, list[str]]:
        """Restart twice, have doubts settled, and judge; gives the number of doubts, and what was wrong."""
        first, second = self.restarted(scene)
        undisturbed = self.undisturbed(scene)
        wrong = wrong_in(scene, undisturbed, first, second, self.received, self.sent_before(scene))
        wrong += broken_files(self.home) + self.broken_promises()
        doubts = len(second.doubtful)
        return doubts, wrong + (self._settled(scene) if doubts and not wrong else [])

    def restarted(self, scene: Scene) -> tuple[State, State]:
        """Restart twice, when the leases of the first worker have run out; gives the home after each."""
        states = []
        for hours in (1, 2):
            self.must(self.job(scene, scene.restart, hours_later=hours))
            states.append(self.state())
        return states[0], states[1]

    def state(self) -> State:
        """Read the home."""
        try:
            return read_state(self._settings, self._engine)
        finally:
            self._engine.dispose()

    def broken_promises(self) -> list[str]:
        """Verify the ledger."""
        try:
            return broken_promises(self._settings, self._engine)
        finally:
            self._engine.dispose()

    def must(self, job: Job) -> None:
        """Have a job done that must end well."""
        code = self.nursery.run(job)
        assert code == 0, f"{job.steps} ended with {code}: {self.talk.read_text()}"

    def _changed(self, scene: Scene) -> list[str]:
        """Say what was changed in a ledger that was only to be read."""
        if not scene.only_reads or scene.before is None:
            return []
        before, now = self.undisturbed(scene.before).tables, self.state().tables
        return [f"{name} was changed" for name in before if before[name] != now[name]]

    def _settled(self, scene: Scene) -> list[str]:
        """Have a person settle every doubt by the truth; then every order was received once."""
        self.behave = TAKES
        job = self.job(scene, ("settle_doubts", "sync"), hours_later=3, supplier_has=tuple(self.received))
        self.must(job)
        state = self.state()
        wrong = [f"after its doubt, order {one} is {at}" for one, at in state.orders.items() if at != "sent"]
        if sorted([*self.received, *self.sent_before(scene)]) != sorted(state.orders):
            wrong.append("after the doubts were settled, the supplier has not every order once")
        return wrong + self.broken_promises()


@contextmanager
def opened_lab() -> Iterator[Lab]:
    """Open a lab."""
    with (
        tempfile.TemporaryDirectory(prefix="crash-", dir=quick_folder()) as folder,
        Nursery(home_in(Path(folder))) as nursery,
    ):
        lab = Lab(Path(folder), nursery)
        with lab.supplier:
            yield lab


def home_in(folder: Path) -> Path:
    """Give the one place at which all homes of a lab take turns."""
    return folder / "home"
