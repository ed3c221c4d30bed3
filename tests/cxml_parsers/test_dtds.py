"""Validation by the DTD of the kind, and an archive that is unpacked no further than it must be."""

import io
import zipfile
from pathlib import Path

import pytest
from lxml import etree

from cxml_parsers.dtd_archive import install, installed
from cxml_parsers.dtds import DtdShelf, module_of, shelf_of
from cxml_parsers.reader import read
from punchout.model.codes import Code
from punchout.model.unreadable import Refused
from tests.cxml_parsers.documents import FULL_CONFIRMATION, request

LICENCE = "LICENSE-cXML.txt"
MODULES = ("cXML.dtd", "Fulfill.dtd", "InvoiceDetail.dtd")


def archive(files: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in files.items():
            zipped.writestr(name, content)
    return made.getvalue()


def small(**changed: bytes) -> dict[str, bytes]:
    return {**dict.fromkeys(MODULES, b"<!ELEMENT cXML ANY>"), LICENCE: b"terms", **changed}


@pytest.fixture(scope="session")
def shelf(test_data: Path) -> DtdShelf:
    return DtdShelf(test_data / "dtd")


def test_every_sample_but_the_one_of_2015_is_valid(shelf: DtdShelf, test_data: Path) -> None:
    invalid = {path.name[:2] for path in (test_data / "samples").glob("*.xml") if shelf.validate(path.read_bytes())}
    assert invalid == {"90"}


def test_a_finding_says_where_and_by_which_module(shelf: DtdShelf) -> None:
    finding = shelf.validate(request('<ConfirmationRequest><OrderReference orderID="1"/></ConfirmationRequest>'))[0]
    assert finding.code == Code.STRUCT_DEVIATION
    assert finding.where == "/cXML/Request/ConfirmationRequest"
    assert finding.detail.startswith("Fulfill.dtd: ")


def test_a_document_that_breaks_the_dtd_is_read_all_the_same(shelf: DtdShelf) -> None:
    data = FULL_CONFIRMATION.replace(b"<UserAgent>", b"<Agent>").replace(b"</UserAgent>", b"</Agent>")
    assert shelf.validate(data)
    assert read(data).accepted


@pytest.mark.parametrize(
    ("inner", "module"),
    [
        ("<Request><ShipNoticeRequest/></Request>", "Fulfill.dtd"),
        ("<Request><InvoiceDetailRequest/></Request>", "InvoiceDetail.dtd"),
        ("<Message><PunchOutOrderMessage/></Message>", "cXML.dtd"),
        ("<Response><Status/></Response>", "cXML.dtd"),
    ],
)
def test_the_kind_chooses_the_module_and_not_the_doctype(inner: str, module: str) -> None:
    text = f'<!DOCTYPE cXML SYSTEM "file:///etc/passwd"><cXML>{inner}</cXML>'
    assert module_of(etree.fromstring(text)) == module


def test_without_the_dtds_there_is_nothing_to_say(tmp_path: Path) -> None:
    assert DtdShelf(tmp_path).validate(FULL_CONFIRMATION) == ()


def test_the_official_archive_is_unpacked_and_validates(test_data: Path, tmp_path: Path) -> None:
    files = {f"cXML/1.2.071/{path.name}": path.read_bytes() for path in (test_data / "dtd").iterdir()}
    found = install(archive(files), tmp_path / "dtd")
    assert (found.missing, found.unpublished, found.versions, found.is_usable) == ((), (), ("1.2.071",), True)
    names = {file.name for file in found.files}
    assert LICENCE in names
    assert "SHA256SUMS" not in names
    assert installed(tmp_path / "dtd") == found
    sample = next((test_data / "samples").glob("04*.xml")).read_bytes()
    assert DtdShelf(tmp_path / "dtd").validate(sample) == ()


def test_no_path_of_an_archive_leads_out_of_the_folder(tmp_path: Path) -> None:
    hostile = {"../../Quote.dtd": b"<!ELEMENT a ANY>", "/etc/passwd": b"x", "..\\evil.exe": b"x", "a/b/run.sh": b"x"}
    folder = tmp_path / "in" / "dtd"
    names = {file.name for file in install(archive({**small(), **hostile}), folder).files}
    assert names == {*MODULES, LICENCE, "Quote.dtd"}
    assert {path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file()} == {
        Path("in/dtd") / name for name in names
    }


@pytest.mark.parametrize(
    "data",
    [
        b"no zip at all",
        archive({LICENCE: b"x", "cXML.dtd": b"<!ELEMENT cXML ANY>"}),
        archive(dict.fromkeys(MODULES, b"<!ELEMENT cXML ANY>")),
        archive(small(**{"cXML.dtd": b"<html>not found</html>"})),
        archive(small(**{"cXML.dtd": b'<!ENTITY % x SYSTEM "file:///etc/passwd"> %x;'})),
        archive(small(**{"a/cXML.dtd": b"<!ELEMENT cXML ANY>"})),
        archive(small(**{"Quote.dtd": b" " * (11 * 1024 * 1024)})),
        archive({**small(), **{f"f{n}": b"" for n in range(300)}}),
        archive(small())[:-30],
    ],
    ids=["no zip", "modules missing", "no licence", "html", "external", "twice", "large", "many", "cut off"],
)
def test_an_archive_that_is_not_what_it_should_be_installs_nothing(data: bytes, tmp_path: Path) -> None:
    with pytest.raises(Refused):
        install(data, tmp_path / "dtd")
    assert not (tmp_path / "dtd").exists()


def test_a_folder_tells_what_it_lacks_and_what_is_not_as_published(tmp_path: Path) -> None:
    found = install(archive(small()), tmp_path)
    assert found.unpublished == tuple(sorted(MODULES))
    assert found.versions == ()
    assert "Quote.dtd" in found.missing
    (tmp_path / "cXML.dtd").unlink()
    (tmp_path / "other.txt").write_text("not ours")
    left = installed(tmp_path)
    assert {file.name for file in left.files} == {"Fulfill.dtd", "InvoiceDetail.dtd", LICENCE}
    assert not left.is_usable
    assert not installed(tmp_path / "nowhere").is_usable


def test_a_dtd_is_loaded_once(tmp_path: Path) -> None:
    install(archive(small(**{"Fulfill.dtd": b"<!ELEMENT cXML EMPTY>"})), tmp_path)
    before = shelf_of(tmp_path).validate(FULL_CONFIRMATION)
    assert before
    for path in tmp_path.iterdir():
        path.unlink()
    assert shelf_of(tmp_path).validate(FULL_CONFIRMATION) == before


def test_a_file_in_the_folder_that_is_no_dtd_is_named(tmp_path: Path) -> None:
    (tmp_path / "Fulfill.dtd").write_bytes(b'<!ENTITY % x SYSTEM "file:///etc/passwd"> %x;')
    with pytest.raises(Refused, match=r"Fulfill\.dtd refers to another file"):
        DtdShelf(tmp_path).validate(FULL_CONFIRMATION)
