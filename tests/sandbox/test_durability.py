"""What survives a kill, what a seed decides, and what delivering again does."""

import json
import subprocess
from collections import Counter
from pathlib import Path

import httpx
import pytest

from punchout.sandbox.scenarios import ROUNDS
from tests.sandbox.buyer import FEEDS, ROOT, PerfectBuyer, RunningSandbox
from tests.sandbox.conftest import Played


def delivered(sandbox: RunningSandbox) -> dict[str, bytes]:
    return {f"{feed}/{name}": body for feed in FEEDS[:3] for name, body in sandbox.files(feed).items()}


def test_a_kill_in_the_middle_of_the_script_loses_nothing(tmp_path: Path, played: Played) -> None:
    sandbox = RunningSandbox(tmp_path)
    sandbox.start()
    buyer = PerfectBuyer(sandbox)
    buyer.play(3)
    sandbox.stop()
    sandbox.start()
    assert sandbox.ready["round"] == 3
    outcome = buyer.play(5)
    last = sandbox.files("cxml-drop")
    sandbox.stop()
    assert outcome["last"]
    assert last == played.documents()


def test_files_that_a_kill_kept_back_go_out_on_the_next_start(tmp_path: Path) -> None:
    with RunningSandbox(tmp_path) as sandbox:
        sandbox.advance()
        before = delivered(sandbox)
    for feed in FEEDS[:3]:
        for path in (tmp_path / feed).iterdir():
            path.unlink()
    state_path = tmp_path / "home" / "state.json"
    state = json.loads(state_path.read_text())
    state_path.write_text(json.dumps(state | {"pending": list(range(len(state["sent"])))}))
    with RunningSandbox(tmp_path) as sandbox:
        assert delivered(sandbox) == before


def test_equal_seeds_give_equal_bytes_and_other_seeds_other_identifiers(tmp_path: Path) -> None:
    files, stages = [], []
    for at, seed in enumerate((1, 1, 2)):
        with RunningSandbox(tmp_path / str(at), seed=seed) as sandbox:
            PerfectBuyer(sandbox).play(4)
            files.append(delivered(sandbox))
            stages.append([row["stage"] for row in sandbox.get("expected")["requests"]])
    assert files[0] == files[1]
    assert cxml(files[0]).isdisjoint(cxml(files[2]))
    assert stages[0] == stages[2]


def cxml(files: dict[str, bytes]) -> set[bytes]:
    return {body for body in files.values() if b"<cXML" in body}


def test_asking_for_the_current_round_again_repeats_the_answer(sandbox: RunningSandbox) -> None:
    first = sandbox.advance(1)
    assert sandbox.advance(1) == first
    assert sandbox.get("expected")["as_of"] == ROUNDS[0]


@pytest.mark.parametrize("wanted", [0, 3])
def test_a_round_out_of_turn_is_refused(sandbox: RunningSandbox, wanted: int) -> None:
    sandbox.advance(1)
    with pytest.raises(httpx.HTTPStatusError, match="409"):
        sandbox.advance(wanted)


def test_after_the_last_round_advancing_changes_nothing(sandbox: RunningSandbox) -> None:
    last = [sandbox.advance() for _ in ROUNDS][-1]
    before, tables = delivered(sandbox), sandbox.get("business-central")
    ended = sandbox.advance()
    assert (last["last"], last["done"], ended["done"], ended["as_of"]) == (True, False, True, ROUNDS[-1])
    assert (delivered(sandbox), sandbox.get("business-central")) == (before, tables)


def test_redelivery_repeats_every_byte_under_new_names(sandbox: RunningSandbox) -> None:
    PerfectBuyer(sandbox).play(len(ROUNDS))
    before = delivered(sandbox)
    answer = sandbox.redeliver()
    after = delivered(sandbox)
    new = {name: body for name, body in after.items() if name not in before}
    csv_round = {name for name, body in before.items() if ".csv" in name or ".manifest." in name}
    assert Counter(new.values()) == Counter(body for name, body in before.items() if name not in csv_round)
    assert answer["documents"] == len([name for name in new if name.startswith("cxml-drop/")])
    assert answer["as_of"] == ROUNDS[-1]


def test_csv_exports_come_again_under_the_names_of_their_manifest(sandbox: RunningSandbox) -> None:
    PerfectBuyer(sandbox).play(3)
    folder = sandbox.folder / "bc-orders"
    before = sandbox.files("bc-orders", "*.csv")
    for path in folder.iterdir():
        path.unlink()
    sandbox.redeliver()
    assert sandbox.files("bc-orders", "*.csv") == before


def test_no_part_of_a_file_is_left_behind(sandbox: RunningSandbox) -> None:
    sandbox.advance()
    assert list(sandbox.folder.rglob("*.part")) == []


def test_two_sandboxes_cannot_share_a_home(sandbox: RunningSandbox) -> None:
    second = subprocess.run(sandbox.arguments(), cwd=ROOT, capture_output=True, text=True, timeout=30, check=False)
    assert (second.returncode, second.stdout) == (2, "")


def test_a_home_belongs_to_one_seed(tmp_path: Path) -> None:
    with RunningSandbox(tmp_path, seed=1) as sandbox:
        sandbox.advance()
    other = RunningSandbox(tmp_path, seed=2).arguments()
    second = subprocess.run(other, cwd=ROOT, capture_output=True, text=True, timeout=30, check=False)
    assert (second.returncode, "seed 1" in second.stderr) == (2, True)


def test_an_unknown_address_is_not_found(sandbox: RunningSandbox) -> None:
    assert httpx.get(f"http://127.0.0.1:{sandbox.ready['port']}/secrets", trust_env=False).status_code == 404
    health = httpx.get(f"http://127.0.0.1:{sandbox.ready['port']}/healthz", trust_env=False).json()
    assert health == {"ok": True, "seed": 7, "round": 0, "rounds": 8}
