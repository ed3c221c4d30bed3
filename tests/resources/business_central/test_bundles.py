"""Which files of a feed are one export, when it is complete, and what is removed with it."""

import hashlib
import json
from pathlib import Path

import pytest

from resources.business_central.bundles import Bundle, bundles, fetch_bundle, remove_fetched
from resources.business_central.exports import read_export
from resources.local_folder import LocalFolder
from resources.mailbox import EntryTooLarge
from tests.support.bc_exports import REQUEST, as_csv, as_json

LIMIT = 1_000_000


def found(folder: Path) -> list[Bundle]:
    mailbox = LocalFolder(folder)
    return list(bundles(mailbox, mailbox.settled()))


def names_of(folder: Path) -> list[list[str]]:
    return [[bundle.document.name, *(part.entry.name for part in bundle.parts)] for bundle in found(folder)]


def put_csv(folder: Path) -> None:
    manifest, parts = as_csv(REQUEST)
    stated = {file["sha256"]: file["name"] for file in json.loads(manifest)["files"]}
    for sha256, body in parts.items():
        (folder / stated[sha256]).write_bytes(body)
    (folder / "x.manifest.json").write_bytes(manifest)


def left(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_json_export_stands_alone(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(as_json(REQUEST))
    assert names_of(tmp_path) == [["a.json"]]


def test_a_manifest_comes_with_its_files(tmp_path: Path) -> None:
    put_csv(tmp_path)
    (bundle,) = found(tmp_path)
    fetched = fetch_bundle(LocalFolder(tmp_path), bundle, LIMIT)
    assert read_export("bc_requests", fetched.data, fetched.parts).rows[0].number == "PR0001"


@pytest.mark.parametrize("missing", ["x.csv", "x-lines.csv"])
def test_a_manifest_waits_for_its_files(tmp_path: Path, missing: str) -> None:
    put_csv(tmp_path)
    (tmp_path / missing).unlink()
    assert names_of(tmp_path) == []


def test_csv_files_wait_for_their_manifest(tmp_path: Path) -> None:
    put_csv(tmp_path)
    (tmp_path / "x.manifest.json").unlink()
    assert names_of(tmp_path) == []


def test_a_manifest_that_vanished_since_it_was_listed_is_passed_over(tmp_path: Path) -> None:
    put_csv(tmp_path)
    mailbox = LocalFolder(tmp_path)
    entries = mailbox.list_settled(10)
    (tmp_path / "x.manifest.json").unlink()
    assert list(bundles(mailbox, entries)) == []


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b'{"files": [{"name": "../../etc/passwd"}]}', b"x" * 70_000])
def test_a_manifest_that_cannot_be_understood_does_not_wait(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.manifest.json").write_bytes(content)
    assert names_of(tmp_path) == [["x.manifest.json"]]


def test_a_manifest_cannot_claim_the_document_of_another_export(tmp_path: Path) -> None:
    put_csv(tmp_path)
    other = as_json(REQUEST)
    (tmp_path / "other.json").write_bytes(other)
    manifest = json.loads((tmp_path / "x.manifest.json").read_bytes())
    manifest["files"][0] |= {"name": "other.json", "sha256": hashlib.sha256(other).hexdigest()}
    (tmp_path / "x.manifest.json").write_text(json.dumps(manifest))
    assert names_of(tmp_path) == [["other.json"], ["x.manifest.json"]]


def test_a_file_of_any_other_name_is_taken_and_left_to_the_reader(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_bytes(b"hello")
    assert names_of(tmp_path) == [["notes.txt"]]


def test_a_committed_export_is_removed_whole(tmp_path: Path) -> None:
    put_csv(tmp_path)
    mailbox = LocalFolder(tmp_path)
    remove_fetched(mailbox, fetch_bundle(mailbox, found(tmp_path)[0], LIMIT))
    assert left(tmp_path) == set()


def test_a_csv_file_of_the_next_export_is_neither_read_nor_removed(tmp_path: Path) -> None:
    put_csv(tmp_path)
    (tmp_path / "x.csv").write_bytes(b"the next export's headers\n")
    mailbox = LocalFolder(tmp_path)
    fetched = fetch_bundle(mailbox, found(tmp_path)[0], LIMIT)
    remove_fetched(mailbox, fetched)
    assert [b"next" in body for body in fetched.parts.values()] == [False]
    assert left(tmp_path) == {"x.csv"}


def test_a_bundle_with_a_file_above_the_limit_is_not_read(tmp_path: Path) -> None:
    put_csv(tmp_path)
    with pytest.raises(EntryTooLarge):
        fetch_bundle(LocalFolder(tmp_path), found(tmp_path)[0], 100)
