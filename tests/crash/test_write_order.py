"""The order of writing: whatever the product builds upon is on the disk before."""

import pytest

from tests.crash.lab import Lab
from tests.crash.scenes import ARCHIVED, SCENES, SENDING, Scene
from tests.crash.write_order import wrong_order

# A busy machine takes its time.
pytestmark = [pytest.mark.crash, pytest.mark.timeout(900)]


@pytest.mark.parametrize("scene", SCENES, ids=str)
def test_a_power_cut_takes_nothing_that_was_built_upon(scene: Scene, labs: list[Lab]) -> None:
    assert wrong_order(labs[0].calls(scene), str(labs[0].home)) == []


@pytest.mark.parametrize("scene", SENDING, ids=str)
def test_the_calls_of_a_scene_tell_of_all_that_the_order_is_about(scene: Scene, labs: list[Lab]) -> None:
    made = labs[0].calls(scene)
    paths = {call.name: [other.text for other in made if other.name == call.name] for call in made}
    assert any("-wal>" in text for text in paths["fdatasync"])
    assert any("/inbox/" in text for text in paths["unlinkat"])
    assert any("/bc-updates>" in text for text in paths["renameat"])
    assert any("/reports>" in text for text in paths["renameat"])
    assert len(paths["sendto"]) > 0


def test_a_large_document_is_in_the_archive_before_the_ledger_has_it_and_its_file_goes(labs: list[Lab]) -> None:
    told = [(call.name, call.text) for call in labs[0].calls(ARCHIVED)]
    archived = [at for at, (name, text) in enumerate(told) if name == "rename" and ".zlib" in text]
    removed = [at for at, (name, text) in enumerate(told) if name == "unlinkat" and "/inbox/" in text]
    committed = [at for at, (name, text) in enumerate(told) if name == "fdatasync" and "-wal>" in text]
    assert (len(archived), len(removed)) == (2, 2)
    assert any(max(archived) < at < min(removed) for at in committed)
