"""Views of the report, narrowed in a browser: by whom, when and for how much; they combine, and the sums follow."""

from datetime import UTC
from typing import Any

import pytest

from punchout.model.codes import Code
from punchout.reports.overview import overview
from tests.reports.demo import demo
from tests.reports.showing import SHOWN_REQUESTS, SHOWN_WORK, Shower, compared_throughout
from tests.reports.statuses import Json, compared, decision, exception, invoiced, line, report, request

pytestmark = pytest.mark.browser

AMOUNTS = "[...document.querySelectorAll('%s .amount')].map((one) => one.textContent)"
CHIPS = "[...document.querySelectorAll('#chips button')].map((one) => one.getAttribute('aria-label'))"
SHOWN_MATCHES = "document.querySelectorAll('#match tr[data-row]').length"
FOCUSED = "document.activeElement.dataset.drop || document.activeElement.name"


def entering(name: str, value: str) -> str:
    """Return the script that enters a value into a control, as a person does."""
    return (
        f"(() => {{ const control = document.querySelector('#find').elements['{name}']; control.value = '{value}';"
        " control.dispatchEvent(new Event('input', { bubbles: true })) })()"
    )


def various() -> Json:
    """Return a report on two suppliers, with business units and every line compared."""
    given = compared_throughout(demo())
    for place, asked in enumerate(given["requests"]):
        asked["supplier"] = ("amazon", "amazon-eu")[place % 2]
        asked["business_unit"] = ("Office", "Lab", None)[place % 3]
    return given


def numbers(given: Json, **wanted: Any) -> list[str]:  # noqa: ANN401 - any value of a request
    return [one["request_no"] for one in given["requests"] if all(one[name] == what for name, what in wanted.items())]


def numbers_by_line(given: Json, name: str, start: str, end: str) -> list[str]:
    return [
        one["request_no"] for one in given["requests"] if any(start <= (row[name] or "") <= end for row in one["lines"])
    ]


@pytest.mark.parametrize(
    ("view", "wanted"),
    [
        ("supplier=amazon-eu", {"supplier": "amazon-eu"}),
        ("unit=Lab", {"business_unit": "Lab"}),
        ("unit=Lab&supplier=amazon", {"business_unit": "Lab", "supplier": "amazon"}),
        ("supplier=nobody", {"supplier": "nobody"}),
    ],
)
def test_requests_are_those_of_a_supplier_and_of_a_business_unit(show: Shower, view: str, wanted: Json) -> None:
    given = various()
    assert show(given, f"#{view}").run(SHOWN_REQUESTS) == numbers(given, **wanted)


@pytest.mark.parametrize(
    ("name", "field"), [("shipped", "shipping_date"), ("delivery", "delivery_date"), ("invoiced", "invoice_date")]
)
@pytest.mark.parametrize(
    "ends", [("2026-03-02", "2026-03-04"), ("2026-03-05", ""), ("", "2026-03-04"), ("2027-01-01", "")]
)
def test_a_request_is_shown_where_a_line_has_its_day_within_the_range(
    show: Shower, name: str, field: str, ends: tuple[str, str]
) -> None:
    given = compared_throughout(demo())
    for asked in given["requests"]:
        for row in asked["lines"]:
            row.update(shipping_dates=1, delivery_dates=1, invoice_dates=1)
    page = show(given, f"#{name}={'..'.join(ends)}")
    assert page.run(SHOWN_REQUESTS) == numbers_by_line(given, field, ends[0] or "0", ends[1] or "9")
    assert page.run(SHOWN_MATCHES) == sum(
        (ends[0] or "0") <= (row[field] or "") <= (ends[1] or "9") for one in given["requests"] for row in one["lines"]
    )


def test_an_order_has_the_day_on_which_it_was_written_down_or_sent(show: Shower) -> None:
    given = report([
        request("PR1", "PO Queued", [], events=[("2026-03-01T10:00", "Released"), ("2026-03-02T10:00", "PO Queued")]),
        request("PR2", "PO Sent", [], events=[("2026-03-02T23:00", "PO Queued"), ("2026-03-03T01:00", "PO Sent")]),
        request("PR3", "PO Sent", [], events=[("2026-03-03T01:00", "PO Sent")]),
        request("PR4", "New", [], events=[("2026-03-02T10:00", "Cart Received")]),
    ])  # fmt: skip
    page = show(given, "#ordered=2026-03-02..2026-03-02")
    assert page.run(SHOWN_REQUESTS) == ["PR1", "PR2"]


def test_a_value_that_stands_for_several_is_shown_where_another_may_lie_in_the_range(show: Shower) -> None:
    lines = {"PR1": invoiced(10000, 1, invoice_dates=2), "PR2": invoiced(10000, 1)}
    page = show(report([request(number, "Invoiced", [one]) for number, one in lines.items()]))
    for view, expected in (("2026-03-06..", ["PR1"]), ("..2026-03-04", []), ("..2026-03-05", ["PR1", "PR2"])):
        show.go(f"#invoiced={view}")
        assert page.run(SHOWN_REQUESTS) == expected


def test_amounts_are_compared_exactly(show: Shower) -> None:
    prices = {"PR1": "90071992547409920.09", "PR2": "90071992547409920.08", "PR3": "0.30"}
    given = report([request(number, "PO Sent", [line(10000, 1, unit_price=one)]) for number, one in prices.items()])
    page = show(given)
    for view, expected in (
        ("90071992547409920.09..", ["PR1"]),
        ("90,071,992,547,409,920.08..90071992547409920.08", ["PR2"]),
        ("0.3..0.3", ["PR3"]),
        ("..0.299999", []),
    ):
        show.go(f"#value={view}")
        assert page.run(SHOWN_REQUESTS) == expected


def test_amounts_of_several_currencies_are_never_added(show: Shower) -> None:
    mixed = [line(10000, 1, unit_price="60"), line(20000, 1, unit_price="50", currency="EUR")]
    page = show(report([request("PR1", "PO Sent", mixed)]))
    assert page.run(AMOUNTS % "#sum-value") == ["50.00 EUR", "60.00 USD"]
    for view, expected in (("value=100..", []), ("value=55..", ["PR1"]), ("value=55..&currency=EUR", [])):
        show.go(f"#{view}")
        assert page.run(SHOWN_REQUESTS) == expected


def test_what_is_billed_and_what_is_at_risk_are_amounts_to_look_for(show: Shower) -> None:
    page = show(various(), "#billed=89.91..89.91")
    assert page.run(SHOWN_REQUESTS) == []
    show.go("#billed=119.88..119.88")
    assert page.run(SHOWN_REQUESTS) == ["PR1008"]
    show.go("#risk=1000..")
    assert page.run(SHOWN_REQUESTS) == ["PR1006"]
    assert page.run(SHOWN_WORK) == 1


def test_filters_that_are_combined_leave_what_each_of_them_leaves(show: Shower) -> None:
    page = show(various())
    views = ["supplier=amazon", "unit=Office", "requester=D.+F.", "ordered=2026-03-02..", "value=50..", "order=sent",
             "stage=Invoiced", "billed=..100", "age=5", "q=PR100"]  # fmt: skip
    alone = {}
    for view in views:
        show.go(f"#{view}")
        alone[view] = set(page.run(SHOWN_REQUESTS))
    for place, one in enumerate(views):
        for other in views[place + 1 :]:
            show.go(f"#{one}&{other}")
            assert set(page.run(SHOWN_REQUESTS)) == alone[one] & alone[other], (one, other)


@pytest.mark.parametrize("view", ["", "supplier=amazon", "unit=Lab", "stage=Invoiced", "value=100..", "q=PR1009"])
def test_the_sums_are_those_of_what_is_left(show: Shower, view: str) -> None:
    given = various()
    page = show(given, f"#{view}")
    shown = set(page.run(SHOWN_REQUESTS))
    left = overview(given | {"requests": [one for one in given["requests"] if one["request_no"] in shown]}, UTC)
    assert page.run(AMOUNTS % "#sum-value") == left.value
    assert page.run(AMOUNTS % "#sum-billed") == left.billed
    assert page.run(AMOUNTS % "#sum-risk") == left.at_risk
    counts = {"requests": left.requests, "lines": left.lines, "exceptions": left.exceptions}
    for name, count in counts.items():
        assert page.run(f"document.querySelector('#sum-{name}').textContent") == str(count)


def test_the_sums_of_lines_count_no_other_line_of_their_request(show: Shower) -> None:
    lines = [invoiced(10000, 1), invoiced(20000, 2, invoice_date="2026-04-01")]
    for one in lines:
        one["match"] = compared(one)
    page = show(report([request("PR1", "Invoiced", lines)]), "#invoiced=2026-04-01..")
    assert page.run(AMOUNTS % "#sum-value") == page.run(AMOUNTS % "#sum-billed") == ["19.98 USD"]
    assert "1 of 1 requests, 1 of 2 lines" in page.run("document.querySelector('#count').textContent")


def test_what_nobody_may_overlook_follows_no_filter(show: Shower) -> None:
    page = show(various(), "#stage=Closed")
    assert page.run("document.querySelector('.alarm dd').textContent").startswith("⚠ 1")
    assert page.run("document.querySelector('.caution dd').textContent").startswith("4")


def test_stages_ages_and_verdicts_count_what_choosing_them_would_leave(show: Shower) -> None:
    page = show(various(), "#supplier=amazon&stage=Closed")
    given = [one for one in various()["requests"] if one["supplier"] == "amazon"]
    counted = page.run(
        "[...document.querySelectorAll('.phases a')].map((one) => [one.dataset.value, one.lastChild.textContent])"
    )
    stages = [one["stage"] for one in given]
    assert {stage: int(count) for stage, count in counted} == {stage: stages.count(stage) for stage, _ in counted}
    assert page.run('document.querySelector(\'#ageing [data-stage="PO Sent"] [data-age="5"]\').textContent') == "0"
    show.go("#")
    assert page.run("document.querySelector('#ageing [data-stage=\"PO Sent\"]').textContent").endswith("010004 d4 d")


def test_each_filter_is_a_chip_that_takes_it_off(show: Shower) -> None:
    page = show(
        various(), "#q=PR1&supplier=amazon&invoiced=2026-03-01..2026-03-05&value=..1000&ordered=2026-03-02..2026-03-02"
    )
    assert page.run(CHIPS) == [
        "Remove filter Search: “PR1”",
        "Remove filter Supplier: amazon",
        "Remove filter Order date: 2026-03-02",
        "Remove filter Invoice date: 2026-03-01 to 2026-03-05",
        "Remove filter Value ordered: up to 1000",
    ]
    page.run("document.querySelector('[data-drop=invoiced] span').click()")
    assert (
        page.run("decodeURIComponent(location.hash)")
        == "#q=PR1&supplier=amazon&ordered=2026-03-02..2026-03-02&value=..1000"
    )
    assert page.run("document.querySelector('#find').elements['invoiced-from'].value") == ""


def test_chips_are_taken_off_by_keyboard_one_after_the_other(show: Shower) -> None:
    page = show(various(), "#supplier=amazon&unit=Lab&known=no")
    page.run("document.querySelector('[data-drop=unit]').focus()")
    left = []
    for _ in range(3):
        page.call("Input.dispatchKeyEvent", type="keyDown", key="Enter", text="\r", windowsVirtualKeyCode=13)
        page.call("Input.dispatchKeyEvent", type="keyUp", key="Enter", windowsVirtualKeyCode=13)
        left.append(page.run(FOCUSED))
    assert left == ["known", "supplier", "q"]
    assert page.run("document.querySelector('#chips').hidden")


def test_what_is_entered_is_in_the_address_and_comes_back_with_it(show: Shower) -> None:
    page = show(various())
    entered = {"supplier": "amazon", "shipped-from": "2026-03-01", "shipped-to": "2026-03-09", "value-from": "12.50"}
    for name, value in entered.items():
        page.run(entering(name, value))
    view, shown = page.run("location.hash"), page.run(SHOWN_REQUESTS)
    assert view == "#supplier=amazon&shipped=2026-03-01..2026-03-09&value=12.50.."
    page.open("about:blank")
    page.open(show.address + view)
    assert page.run(SHOWN_REQUESTS) == shown != []
    for name, value in entered.items():
        assert page.run(f"document.querySelector('#find').elements['{name}'].value") == value


@pytest.mark.parametrize("text", ["1e3", "12.", "1.234,50", "abc", "0.1234567", "12,34"])
def test_what_is_no_amount_is_marked_and_narrows_nothing(show: Shower, text: str) -> None:
    page = show(various())
    page.run(entering("value-from", text))
    control = "document.querySelector('#find').elements['value-from']"
    assert page.run(f"[{control}.value, {control}.getAttribute('aria-invalid')]") == [text, "true"]
    assert len(page.run(SHOWN_REQUESTS)) == 16
    page.run("document.querySelector('[type=reset]').click()")
    assert page.run(f"[{control}.value, {control}.getAttribute('aria-invalid')]") == ["", "false"]


def test_an_amount_is_entered_key_by_key(show: Shower) -> None:
    page = show(various())
    page.run("document.querySelector('#further').open = true")
    page.run("document.querySelector('#find').elements['billed-to'].focus()")
    page.press(*"12.50")
    assert page.run("location.hash") == "#billed=..12.50"


def test_an_address_that_says_nonsense_narrows_nothing(show: Shower) -> None:
    page = show(various(), "#invoiced=<b>..soon&value=NaN..&brand=x&__proto__=1&ordered=2026-3-1..")
    assert len(page.run(SHOWN_REQUESTS)) == 16
    assert page.run(CHIPS) == []
    assert page.complaints == []


def test_exceptions_nobody_has_acknowledged_are_a_view(show: Shower) -> None:
    page = show(demo(), "#known=yes")
    assert page.run(SHOWN_REQUESTS) == ["PR1008"]
    assert page.run("document.querySelectorAll('#documents tr[data-row]').length") == 1
    show.go("#known=no")
    assert page.run(SHOWN_WORK) == 12
    assert page.run("document.querySelectorAll('#documents tr[data-row]').length") == 4


def test_further_filters_open_and_close_by_keyboard(show: Shower) -> None:
    page = show(various())
    page.run("document.querySelector('#further summary').focus()")
    page.call("Input.dispatchKeyEvent", type="keyDown", key="Enter", text="\r", windowsVirtualKeyCode=13)
    page.call("Input.dispatchKeyEvent", type="keyUp", key="Enter", windowsVirtualKeyCode=13)
    assert page.run("document.querySelector('#further').open")
    page.press("Tab")
    page.press("Escape")
    assert not page.run("document.querySelector('#further').open")
    assert page.run("document.activeElement === document.querySelector('#further summary')")


def test_a_view_is_printed_with_its_filters_and_without_what_is_pressed(show: Shower) -> None:
    page = show(various(), "#supplier=amazon&value=10..")
    page.run("document.querySelector('#further').open = true")
    page.call("Emulation.setEmulatedMedia", media="print")
    try:
        assert page.run("document.querySelector('#chips').innerText").split("\n") == [
            "Supplier: amazon",
            "Value ordered: from 10",
        ]
        assert "of 16 requests" in page.run("document.querySelector('#count').innerText")
        assert page.run(
            "['#further', '#find nav', '[type=reset]'].map((one) => document.querySelector(one).offsetHeight)"
        ) == [0, 0, 0]
    finally:
        page.call("Emulation.setEmulatedMedia", media="")


def test_a_choice_of_one_is_not_offered_but_holds_in_an_address(show: Shower) -> None:
    page = show(demo(), "#supplier=amazon")
    assert page.run("document.querySelector('#find').elements.supplier.closest('label').hidden")
    assert page.run(CHIPS) == ["Remove filter Supplier: amazon"]
    assert len(page.run(SHOWN_REQUESTS)) == 16


def test_what_people_decided_about_a_request_stands_below_its_lines(show: Shower) -> None:
    told = [
        decision("waive", "PR1/10000", code="INV_QTY_OVER", reason="<b>agreed</b>"),
        decision("close_line", "PR1/10000"),
    ]
    page = show(report([request("PR1", "Invoiced", [invoiced(10000, 1)], decisions=told)]))
    page.run("document.querySelector('#unfold').click()")
    assert page.run("[...document.querySelectorAll('#r0 .known')].map((one) => one.textContent)") == [
        "ann, 2026-03-06 09:30: waived INV_QTY_OVER, line 10000, “<b>agreed</b>”",
        "ann, 2026-03-06 09:30: line closed line 10000, “as agreed by phone”",
    ]


def test_an_exception_of_a_report_without_any_decision_is_shown_as_ever(show: Shower) -> None:
    page = show(report([request("PR1", "PO Sent", [], [exception(Code.CONF_OVERDUE)])]))
    assert page.run("document.querySelector('#decisions')") is None
    assert page.run(SHOWN_WORK) == 1
