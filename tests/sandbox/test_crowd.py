"""The crowd as it is cast: how many play what, what the seed decides, and that every rule has its occasion."""

from collections import Counter
from datetime import timedelta
from decimal import Decimal

import pytest

from punchout.sandbox import oracle
from punchout.sandbox.casting import full
from punchout.sandbox.catalogue import Catalogue
from punchout.sandbox.findings import FULL_CODES
from punchout.sandbox.identifiers import Identifiers
from punchout.sandbox.plan import Confirmation, Invoice, Script, Shipment, delivered, document_key, replaced_by
from punchout.sandbox.repertoire import SCENARIOS
from punchout.sandbox.standing import Standing
from punchout.sandbox.words import Spoils

SEEDS = (1, 2, 7, 2026)
seeds = pytest.mark.parametrize("seed", SEEDS)
CAREFUL_CAP = 50_000  # USD a day


@seeds
def test_the_crowd_is_two_hundred_requests_and_four_hundred_lines_in_ten_rounds(seed: int) -> None:
    script = full(Identifiers(seed))
    assert len(script.requests) == sum(scenario.plays for scenario in SCENARIOS) >= 200
    assert sum(len(request.lines) for request in script.requests) >= 400
    assert len(script.rounds) == 10


@seeds
def test_every_scenario_is_played_at_least_three_times(seed: int) -> None:
    counted = oracle.scenarios(full(Identifiers(seed)))
    assert counted == dict(sorted((scenario.name, scenario.plays) for scenario in SCENARIOS))
    assert min(counted.values()) >= 3


HAPPENINGS = {
    "an order becomes two Amazon orders": {"two Amazon orders"},
    "a line is split over two shipments": {"line over two shipments"},
    "a line is split over two invoices": {"line over two invoices"},
    "a line is rejected": {"rejected line"},
    "an order is rejected": {"wholly rejected order"},
    "a part of a quantity is accepted": {"partial quantity"},
    "a quantity is backordered and comes": {"backordered, confirmed later"},
    "a price changes": {"price up", "price down"},
    "another part comes": {"substitution"},
    "a confirmation is updated": {"confirmation updated"},
    "a ship notice is updated, and one deleted": {"ship notice updated", "ship notice deleted"},
    "an invoice is deleted and corrected": {"invoice deleted and corrected"},
    "money comes back by a memo, and by a line": {"credit memo", "credit line in an invoice"},
    "a document is late": {"late document"},
    "documents come in the wrong order": {"documents in the wrong order", "update before what it replaces"},
    "a document comes twice, and in other bytes": {"duplicate", "re-serialised duplicate"},
    "a number is used again": {"conflict"},
    "a reply is lost": {"lost reply"},
    "an order was already processed": {"already processed"},
    "a file is malformed": {"malformed file"},
    "a test document comes in production": {"test document"},
    "offsets repeat the clock, and other stamps": {"bogus offsets", "other time stamps"},
    "a ship notice names no item": {"portion without items"},
    "a carrier is blank": {"blank carrier"},
    "an order is released by hand": {"manual release", "manual release, never sent"},
    "an order is of before the cut-over": {"before cut-over"},
    "a purchase order is cancelled": {"cancelled purchase order"},
    "a cart expires": {"cart that expires"},
}


@pytest.mark.parametrize("what", HAPPENINGS)
def test_all_that_is_known_to_happen_happens_three_times(what: str) -> None:
    counted = oracle.scenarios(full(Identifiers(7)))
    assert all(counted[name] >= 3 for name in HAPPENINGS[what])


def test_every_tale_is_played() -> None:
    played = {tale for scenario in SCENARIOS for tale in scenario.tales[: scenario.plays]}
    assert played == {tale for scenario in SCENARIOS for tale in scenario.tales}


def test_the_same_seed_casts_the_same_crowd_and_another_seed_another_one() -> None:
    first, again, other = (full(Identifiers(seed)) for seed in (1, 1, 2))
    assert first == again
    assert [request.about for request in first.requests] != [request.about for request in other.requests]
    assert [request.lines for request in first.requests] != [request.lines for request in other.requests]


@seeds
def test_requests_and_orders_have_numbers_of_their_own(seed: int) -> None:
    requests = full(Identifiers(seed)).requests
    assert (
        len({request.number for request in requests}) == len({request.order for request in requests}) == len(requests)
    )


@seeds
def test_documents_stay_what_they_are_whatever_is_drawn(seed: int) -> None:
    """No quantity is 0, no document refers to one that is not before it, and an update keeps to its kind."""
    for request in full(Identifiers(seed)).requests:
        for index, document in enumerate(request.documents):
            if isinstance(document, Confirmation):
                assert document.statuses
                assert all(status.quantity > 0 for status in document.statuses)
            else:
                assert document.items or request.about == "portion without items"
                assert all(quantity for _, quantity in document.items)
            earlier = replaced_by(document)
            if earlier is not None:
                assert earlier < index
                assert type(request.documents[earlier]) is type(document)


@seeds
def test_one_confirmation_never_decides_more_than_was_ordered(seed: int) -> None:
    for request in full(Identifiers(seed)).requests:
        for document in request.documents:
            if isinstance(document, Confirmation):
                told = Counter[int]()
                for status in document.statuses:
                    told[status.line] += status.quantity
                assert all(quantity <= request.lines[line - 1] for line, quantity in told.items())


@seeds
def test_no_two_confirmations_of_a_request_are_made_in_one_round(seed: int) -> None:
    """Which one Business Central shows would then hang on the minute."""
    for request in full(Identifiers(seed)).requests:
        made = [document.round for document in request.documents if isinstance(document, Confirmation)]
        assert len(made) == len(set(made))


@seeds
def test_no_order_falls_due_in_the_round_of_the_broken_export(seed: int) -> None:
    script = full(Identifiers(seed))
    (broken,) = (accident.round for accident in script.accidents if accident.kind == "column")
    assert broken not in {Standing(script, request, broken).left for request in script.requests}


@seeds
def test_a_days_orders_stay_below_what_a_careful_buyer_allows(seed: int) -> None:
    ids = Identifiers(seed)
    script = full(ids)
    shop, spent = Catalogue(ids, script), Counter[int]()
    for request in script.requests:
        left = Standing(script, request, len(script.rounds)).left
        for line, quantity in enumerate(request.lines, 1):
            spent[left or 0] += int(shop.price(request, line) * quantity)
    del spent[0]
    assert max(spent.values()) < CAREFUL_CAP


@seeds
def test_accidents_happen_to_documents_that_fit_them(seed: int) -> None:
    script = full(Identifiers(seed))
    requests = {request.number: request for request in script.requests}
    kinds = Counter(accident.kind for accident in script.accidents)
    assert min(kinds[kind] for kind in ("truncated", "twice", "rewritten", "conflict", "rehearsal", "forged")) >= 3
    for accident in script.accidents:
        if accident.of is None:
            continue
        number, index = accident.of
        document = requests[number].documents[index]
        if accident.kind in {"conflict", "forged"}:
            assert isinstance(document, Shipment)
            assert delivered(document) < accident.round  # so that the genuine one stands
        if accident.kind == "truncated":
            assert delivered(document) > accident.round  # so that it cannot be told from a first delivery


def test_every_spoiling_of_a_tale_becomes_an_accident() -> None:
    wanted = Counter(
        word.kind
        for scenario in SCENARIOS
        for play in range(scenario.plays)
        for word in scenario.tales[play % len(scenario.tales)]
        if isinstance(word, Spoils)
    )
    found = Counter(accident.kind for accident in full(Identifiers(1)).accidents if accident.of)
    del found["forged"]
    assert found == wanted


@seeds
def test_a_bogus_offset_moves_a_day(seed: int) -> None:
    """Read as stated, such an instant is midnight UTC of its clock's day: the evening before in Los Angeles."""
    stamped = [
        document
        for request in full(Identifiers(seed)).requests
        for document in request.documents
        if isinstance(document, Shipment) and document.clock.startswith("bogus")
    ]
    assert len(stamped) >= 3
    for document in stamped:
        assert 9 <= int(document.ships[11:13]) <= 13
        assert document.arrives[11:] == document.ships[11:]


@seeds
def test_late_documents_arrive_two_rounds_after_they_were_made_and_after_later_ones(seed: int) -> None:
    requests = [request for request in full(Identifiers(seed)).requests if request.about == "late document"]
    for request in requests:
        (late,) = (document for document in request.documents if document.late)
        assert late.late == 2
        assert any(late.round < other.round and delivered(other) < delivered(late) for other in request.documents)


def codes_of(script: Script, ids: Identifiers, rounds: range) -> set[str]:
    return {
        code
        for round_number in rounds
        for row in oracle.requests_after(ids, round_number, script=script)
        for code in row["exceptions"]
    }


@seeds
def test_every_judged_code_has_its_occasion(seed: int) -> None:
    ids = Identifiers(seed)
    assert codes_of(full(ids), ids, range(1, 11)) == set(FULL_CODES)


@seeds
def test_deadlines_are_met_from_both_sides(seed: int) -> None:
    script = full(Identifiers(seed))
    waited = {
        script.instant(request_round) - script.instant(left)
        for request in script.requests
        for left in [Standing(script, request, 10).left]
        if left
        for request_round in range(left, min([10, *(delivered(document) for document in request.documents)]))
    }
    hours = {int(wait / timedelta(hours=1)) for wait in waited}
    assert {23, 24, 25, 47, 48} <= hours
    ages = {
        script.instant(request.ordered) - script.instant(request.cart)
        for request in script.requests
        if request.ordered and request.cart
    }
    assert {timedelta(days=6, hours=23), timedelta(days=7), timedelta(days=7, hours=1)} <= ages


@seeds
def test_an_over_billed_line_is_billed_beyond_what_was_accepted(seed: int) -> None:
    for request in full(Identifiers(seed)).requests:
        if request.about == "overbilled":
            (bill,) = (document for document in request.documents if isinstance(document, Invoice))
            assert dict(bill.items)[1] == request.lines[0] + 1


def test_prices_change_as_much_as_the_tale_says() -> None:
    ids = Identifiers(7)
    script = full(ids)
    shop = Catalogue(ids, script)
    for request in script.requests:
        if request.about == "price up":
            ratio = shop.confirmed_price(request, 1) / shop.price(request, 1)
            assert Decimal("1.01") < ratio < Decimal("1.13")


def test_a_documents_time_does_not_depend_on_when_it_arrives() -> None:
    ids = Identifiers(7)
    script = full(ids)
    request = next(item for item in script.requests if item.about == "late document")
    (index,) = (at for at, document in enumerate(request.documents) if document.late)
    made = Catalogue(ids, script).moment(request.documents[index].round, document_key(request.number, index))
    assert script.instant(request.documents[index].round) - made < timedelta(hours=6)
