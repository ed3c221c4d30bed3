"""The documents of the crowd: valid where that is intended, and each accident what it claims to be."""

import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from lxml import etree

from punchout.sandbox.catalogue import Catalogue
from punchout.sandbox.identifiers import Identifiers
from punchout.sandbox.plan import Accident, Invoice, Request, Script, Shipment, document_key, utc
from punchout.sandbox.rewriting import rewritten
from tests.sandbox.conftest import Played

BROKEN = ("page", "truncated", "entity")


def file_name(key: str) -> str:
    """Return the name under which the sandbox of seed 7 sends a document."""
    return f"amazon-{Identifiers(7).hexadecimal('file', key, length=12)}.xml"


def genuine(played: Played, number: str, index: int) -> bytes:
    return played.documents()[file_name(document_key(number, index))]


def accidents(played: Played, script: Script, kind: str) -> Iterator[tuple[Accident, bytes, bytes]]:
    """Yield accidents with their bytes and those of the document they are made from."""
    for accident in script.accidents:
        if accident.kind == kind and accident.of:
            yield accident, played.documents()[file_name(f"accident {accident.key}")], genuine(played, *accident.of)


def players(script: Script, name: str) -> list[Request]:
    return [request for request in script.requests if request.about == name]


def body_of(document: bytes) -> bytes:
    """Return the exclusive canonical form of a document's Request."""
    request = etree.fromstring(document).find("Request")
    assert request is not None
    return etree.tostring(request, method="c14n", exclusive=True)


def find(document: bytes, path: str) -> etree._Element:
    found = etree.fromstring(document).find(path)
    assert found is not None
    return found


def test_everything_but_what_is_broken_is_valid_against_the_official_dtd(crowd_played: Played, crowd: Script) -> None:
    folder = os.environ.get("PUNCHOUT_TEST_DATA")
    if not folder:
        pytest.skip("PUNCHOUT_TEST_DATA is not set: the DTDs are not here")
    dtds: dict[str, etree.DTD] = {}
    broken = {file_name(f"accident {item.key}") for item in crowd.accidents if item.kind in BROKEN}
    checked = 0
    for name, body in crowd_played.documents().items():
        module = re.search(rb"/1\.2\.024/(\w+)\.dtd", body)
        if name in broken:
            continue
        assert module is not None
        kind = module[1].decode()
        dtd = dtds.setdefault(kind, etree.DTD(str(Path(folder) / "dtd" / f"{kind}.dtd")))
        assert dtd.validate(etree.fromstring(body)), (name, dtd.error_log)
        checked += 1
    assert checked > 700
    assert sorted(dtds) == ["Fulfill", "InvoiceDetail", "cXML"]


def test_a_re_serialised_duplicate_has_other_bytes_and_the_same_canonical_body(
    crowd_played: Played, crowd: Script
) -> None:
    found = list(accidents(crowd_played, crowd, "rewritten"))
    assert len(found) >= 3
    for _, again, first in found:
        assert again != first
        assert body_of(again) == body_of(first)
        assert etree.fromstring(again).get("payloadID") == etree.fromstring(first).get("payloadID")
        assert (b'="' in first, b'="' in again, b"='" in again) == (True, False, True)


def test_rewriting_levels_nothing_but_what_canonicalisation_levels() -> None:
    first = (
        b'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE cXML SYSTEM "x">'
        b'<cXML b="1" a="&lt;&#39;&amp;"><Request>'
        b'<X/> two  <Y xml:lang="en">caf\xc3\xa9 &amp; &lt;tea&gt;</Y>\n</Request></cXML>'
    )
    again = rewritten(first)
    assert body_of(first) == body_of(again)
    assert etree.fromstring(first).attrib == etree.fromstring(again).attrib
    assert (b"<X/>" in again, b"caf&#233;" in again) == (False, True)


def test_a_duplicate_is_identical(crowd_played: Played, crowd: Script) -> None:
    found = list(accidents(crowd_played, crowd, "twice"))
    assert len(found) >= 3
    assert all(again == first for _, again, first in found)


def test_a_conflict_uses_the_shipment_id_for_another_body_under_its_own_payload_id(
    crowd_played: Played, crowd: Script
) -> None:
    path = "Request/ShipNoticeRequest/ShipNoticeHeader"
    found = list(accidents(crowd_played, crowd, "conflict"))
    assert len(found) >= 3
    for _, other, first in found:
        assert find(other, path).get("shipmentID") == find(first, path).get("shipmentID")
        assert find(other, path).get("operation") == "new"
        assert etree.fromstring(other).get("payloadID") != etree.fromstring(first).get("payloadID")
        assert body_of(other) != body_of(first)


def test_a_forgery_uses_the_payload_id_for_another_shipment(crowd_played: Played, crowd: Script) -> None:
    path = "Request/ShipNoticeRequest/ShipNoticeHeader"
    found = list(accidents(crowd_played, crowd, "forged"))
    assert len(found) >= 3
    for _, other, first in found:
        assert etree.fromstring(other).get("payloadID") == etree.fromstring(first).get("payloadID")
        assert find(other, path).get("shipmentID") != find(first, path).get("shipmentID")


def test_a_test_document_is_a_ship_notice_of_its_own_in_the_other_mode(crowd_played: Played, crowd: Script) -> None:
    path = "Request/ShipNoticeRequest/ShipNoticeHeader"
    found = list(accidents(crowd_played, crowd, "rehearsal"))
    assert len(found) >= 3
    for _, test, first in found:
        assert [find(body, "Request").get("deploymentMode") for body in (test, first)] == ["test", "production"]
        assert find(test, path).get("shipmentID") != find(first, path).get("shipmentID")


def test_a_malformed_file_is_the_beginning_of_one_that_came_whole(crowd_played: Played, crowd: Script) -> None:
    found = list(accidents(crowd_played, crowd, "truncated"))
    assert len(found) >= 3
    for _, broken, whole in found:
        assert whole.startswith(broken)
        with pytest.raises(etree.XMLSyntaxError):
            etree.fromstring(broken)


def test_a_new_version_names_the_one_before_it_and_keeps_the_number(crowd_played: Played, crowd: Script) -> None:
    numbers = {
        "ConfirmationHeader": "confirmID",
        "ShipNoticeHeader": "shipmentID",
        "InvoiceDetailRequestHeader": "invoiceID",
    }
    seen = set()
    for number, index, earlier in versions(crowd):
        last, first = genuine(crowd_played, number, index), genuine(crowd_played, number, earlier)
        (header,) = (item for item in etree.fromstring(last).iter(*numbers))
        (before,) = (item for item in etree.fromstring(first).iter(*numbers))
        assert header.get("operation") in {"update", "delete"}
        assert header.get(numbers[str(header.tag)]) == before.get(numbers[str(before.tag)])
        reference = header.find("DocumentReference")
        assert reference is not None
        assert reference.get("payloadID") == etree.fromstring(first).get("payloadID")
        seen.add((str(header.tag), header.get("operation")))
    assert seen == {
        ("ConfirmationHeader", "update"),
        ("ShipNoticeHeader", "update"),
        ("ShipNoticeHeader", "delete"),
        ("InvoiceDetailRequestHeader", "delete"),
    }


def versions(script: Script) -> Iterator[tuple[str, int, int]]:
    last = len(script.rounds)
    for request in script.requests:
        for index, document in enumerate(request.documents):
            earlier = document.deletes if isinstance(document, Invoice) else None
            earlier = getattr(document, "updates", earlier)
            earlier = getattr(document, "replaces", earlier)
            if earlier is not None and document.round + document.late <= last:
                yield request.number, index, earlier


def test_a_credit_memo_takes_money_back_and_names_its_invoice(crowd_played: Played, crowd: Script) -> None:
    for request in players(crowd, "credit memo"):
        memo = genuine(crowd_played, request.number, 3)
        header = find(memo, "Request/InvoiceDetailRequest/InvoiceDetailRequestHeader")
        assert (header.get("purpose"), header.get("operation")) == ("lineLevelCreditMemo", "new")
        assert header.find("DocumentReference") is not None
        assert float(find(memo, "Request/InvoiceDetailRequest/InvoiceDetailSummary/DueAmount/Money").text or "") < 0


def test_a_substitute_is_named_by_the_confirmation_and_billed(crowd_played: Played, crowd: Script) -> None:
    for request in players(crowd, "substitution"):
        confirmation = genuine(crowd_played, request.number, 0)
        part = find(confirmation, ".//ConfirmationStatus/ItemIn/ItemID/SupplierPartID").text
        assert find(confirmation, ".//ConfirmationStatus[ItemIn]").get("type") == "detail"
        bill = genuine(crowd_played, request.number, len(request.documents) - 1)
        withdrawn = len(request.documents) == 4
        ordered = Catalogue(Identifiers(7), crowd).part(request, 1)
        assert find(bill, ".//InvoiceDetailItem//SupplierPartID").text == (ordered if withdrawn else part) != ""


def test_a_bogus_offset_is_the_clocks_own_time_and_the_payload_id_tells_the_true_one(
    crowd_played: Played, crowd: Script
) -> None:
    zones = {"bogus_utc": timedelta(), "bogus_west": timedelta(hours=-7)}
    for request in players(crowd, "bogus offsets"):
        for index, document in enumerate(request.documents):
            if not document.clock.startswith("bogus"):
                continue
            root = etree.fromstring(genuine(crowd_played, request.number, index))
            stamp = root.get("timestamp", "")
            assert stamp[11:16] == stamp[20:25]
            epoch = datetime.fromtimestamp(int(root.get("payloadID", "").split(".")[0]) / 1000, UTC)
            wall = datetime.fromisoformat(stamp[:19]).replace(tzinfo=UTC)
            assert abs(wall - zones[document.clock] - epoch) < timedelta(seconds=1)
            if isinstance(document, Shipment):
                shipped = find(etree.tostring(root), "Request/ShipNoticeRequest/ShipNoticeHeader").get(
                    "shipmentDate", ""
                )
                assert shipped[11:16] == shipped[20:25]
                stated = datetime.fromisoformat(shipped[:19]).replace(tzinfo=UTC)
                assert stated - zones[document.clock] == utc(document.ships)


def test_other_stamps_are_zulu_and_days(crowd_played: Played, crowd: Script) -> None:
    path = "Request/ShipNoticeRequest/ShipNoticeHeader"
    arrivals = [
        find(genuine(crowd_played, request.number, 1), path).get("deliveryDate", "")
        for request in players(crowd, "other time stamps")
    ]
    assert {"day" if len(text) == 10 else text[-1] for text in arrivals} == {"day", "Z"}


def test_a_whole_shipment_names_no_item_and_a_blank_carrier_is_blank(crowd_played: Played, crowd: Script) -> None:
    for request in players(crowd, "portion without items"):
        index = next(at for at, item in enumerate(request.documents) if isinstance(item, Shipment) and not item.items)
        portion = find(genuine(crowd_played, request.number, index), "Request/ShipNoticeRequest/ShipNoticePortion")
        assert [str(child.tag) for child in portion] == ["OrderReference"]
    for request in players(crowd, "blank carrier"):
        notice = genuine(crowd_played, request.number, 1)
        assert not find(notice, "Request/ShipNoticeRequest/ShipControl/CarrierIdentifier").text
