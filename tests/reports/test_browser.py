"""The report in a real browser, from disk: nothing leaves the page, and a person finds what they look for."""

import json
from collections.abc import Callable

import pytest

from punchout.model.codes import Code
from tests.reports.demo import demo
from tests.reports.pages import decisions_of, lines_of, matches_of, papers_of, rows_of, work_of
from tests.reports.showing import (
    CELLS,
    SHOWN_DOCUMENTS,
    SHOWN_LINES,
    SHOWN_REQUESTS,
    SHOWN_WORK,
    Shower,
    compared_throughout,
)
from tests.reports.statuses import Json, charge, exception, line, report, request

pytestmark = pytest.mark.browser

# Every element with text of its own whose contrast with what lies behind it is below 4.5 (WCAG 2.2, 1.4.3).
TOO_FAINT = """(() => {
  const parts = (color) => color.match(/[\\d.]+/g).map(Number);
  const light = (color) => parts(color).slice(0, 3)
    .map((part) => part / 255).map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
    .reduce((sum, part, place) => sum + part * [0.2126, 0.7152, 0.0722][place], 0);
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const color = getComputedStyle(at).backgroundColor;
      if (parts(color)[3] !== 0) return color;
    }
    return "rgb(255, 255, 255)";
  };
  const faint = [];
  for (const element of document.body.querySelectorAll("*")) {
    if (!element.offsetHeight || /^(SCRIPT|NOSCRIPT|OPTION)$/.test(element.tagName)) continue;
    if (![...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim())) continue;
    const tones = [light(getComputedStyle(element).color), light(behind(element))].sort((a, b) => b - a);
    const contrast = (tones[0] + 0.05) / (tones[1] + 0.05);
    if (contrast < 4.5) faint.push(`${element.tagName}.${element.className} ${contrast.toFixed(2)}`);
  }
  return [...new Set(faint)];
})()"""


def test_the_page_asks_for_nothing_but_itself(show: Shower) -> None:
    page = show(demo())
    page.run("document.querySelector('#unfold').click()")
    page.press("/", "1")
    assert page.requested == [show.address]
    assert page.complaints == []


def test_a_page_full_of_attacks_does_nothing(show: Shower) -> None:
    attack = '"><img src="http://127.0.0.1:9/x" onerror="document.title=1"></script><script>document.title=1</script>'
    lines = [line(10000, 1, description=attack, supplier_part_id=attack)]
    found = [exception(Code.LINE_NOT_FOUND, "1", detail=attack)]
    page = show(report([request(attack, "New", lines, found, order_id=attack)]))
    page.run("document.querySelector('details').open = true")
    assert page.run("document.title") == "Punchout tracking 2026-03-06 17:00"
    assert page.requested == [show.address]
    assert page.complaints == []


def test_the_policy_stops_a_script_that_got_into_the_page(show: Shower) -> None:
    page = show(demo())
    page.run("document.body.append(Object.assign(document.createElement('script'), {text: 'document.title = 1'}))")
    page.run("document.body.append(Object.assign(new Image(), {src: 'http://127.0.0.1:9/'}))")
    assert page.run("document.title") != "1"
    assert len(page.complaints) == 2


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("#requests>tbody[id]>tr:first-child", rows_of),
        ("#requests .l", lines_of),
        ("#worklist tr[data-row]", work_of),
        ("#documents tr[data-row]", papers_of),
        ("#decisions tr[data-row]", decisions_of),
        ("#match tr[data-row]", matches_of),
    ],
)
def test_the_script_lays_out_every_value_of_every_row(
    show: Shower, rows: str, expected: Callable[[Json], list[list[str]]]
) -> None:
    given = compared_throughout(demo())
    page = show(given)
    page.run("document.querySelector('#unfold').click()")
    shown = page.run(CELLS % rows)
    assert shown
    assert shown == [["".join(cell.split()) for cell in row] for row in expected(given)]


def test_what_happened_to_a_request_and_what_is_billed_beside_it_stand_below_its_lines(show: Shower) -> None:
    given = demo()
    given["requests"][0]["timeline"][1]["source"] = "PR1001"
    given["requests"][0]["charges"] = [charge("shipping", content="ab" * 32)]
    page = show(given)
    page.run("document.querySelector('#unfold').click()")
    for place, asked in enumerate(given["requests"]):
        said = page.run(f"document.querySelector('#r{place} .t').textContent")
        assert f"punchout trace {asked['request_no']}" in said
        assert page.run(f"[...document.querySelectorAll('#r{place} li b')].map((one) => one.textContent)") == [
            event["what"] for event in asked["timeline"]
        ]
    assert "shipping 5.00 USD, document abababab" in page.run("document.querySelector('#r0 .t').textContent")
    assert page.run("document.querySelectorAll('#r0 li')[1].textContent") == "2026-03-02 16:31ReleasedPR1001"
    assert "2026-03-02 15:04Cart Received" in page.run("document.querySelector('#r0 li').textContent")


def test_a_verdict_is_a_filter_of_requests_exceptions_and_lines(show: Shower) -> None:
    page = show(compared_throughout(demo()), "#match=matched")
    assert page.run(SHOWN_REQUESTS) == ["PR1001", "PR1002", "PR1003", "PR1008", "PR1009"]
    verdicts = "[...new Set([...document.querySelectorAll('#match .word')].map((word) => word.textContent))]"
    assert page.run(verdicts) == ["matched"]
    page.run("document.querySelector('.words a[aria-current=true]').click()")
    assert len(page.run(SHOWN_REQUESTS)) == 16
    assert page.run(verdicts) == ["matched", "not invoiced"]


def test_a_link_leads_to_a_request_that_is_far_down_or_filtered_away(show: Shower) -> None:
    page = show(report([request(f"PR{number:04d}", "New", []) for number in range(450)]), "#r449")
    assert page.run("document.querySelector('#r449 details').open")
    assert len(page.run(SHOWN_REQUESTS)) == 61
    page.run("location.hash = '#q=PR0001'")
    page.run("new Promise((done) => setTimeout(done, 50))")
    page.run("location.hash = '#r7'")
    page.run("new Promise((done) => setTimeout(done, 50))")
    assert page.run(SHOWN_REQUESTS) == ["PR0001", "PR0007"]


@pytest.mark.parametrize(
    ("identifier", "expected"),
    [
        ("PR1007", ["PR1007"]),
        ("pr1007", ["PR1007"]),
        ("106004", ["PR1004"]),
        ("111-7310044-1029385", ["PR1003"]),
        ("1KX7-8TRE", ["PR1008"]),
        ("1Z999AA10000031002", ["PR1003"]),
        ("0596007973", ["PR1001"]),
        ("B09V3", ["PR1004", "PR1006", "PR1009", "PR1014"]),
        ("8834210", ["PR1007"]),
        ("nothing", []),
    ],
)
def test_a_request_is_found_by_any_identifier(show: Shower, identifier: str, expected: list[str]) -> None:
    page = show(demo())
    page.press("/", *identifier)
    assert page.run(SHOWN_REQUESTS) == expected


def test_the_request_that_is_found_lies_open_and_its_line_is_marked(show: Shower) -> None:
    page = show(demo())
    assert page.run(SHOWN_LINES) == 0
    page.press("/", *"0596007973")
    assert page.run(SHOWN_LINES) == 2
    assert page.run("[...document.querySelectorAll('.hit')].map((cell) => cell.textContent)") == ["0596007973"]
    page.press("Escape")
    assert page.run(SHOWN_LINES) == 0
    assert len(page.run(SHOWN_REQUESTS)) == 16


def test_a_document_is_found_by_its_name_and_by_what_it_names(show: Shower) -> None:
    page = show(demo())
    page.press("/", *"inv-1KX7")
    assert page.run(SHOWN_DOCUMENTS) == 1
    assert page.run(SHOWN_REQUESTS) == []


def test_a_view_is_in_the_address_and_comes_back_with_it(show: Shower) -> None:
    page = show(demo(), "#stage=Invoiced&code=INV_QTY_OVER")
    assert page.run(SHOWN_REQUESTS) == ["PR1008"]
    assert page.run(SHOWN_WORK) == 1
    page.press("/", "P")
    assert page.run("location.hash") == "#q=P&stage=Invoiced&code=INV_QTY_OVER"
    page.run("document.querySelector('[type=reset]').click()")
    assert len(page.run(SHOWN_REQUESTS)) == 16
    assert page.run("location.hash") == ""


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("a[data-value='Order Confirmed']", ["PR1007", "PR1016"]),
        ("a[data-value='in doubt']", ["PR1006"]),
        ("a[data-value='draft']", ["PR1013"]),
    ],
)
def test_a_number_of_the_overview_is_a_filter_and_again_none(show: Shower, link: str, expected: list[str]) -> None:
    page = show(demo())
    page.run(f"document.querySelector({json.dumps(link)}).click()")
    assert page.run(SHOWN_REQUESTS) == expected
    page.run(f"document.querySelector({json.dumps(link)}).click()")
    assert len(page.run(SHOWN_REQUESTS)) == 16


def test_a_link_of_the_worklist_opens_the_request(show: Shower) -> None:
    page = show(demo())
    page.run("document.querySelector('#worklist a').click()")
    page.run("new Promise((done) => setTimeout(done, 50))")
    assert page.run("document.querySelector('tbody:has([open]) summary').textContent") == "PR1006"
    assert page.run("document.activeElement.textContent") == "PR1006"


def test_a_section_of_the_page_is_no_filter(show: Shower) -> None:
    page = show(demo(), "#q=PR1007")
    page.run("document.querySelector('nav a[href=\"#requests\"]').click()")
    page.run("new Promise((done) => setTimeout(done, 50))")
    assert page.run(SHOWN_REQUESTS) == ["PR1007"]


def test_a_summary_opens_by_keyboard(show: Shower) -> None:
    page = show(demo())
    page.run("document.querySelector('#requests summary').focus()")
    page.call("Input.dispatchKeyEvent", type="keyDown", key="Enter", text="\r", windowsVirtualKeyCode=13)
    page.call("Input.dispatchKeyEvent", type="keyUp", key="Enter", windowsVirtualKeyCode=13)
    assert page.run(SHOWN_LINES) == 2


def test_without_scripts_every_request_exception_and_document_is_on_the_page(show: Shower) -> None:
    show.page.call("Emulation.setScriptExecutionDisabled", value=True)
    page = show(demo())
    assert page.run("document.querySelector('#find').offsetHeight") == 0
    assert page.run("[...document.querySelectorAll('.live')].filter((part) => part.offsetHeight).length") == 0
    assert "need JavaScript" in page.run("document.body.innerText")
    for name, rows in (("requests", 16), ("worklist", 13), ("documents", 5)):
        assert page.run(f"document.querySelectorAll('#plain-{name} td:first-child').length") == rows


def test_of_very_many_requests_the_first_are_shown_and_all_are_searched(show: Shower) -> None:
    page = show(report([request(f"PR{number:04d}", "New", []) for number in range(450)]))
    assert len(page.run(SHOWN_REQUESTS)) == 60
    page.press("/", *"PR0449")
    assert page.run(SHOWN_REQUESTS) == ["PR0449"]
    page.press("Escape")
    assert page.run("document.querySelector('#more-requests').textContent") == "Show all 450, not only 60"
    page.run("document.querySelector('#more-requests').click()")
    assert len(page.run(SHOWN_REQUESTS)) == 450
    assert page.run("document.querySelector('#more-requests').offsetHeight") == 0


@pytest.mark.parametrize("dark", [False, True])
def test_every_text_stands_out_from_its_ground(show: Shower, dark: bool) -> None:  # noqa: FBT001 - a parameter of the test
    show.page.look(1500, 1000, dark=dark)
    page = show(compared_throughout(demo()))
    page.run("document.querySelector('#unfold').click()")
    assert page.run("matchMedia('(prefers-color-scheme: dark)').matches") is dark
    assert page.run(TOO_FAINT) == []


@pytest.mark.parametrize("width", [360, 768, 1024, 1366, 1500, 1920])
def test_the_page_is_never_wider_than_its_window(show: Shower, width: int) -> None:
    show.page.look(width, 900)
    page = show(compared_throughout(demo()))
    page.run("document.querySelector('#unfold').click()")
    assert page.run("document.documentElement.scrollWidth") <= width


def test_everything_that_can_be_operated_or_read_as_a_table_has_a_name_for_a_screen_reader(show: Shower) -> None:
    page = show(compared_throughout(demo()))
    page.run("document.querySelector('#unfold').click()")
    spoken = [
        (node["role"]["value"], node.get("name", {}).get("value", ""))
        for node in page.call("Accessibility.getFullAXTree")["nodes"]
        if not node["ignored"]
    ]
    named = {"button", "link", "searchbox", "combobox", "table", "region", "search", "navigation", "columnheader"}
    assert named <= {role for role, _ in spoken}
    assert [role for role, name in spoken if role in named and not name.strip()] == []


def test_every_landmark_has_a_name_of_its_own(show: Shower) -> None:
    page = show(compared_throughout(demo()))
    landmarks = {"region", "search", "navigation", "main", "banner", "contentinfo"}
    named = [
        (node["role"]["value"], node.get("name", {}).get("value", ""))
        for node in page.call("Accessibility.getFullAXTree")["nodes"]
        if not node["ignored"] and node["role"]["value"] in landmarks
    ]
    assert len(named) == len(set(named)) > 10


def test_what_is_pressed_is_large_enough_and_a_link_in_a_text_is_told_without_colour(show: Shower) -> None:
    page = show(compared_throughout(demo()), "#supplier=amazon&value=1..")
    page.run("document.querySelector('#further').open = true")
    pressed = "#find button, #find summary, #find select, #find input, .phases a, .words a, .more, #unfold"
    small = f"""[...document.querySelectorAll('{pressed}')]
      .filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 24).map((one) => one.outerHTML)"""
    assert page.run(small) == []
    plain = (
        "[...document.querySelectorAll('td a')].filter((one) => getComputedStyle(one).textDecorationLine === 'none')"
    )
    assert page.run(f"{plain}.length") == 0


def test_an_age_leads_to_the_requests_that_have_it(show: Shower) -> None:
    page = show(demo())
    page.run("document.querySelector('#ageing a[href*=\"PO%20Sent\"]').click()")
    page.run("new Promise((done) => setTimeout(done, 100))")
    assert page.run("location.hash") == "#stage=PO%20Sent&age=5"
    assert page.run(SHOWN_REQUESTS) == ["PR1010"]
