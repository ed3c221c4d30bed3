"""`punchout dtd`: the official DTDs get into their folder only as what they are, and are then used."""

import io
import json
import zipfile
from pathlib import Path

import pytest

from tests.cli.homes import punchout
from tests.support.purchases import Purchase

MODULES = ("cXML.dtd", "Fulfill.dtd", "InvoiceDetail.dtd")


def zipped(path: Path, files: dict[str, bytes]) -> Path:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    path.write_bytes(made.getvalue())
    return path


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    assert punchout("init", "--home", str(folder)).returncode == 0
    return folder


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """An archive of modules that are DTDs, and not as published."""
    return zipped(tmp_path / "small.zip", {**dict.fromkeys(MODULES, b"<!ELEMENT cXML EMPTY>"), "LICENSE.txt": b"terms"})


def test_nothing_is_installed_to_begin_with_and_that_is_all_right(home: Path) -> None:
    done = punchout("dtd", "ls", "--json", PUNCHOUT_HOME=str(home))
    assert json.loads(done.stdout)["files"] == []
    assert "punchout dtd install" in done.stderr
    checks = json.loads(punchout("doctor", "--json", PUNCHOUT_HOME=str(home)).stdout)["checks"]
    assert {check["name"]: check["state"] for check in checks}["dtd"] == "ok"


def test_what_is_not_as_published_is_installed_and_said(home: Path, small: Path) -> None:
    done = punchout("dtd", "install", str(small), PUNCHOUT_HOME=str(home))
    assert done.returncode == 0
    assert "of no release that is known: Fulfill.dtd, InvoiceDetail.dtd, cXML.dtd" in done.stderr
    assert sorted(path.name for path in (home / "dtd").iterdir()) == sorted([*MODULES, "LICENSE.txt"])
    checks = json.loads(punchout("doctor", "--json", PUNCHOUT_HOME=str(home)).stdout)["checks"]
    assert {check["name"]: check["state"] for check in checks}["dtd"] == "warn"


@pytest.mark.parametrize("content", [b"no zip", None])
def test_what_is_no_archive_is_refused_in_words_and_installs_nothing(
    home: Path, tmp_path: Path, content: bytes | None
) -> None:
    archive = tmp_path / "a.zip"
    if content is not None:
        archive.write_bytes(content)
    done = punchout("dtd", "install", str(archive), PUNCHOUT_HOME=str(home))
    assert (done.returncode, done.stdout) == (2, "")
    assert str(archive) in done.stderr
    assert not (home / "dtd").exists()


def test_a_document_is_held_against_what_is_installed(home: Path, small: Path, tmp_path: Path) -> None:
    punchout("dtd", "install", str(small), PUNCHOUT_HOME=str(home))
    document = tmp_path / "invoice.xml"
    document.write_bytes(Purchase().invoice("INV1", (1, "3")).data)
    shown = json.loads(punchout("inspect", "--dtd", "--json", str(document), PUNCHOUT_HOME=str(home)).stdout)
    assert shown["verdict"] == "accepted"
    assert shown["dtd"] == {"module": "InvoiceDetail.dtd", "valid": False}
    assert any(note["detail"].startswith("InvoiceDetail.dtd: ") for note in shown["notes"])
    assert (
        "not valid by InvoiceDetail.dtd" in punchout("inspect", "--dtd", str(document), PUNCHOUT_HOME=str(home)).stdout
    )


def test_the_official_archive_is_known_and_every_sample_but_one_is_valid_by_it(
    home: Path, tmp_path: Path, test_data: Path
) -> None:
    files = {f"cXML/{path.name}": path.read_bytes() for path in (test_data / "dtd").iterdir()}
    archive = zipped(tmp_path / "official.zip", files)
    done = punchout("dtd", "install", "--json", str(archive), PUNCHOUT_HOME=str(home))
    assert (done.returncode, done.stderr) == (0, "")
    found = json.loads(done.stdout)
    assert found["missing"] == []
    assert all(file["is_published"] == file["name"].endswith(".dtd") for file in found["files"])
    samples = sorted(map(str, (test_data / "samples").glob("*.xml")))
    lines = punchout("inspect", "--dtd", "--json", *samples, PUNCHOUT_HOME=str(home)).stdout.splitlines()
    assert [Path(one["file"]).name[:2] for one in map(json.loads, lines) if not one["dtd"]["valid"]] == ["90"]
    checks = json.loads(punchout("doctor", "--json", PUNCHOUT_HOME=str(home)).stdout)["checks"]
    assert {check["name"]: check["state"] for check in checks}["dtd"] == "ok"


def test_a_dry_run_checks_the_archive_and_unpacks_nothing(home: Path, small: Path, tmp_path: Path) -> None:
    foretold = punchout("dtd", "install", str(small), "--dry-run", "--json", PUNCHOUT_HOME=str(home))
    assert (foretold.returncode, (home / "dtd").exists()) == (0, False)
    happened = punchout("dtd", "install", str(small), "--json", PUNCHOUT_HOME=str(home))
    assert json.loads(foretold.stdout) == json.loads(happened.stdout)
    empty = zipped(tmp_path / "empty.zip", {})
    assert punchout("dtd", "install", str(empty), "--dry-run", PUNCHOUT_HOME=str(home)).returncode == 2
