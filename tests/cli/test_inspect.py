"""`punchout inspect`: reads without storing, needs nothing, and survives whatever it is given."""

import base64
import json
from pathlib import Path
from urllib.parse import quote_plus, urlencode

import pytest

from tests.cli.homes import punchout, run
from tests.support.purchases import SECRET, Purchase

INVOICE = Purchase().invoice("INV1", (1, "3"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with an invoice, and below it a page that is no cXML."""
    made = tmp_path / "documents"
    (made / "inner").mkdir(parents=True)
    (made / "invoice.xml").write_bytes(INVOICE.data)
    (made / "inner" / "page.html").write_text("<html><body>Service Unavailable</body></html>")
    return made


def test_each_document_is_one_json_object_a_line(folder: Path) -> None:
    lines = run("inspect", "--json", str(folder)).stdout.splitlines()
    shown = [json.loads(line) for line in lines]
    assert [(Path(one["file"]).name, one["kind"], one["verdict"], one["reason"]) for one in shown] == [
        ("invoice.xml", "InvoiceDetailRequest", "accepted", None),
        ("page.html", None, "quarantined", "XML_REJECTED"),
    ]


def test_a_refused_document_is_an_answer_and_no_failure(folder: Path) -> None:
    assert run("inspect", str(folder / "inner" / "page.html")).exit_code == 0


def test_it_runs_where_nothing_is_set_up_and_writes_nothing(folder: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    done = punchout("inspect", "--json", str(folder), cwd=empty, PUNCHOUT_CONFIG="/nowhere/punchout.toml")
    assert done.returncode == 0
    assert list(empty.iterdir()) == []


def test_a_document_is_read_from_standard_input() -> None:
    shown = json.loads(run("inspect", "--json", "-", stdin=INVOICE.data.decode()).stdout)
    assert (shown["file"], shown["ids"]["invoice_id"]) == ("<stdin>", "INV1")


def test_a_file_that_cannot_be_read_stops_none_of_the_others(folder: Path) -> None:
    result = run("inspect", "--json", str(folder / "missing.xml"), str(folder / "invoice.xml"))
    assert result.exit_code == 2
    assert "missing.xml cannot be read" in result.stderr
    assert json.loads(result.stdout)["verdict"] == "accepted"


def test_people_see_lines_and_totals_and_no_secret(folder: Path) -> None:
    shown = run("inspect", str(folder / "invoice.xml")).stdout
    assert "InvoiceDetailRequest, accepted" in shown
    assert "INV1" in shown
    assert SECRET not in shown


def test_a_summary_counts_over_all_files(folder: Path) -> None:
    counted = json.loads(run("inspect", "--summary", "--json", str(folder)).stdout)
    assert counted["files"] == 2
    assert counted["verdicts"] == {"accepted": 1, "quarantined": 1}
    assert counted["reasons"] == {"XML_REJECTED": 1}
    assert counted["unread"]["/cXML/Header/Sender/Credential/SharedSecret"] == 1


def test_a_summary_is_drawn_for_people(folder: Path) -> None:
    shown = run("inspect", "--summary", str(folder)).stdout
    assert "2 files" in shown
    assert "XML_REJECTED" in shown


@pytest.mark.parametrize(
    "wrapped",
    [
        b"cXML-urlencoded=" + quote_plus(INVOICE.data).encode(),
        urlencode({"x": "1", "cxml-base64": base64.b64encode(INVOICE.data)}).encode(),
        b"--b0\r\nContent-Type: text/xml\r\n\r\n" + INVOICE.data + b"\r\n--b0--\r\n",
    ],
    ids=["urlencoded", "base64", "multipart"],
)
def test_a_document_in_its_wrapper_is_read_as_it_is(wrapped: bytes, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "wrapped").write_bytes(wrapped)
    shown, plain = (
        json.loads(run("inspect", "--json", str(path)).stdout)
        for path in (tmp_path / "wrapped", folder / "invoice.xml")
    )
    assert {**shown, "file": None} == {**plain, "file": None}


def test_without_the_dtds_nothing_is_held_against_them(folder: Path, tmp_path: Path) -> None:
    done = punchout("inspect", "--dtd", str(folder), PUNCHOUT_HOME=str(tmp_path / "home"))
    assert done.returncode == 3
    assert "punchout dtd install" in done.stderr


def test_text_of_a_document_cannot_steer_the_terminal(tmp_path: Path) -> None:
    document = tmp_path / "steering.xml"
    document.write_bytes(INVOICE.data.replace(b"INV1", b"INV\xc2\x9b31m[bold]"))
    shown = run("inspect", str(document)).stdout
    assert "\x9b" not in shown
    assert "INV\\x9b31m[bold]" in shown


def test_every_shared_sample_is_shown_in_the_normative_shape(test_data: Path) -> None:
    files = sorted((test_data / "samples").iterdir())
    lines = run("inspect", "--json", *map(str, files)).stdout.splitlines()
    shown = [json.loads(line) for line in lines]
    assert len(shown) == len(files)
    assert {key for one in shown for key in one} >= {"file", "kind", "verdict", "ids", "lines", "totals", "unread"}


def test_the_documents_of_others_are_summed_up(test_data: Path) -> None:
    folder = test_data / "corpus"
    documents = sorted(folder.rglob("*.xml"))
    counted = json.loads(run("inspect", "--summary", "--json", *map(str, documents)).stdout)
    assert counted["documents"] == len(documents) == 106
    assert counted["verdicts"] == {"accepted": 68, "quarantined": 38}
    assert set(counted["reasons"]) == {"DOC_UNSUPPORTED", "STRUCT_INVALID", "TS_INVALID", "XML_REJECTED"}
    assert sum(counted["by_kind"]["PunchOutOrderMessage"].values()) == counted["kinds"]["PunchOutOrderMessage"] == 14


def test_no_attack_gets_an_exception_out_of_it(test_data: Path) -> None:
    counted = json.loads(run("inspect", "--summary", "--json", str(test_data / "attacks")).stdout)
    assert counted["files"] > 10
