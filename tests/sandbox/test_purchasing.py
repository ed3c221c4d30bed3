"""Orders that Business Central sends itself: its OrderRequests, the copies that come to us, what Amazon makes of it."""

import json
import os
import subprocess
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from lxml import etree

from punchout.sandbox.casting import full
from punchout.sandbox.compare import differences
from punchout.sandbox.identifiers import Identifiers
from punchout.sandbox.plan import Request, Script
from punchout.sandbox.recasting import sent_by_business_central
from tests.sandbox.buyer import ROOT, Json, PerfectBuyer, RunningSandbox
from tests.sandbox.conftest import SENT_BY_BC, Played, play
from tests.sandbox.order_requests import order_request
from tests.sandbox.test_documents import check_that_documents_add_up
from tests.sandbox.test_script import STAGES

Orders = dict[str, tuple[int, etree._Element]]


def copies(played: Played) -> Orders:
    """Return the OrderRequests that came to us, by order number, with the round they came in first."""
    return dict(reversed(list(_copies(played))))


def _copies(played: Played) -> Iterator[tuple[str, tuple[int, etree._Element]]]:
    for at, files in enumerate(played.files, 1):
        for body in files["cxml-drop"].values():
            if b"<OrderRequestHeader" in body:
                root = etree.fromstring(body)
                yield str(root.xpath("string(//OrderRequestHeader/@orderID)")), (at, root)


def items(root: etree._Element) -> list[tuple[str, str]]:
    """Return line number and auxiliary part id of every item, as listed."""
    return [
        (item.get("lineNumber", ""), item.findtext("ItemID/SupplierPartAuxiliaryID", ""))
        for item in root.iter("ItemOut")
    ]


def test_a_perfect_buyer_who_posts_nothing_makes_no_difference(bc_played: Played, bc_crowd_played: Played) -> None:
    assert [*bc_played.found, *bc_crowd_played.found] == [[]] * 18
    assert min(bc_crowd_played.compared) > 5000
    assert (bc_played.orders, bc_crowd_played.orders) == ([], [])


@pytest.mark.parametrize("seed", [1, 2])
def test_neither_does_it_with_another_seed(tmp_path: Path, seed: int) -> None:
    script = sent_by_business_central(full(Identifiers(seed)))
    result = play(RunningSandbox(tmp_path, seed=seed, options=(*SENT_BY_BC, "--scenario-set", "full")), script)
    assert (result.found, result.orders) == ([[] for _ in script.rounds], [])


def test_every_stage_is_reached_that_is_not_of_our_sending(bc_played: Played, bc_crowd_played: Played) -> None:
    for played in (bc_played, bc_crowd_played):
        stages = {row["stage"] for expected in played.expected for row in expected["requests"]}
        # Only of the crowd an order is in doubt.
        assert stages == STAGES - ({"PO Queued"} if played is bc_played else set())


def test_amazon_takes_every_order_that_business_central_sends(bc_crowd_played: Played, bc_crowd: Script) -> None:
    sent = [request.order for request in bc_crowd.requests if request.ordered]
    assert sorted(order["orderID"] for order in bc_crowd_played.placed) == sorted(sent)
    assert {(order["code"], order["taken"]) for order in bc_crowd_played.placed} == {(200, True)}


def test_each_copy_comes_in_its_round_and_those_that_come_again_a_round_later(
    bc_crowd_played: Played, bc_crowd: Script
) -> None:
    found = [(order, at) for order, (at, _) in _copies(bc_crowd_played)]
    first = {request.order: bc_crowd.copied_in(request) for request in bc_crowd.requests}
    wanted = [(order, at) for order, at in first.items() if at is not None]
    wanted += [(one.order, (first[one.order] or 0) + 1) for one in bc_crowd.requests if one.again is not None]
    assert sorted(found) == sorted((order, at) for order, at in wanted if at <= len(bc_crowd.rounds))
    assert len(found) > 150


def test_a_copy_that_comes_again_is_the_same_or_says_the_same_in_other_bytes(
    bc_crowd_played: Played, bc_crowd: Script
) -> None:
    told: dict[str, list[bytes]] = {}
    for files in bc_crowd_played.files:
        for body in files["cxml-drop"].values():
            if b"<OrderRequestHeader" in body:
                order = str(etree.fromstring(body).xpath("string(//OrderRequestHeader/@orderID)"))
                told.setdefault(order, []).append(body)
    for request in bc_crowd.requests:
        bodies = told.get(request.order, [])
        if request.again is not None and len(bodies) > 1:
            assert len(set(bodies)) == (1 if request.again == "twice" else 2), request.number
            canonical = {etree.tostring(etree.fromstring(body), method="c14n", exclusive=True) for body in bodies}
            assert len(canonical) == 1


def test_amazon_names_the_order_that_it_speaks_of_and_comes_after_its_copy(
    bc_crowd_played: Played, bc_crowd: Script
) -> None:
    numbers = {order["payloadID"]: order["orderID"] for order in bc_crowd_played.placed}
    found = []
    for at, files in enumerate(bc_crowd_played.files, 1):
        for body in files["cxml-drop"].values():
            if b"<StatusUpdateRequest>" in body:
                root = etree.fromstring(body)
                named, code = root.xpath("string(//DocumentReference/@payloadID)"), root.xpath("string(//Status/@code)")
                found.append((numbers[str(named)], at, int(str(code))))
    last = len(bc_crowd.rounds)
    wanted = [(one.order, at, code) for one in bc_crowd.requests for at, code in bc_crowd.told_of(one) if at <= last]
    assert sorted(found) == sorted(wanted)
    assert {code for _, _, code in found} == {200, 201, 400, 500}


def test_a_copy_is_of_the_document_that_amazon_has(bc_crowd_played: Played) -> None:
    placed = {order["orderID"]: order for order in bc_crowd_played.placed}
    for number, (_, root) in copies(bc_crowd_played).items():
        header = root.find("Request/OrderRequest/OrderRequestHeader")
        assert header is not None
        order = placed[number]
        assert (root.get("payloadID"), header.get("orderDate")) == (order["payloadID"], order["orderDate"])
        assert items(root) == [(line["lineNumber"], line["supplierPartAuxiliaryId"]) for line in order["lines"]]
    payloads = [order["payloadID"] for order in placed.values()]
    assert len(set(payloads)) == len(payloads)


def test_copies_are_valid_against_the_official_dtd(bc_played: Played, bc_crowd_played: Played) -> None:
    folder = os.environ.get("PUNCHOUT_TEST_DATA")
    if not folder:
        pytest.skip("PUNCHOUT_TEST_DATA is not set: the DTDs are not here")
    dtd = etree.DTD(str(Path(folder) / "dtd" / "cXML.dtd"))
    for played in (bc_played, bc_crowd_played):
        for number, (_, root) in copies(played).items():
            assert dtd.validate(root), (number, dtd.error_log)
            assert b"/1.2.024/cXML.dtd" in etree.tostring(root.getroottree())


def test_a_copy_is_from_us_to_amazon_and_carries_the_canary(bc_played: Played) -> None:
    for _, root in copies(bc_played).values():
        assert root.findtext("Header/From/Credential/Identity") == "ContosoPunchout"
        assert root.findtext("Header/To/Credential/Identity") == "Amazon"
        assert root.findtext("Header/Sender/Credential/Identity") == "ContosoPunchout"
        secret = "CANARY-" + Identifiers(7).hexadecimal("sender", length=24)
        assert root.findtext("Header/Sender/Credential/SharedSecret") == secret


def test_an_order_states_when_business_central_sent_it(bc_crowd_played: Played, bc_crowd: Script) -> None:
    placed = {order["orderID"]: datetime.fromisoformat(order["orderDate"]) for order in bc_crowd_played.placed}
    assert placed == {request.order: bc_crowd.sent_at(request) for request in bc_crowd.requests if request.ordered}
    for number, (_, root) in copies(bc_crowd_played).items():
        assert datetime.fromisoformat(root.get("timestamp", "")) == placed[number]


def test_lines_are_numbered_as_the_script_says(bc_crowd_played: Played, bc_crowd: Script) -> None:
    ids, placed = Identifiers(7), {order["orderID"]: order["lines"] for order in bc_crowd_played.placed}
    for request in bc_crowd.requests:
        if request.ordered:
            found = [(line["lineNumber"], line["supplierPartAuxiliaryId"]) for line in placed[request.order]]
            wanted = [(number, ids.auxiliary(request.number, line)) for number, line in numbered(request)]
            assert found == wanted


def numbered(request: Request) -> list[tuple[str, int]]:
    """Return the numbers of lines in an OrderRequest, with their positions in the cart."""
    positions = list(range(1, len(request.lines) + 1))
    if request.backwards:
        positions.reverse()
    if request.numbering == "sequence":
        return [(f"{10000 * at}", line) for at, line in enumerate(positions, 1)]
    if request.numbering == "backwards":
        positions.reverse()
    return [(str(at), line) for at, line in enumerate(positions, 1)]


def test_taking_the_lines_in_order_would_be_wrong_for_many_orders(bc_crowd_played: Played) -> None:
    in_order = [
        [line["supplierPartAuxiliaryId"].split(",")[1] for line in sorted(order["lines"], key=number_of)]
        for order in bc_crowd_played.placed
    ]
    turned = [positions for positions in in_order if positions != sorted(positions)]
    assert len(turned) > 30


def number_of(line: Json) -> int:
    return int(line["lineNumber"])


def test_amazons_documents_name_business_centrals_payload_id_and_line_numbers(bc_played: Played) -> None:
    without_copies = Played(
        expected=bc_played.expected,
        files=[
            {
                "cxml-drop": {
                    name: body for name, body in files["cxml-drop"].items() if b"<OrderRequestHeader" not in body
                }
            }
            for files in bc_played.files
        ],
    )
    check_that_documents_add_up(without_copies, bc_played.placed)


def test_copies_mix_with_amazons_documents_in_the_order_of_their_names(bc_crowd_played: Played) -> None:
    names = sorted(bc_crowd_played.files[2]["cxml-drop"])
    places = [at for at, name in enumerate(names) if name.endswith("-order.xml")]
    assert 0 < places[-1] - places[0] > len(places)


@pytest.fixture
def sent(tmp_path: Path) -> Iterator[RunningSandbox]:
    with RunningSandbox(tmp_path / "bc", options=SENT_BY_BC) as running:
        yield running


def test_a_post_of_ours_is_refused_and_shows(sent: RunningSandbox, bc_handful: Script) -> None:
    buyer = PerfectBuyer(sent, script=bc_handful)
    buyer.play(2)
    row = next(item for item in buyer.requests() if item["number"] == "PR1001")
    code, text = sent.post(order_request(row))
    assert (code, "has already been processed" in text) == (500, True)
    expected, orders = sent.get("expected"), sent.get("orders")
    status = {name: expected[name] for name in ("as_of", "requests", "documents")}
    _, found = differences(expected, status, sent.get("business-central"), orders)
    assert [item.where for item in found] == ["orders"]


def test_nothing_is_said_about_an_order_that_a_wrong_cart_has_spoilt(sent: RunningSandbox, bc_handful: Script) -> None:
    class Careless(PerfectBuyer):
        def cart_update(self, row: Json) -> Json:
            update = super().cart_update(row)
            if row["number"] == "PR1001":
                update["lines"][0]["quantity"] = "9"
            return update

    buyer = Careless(sent, script=bc_handful)
    for _ in range(3):
        buyer.play_round()
    placed = {order["orderID"]: order["code"] for order in sent.get("orders")["placed"]}
    assert (placed["106001"], placed["106003"]) == (400, 200)
    told = [body for body in sent.files("cxml-drop").values() if b"<ConfirmationRequest>" in body]
    assert [any(f'orderID="{order}"'.encode() in body for body in told) for order in ("106001", "106003")] == [
        False,
        True,
    ]


def test_a_kill_between_an_order_and_its_late_copy_loses_nothing(
    tmp_path: Path, bc_played: Played, bc_handful: Script
) -> None:
    sandbox = RunningSandbox(tmp_path, options=SENT_BY_BC)
    sandbox.start()
    buyer = PerfectBuyer(sandbox, script=bc_handful)
    buyer.play(2)
    sandbox.stop()
    waiting = [copy["orderID"] for copy in json.loads((tmp_path / "home" / "state.json").read_text())["copies"]]
    assert waiting == ["106003", "106004", "106006", "106012", "106012"]
    sandbox.start()
    buyer.play(2)
    documents = sandbox.files("cxml-drop")
    sandbox.stop()
    assert documents == {name: body for files in bc_played.files[:4] for name, body in files["cxml-drop"].items()}


def test_copies_come_again_with_everything_else(sent: RunningSandbox, bc_handful: Script) -> None:
    def copied() -> Counter[bytes]:
        return Counter(body for body in sent.files("cxml-drop").values() if b"<OrderRequestHeader" in body)

    PerfectBuyer(sent, script=bc_handful).play(3)
    before = copied()
    sent.redeliver()
    assert copied() == before + before


def test_the_ready_line_tells_who_sends_the_orders(sent: RunningSandbox, sandbox: RunningSandbox) -> None:
    assert (sent.ready["orders_sent_by"], sandbox.ready["orders_sent_by"]) == ("bc", "pipeline")


def test_a_home_belongs_to_one_sender(tmp_path: Path) -> None:
    with RunningSandbox(tmp_path, options=SENT_BY_BC) as sandbox:
        sandbox.advance()
    other = RunningSandbox(tmp_path).arguments()
    second = subprocess.run(other, cwd=ROOT, capture_output=True, text=True, timeout=30, check=False)
    assert (second.returncode, "orders sent by bc" in second.stderr) == (2, True)


def test_a_home_of_before_there_was_a_choice_is_taken_up(tmp_path: Path) -> None:
    with RunningSandbox(tmp_path) as sandbox:
        sandbox.advance()
    path = tmp_path / "home" / "state.json"
    state = json.loads(path.read_text())
    for name in ("sent_by", "placed", "copies"):
        del state[name]
    path.write_text(json.dumps(state))
    with RunningSandbox(tmp_path) as sandbox:
        assert (sandbox.ready["round"], sandbox.advance()["round"]) == (1, 2)
