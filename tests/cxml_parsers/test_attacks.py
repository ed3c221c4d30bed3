"""Every attack, the large ones too, read in a process of its own: refused or harmless, quickly, in little memory."""

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from punchout.model.codes import Code
from tests.cxml_parsers.documents import confirmation
from tests.cxml_parsers.test_guard import HARMLESS

ROOT = Path(__file__).parents[2]
MOST_SECONDS = 2
MOST_MEGABYTES = 300
# A text of nine million characters, or a root of a hundred thousand attributes, is XML and no cXML that could be used.
LARGE_AND_HARMLESS = {"37_attrs_100k", "3c_text_9MB_ok"}


class Listener:
    """A port on which nobody should knock."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self.knocks = 0
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.knocks += 1
            connection.close()

    def close(self) -> None:
        """Stop listening."""
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()


def read_alone(paths: list[Path]) -> dict[str, dict[str, Any]]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.reading_alone", *map(str, paths)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=100,
    )
    return {said["file"]: said for said in map(json.loads, done.stdout.splitlines())}


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    made = Listener()
    yield made
    made.close()


@pytest.fixture(scope="module")
def outcomes(test_data: Path, listener: Listener, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("attacks")
    canary = folder / "canary"
    # Whoever opens it waits until somebody writes, which nobody does: reading it cannot go unseen.
    os.mkfifo(canary)
    made = folder / "made"
    script = test_data / "attacks" / "make_attacks.py"
    subprocess.run([sys.executable, script, made, "--port", str(listener.port), "--canary", canary], check=True)
    return read_alone(sorted(made.glob("*.xml")))


@pytest.mark.slow
def test_every_attack_is_refused_or_harmless_and_the_controls_are_read(outcomes: dict[str, Any]) -> None:
    assert len(outcomes) > 70
    assert {name for name, said in outcomes.items() if "status" in said} == set()
    reasons = {Path(name).stem: said["reason"] for name, said in outcomes.items()}
    harmless = {name for name, reason in reasons.items() if reason != Code.XML_REJECTED}
    controls = {name for name in reasons if name.startswith("00_ok")}
    # The controls are XML and no cXML that could be used.
    assert harmless == HARMLESS | LARGE_AND_HARMLESS | controls
    assert {reasons[name] for name in harmless} == {Code.STRUCT_INVALID}


@pytest.mark.slow
def test_no_attack_takes_two_seconds_or_300_megabytes(outcomes: dict[str, Any]) -> None:
    assert {name: said for name, said in outcomes.items() if said["cpu_seconds"] >= MOST_SECONDS} == {}
    assert {name: said for name, said in outcomes.items() if said["peak_megabytes"] >= MOST_MEGABYTES} == {}


@pytest.mark.slow
def test_no_attack_brings_anything_in_or_calls_anybody(outcomes: dict[str, Any], listener: Listener) -> None:
    assert listener.knocks == 0
    assert [name for name, said in outcomes.items() if "CANARY" in said["text"]] == []


@pytest.mark.slow
def test_a_flood_of_what_deviates_stays_within_the_same_bounds(tmp_path: Path) -> None:
    status = '<ConfirmationStatus quantity="1" type="accept" deliveryDate="x" {}><UnitOfMeasure>EA</UnitOfMeasure>'
    floods = {
        "unreadable": "</ConfirmationStatus>" + status.format(""),
        "unknown": "<x{0} y{0}='1'>text</x{0}>",
        "comments": "<Comments type='confirmID'>1</Comments>",
        "extrinsics": "<Extrinsic/>",
        "texts": "t<Comments>c</Comments>",
    }
    paths = []
    for name, flood in floods.items():
        paths.append(tmp_path / f"{name}.xml")
        many = "".join(flood.format(n) if "{0}" in flood else flood for n in range(40_000))
        paths[-1].write_bytes(confirmation(item=many))
    paths.append(tmp_path / "headers.xml")
    paths[-1].write_bytes(confirmation().replace(b"<Request ", b"<Header><x/></Header>t" * 30_000 + b"<Request "))
    outcomes = read_alone(paths)
    assert {name: said for name, said in outcomes.items() if "status" in said} == {}
    assert {name: said["cpu_seconds"] for name, said in outcomes.items() if said["cpu_seconds"] >= MOST_SECONDS} == {}
    assert {name: said for name, said in outcomes.items() if said["peak_megabytes"] >= MOST_MEGABYTES} == {}
