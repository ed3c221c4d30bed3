"""Whatever documents say, the page says it as text: no markup, no script, no request comes of it."""

import base64
import hashlib
import json
import re
from pathlib import Path
from typing import cast

import pytest

from punchout.model.codes import Code
from punchout.reports.text import visible
from punchout.reports.tracking import render
from tests.reports.demo import demo
from tests.reports.pages import attributes, found, page, table_of, text, texts
from tests.reports.statuses import Json, charge, compared, decision, exception, line, refused, report, request

HOSTILE = [
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "</style><style>body{display:none}",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "javascript:alert(1)",
    "<!-- <svg/onload=alert(1)> -->",
    "{{ 7 * 7 }}{% raw %}",
    "&lt;b&gt;&#60;",
    "]]><x>",
    "`rm -rf /`",
]


def everywhere(hostile: str) -> Json:
    """Return a status object with this text in every place that text from outside can come to."""
    lines = [line(10000, 1, supplier_part_id=hostile, description=hostile, unit=hostile, tracking=[hostile],
                  invoice_id=hostile, invoice_ids=2, shipping_date=hostile, delivery_date=hostile,
                  invoice_date=hostile, shipping_dates=2)]  # fmt: skip
    lines[0]["match"] = compared(lines[0], word=hostile, words=[hostile], currency=hostile, price_base=hostile)
    problem = exception(Code.LINE_NOT_FOUND, "1", line_number=10000, detail=hostile, since=hostile)
    problem |= {"subject_key": f"{hostile}/10000"}
    asked = request(
        hostile, hostile, lines, [problem], company=hostile, supplier=hostile, order_id=hostile,
        order_confirmation_id=hostile, order_confirmation_ids=[hostile, hostile + "2"], outbox_state="blocked",
        outbox_reason=hostile, requester_email=hostile, identifiers=[hostile], business_unit=hostile,
        decisions=[
            decision(kind, problem["subject_key"], by=hostile, reason=hostile, code=code, at=hostile, line=hostile)
            for kind, code in (("acknowledge", Code.LINE_NOT_FOUND.value), (hostile, hostile))
        ],
        charges=[charge(hostile, content=hostile)],
        timeline=[{"at": hostile, "what": hostile, "source": hostile}],
    )  # fmt: skip
    return report(
        [asked, request("PR2", "New", [])],
        document_exceptions=[exception(Code.ORDER_NOT_FOUND, subject="document", subject_key=hostile, detail=hostile)],
        quarantine=[refused(1, Code.XML_REJECTED, hostile, kind=hostile, place=hostile, detail=hostile)],
        waiting=[{"document_id": 2, "kind": hostile, "body_sha256": hostile.partition("#")[0], "names": [hostile],
                  "received_at": hostile, "orders": [hostile], "identifiers": [hostile]}],
        decisions_apart=[decision("acknowledge", hostile, by=hostile, reason=hostile, code="ORDER_NOT_FOUND")],
        feeds=[{"feed": hostile, "documents": 1, "last_received_at": None}],
    )  # fmt: skip


def shape(element: object) -> list[str]:
    return [str(one.tag) for one in cast("list[object]", element.iter())]  # type: ignore[attr-defined]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_text_changes_no_element_of_the_page(hostile: str) -> None:
    assert shape(page(everywhere(hostile))) == shape(page(everywhere("harmless")))


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_text_is_shown_as_it_is(hostile: str) -> None:
    shown = page(everywhere(hostile))
    wanted = visible(hostile)
    (row,) = table_of(shown, "lines")
    assert [row["part"], row["description"], row["tracking"], row["word"]] == [wanted] * 4
    assert wanted in [one["request_no"] for one in table_of(shown, "requests")]
    assert wanted in [one["title"] for one in table_of(shown, "documents")]
    assert {one["by"] for one in table_of(shown, "decisions")} == {wanted}
    assert [one["known_words"] for one in table_of(shown, "work")] == [wanted]
    assert wanted in texts(shown, "//table[@id='plain-requests']//td[1]")
    assert wanted in str(text(found(shown, "//table[@id='plain-documents']")[0]))


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_text_becomes_no_attribute_and_no_address(hostile: str) -> None:
    for tag, name, value in attributes(page(everywhere(hostile))):
        assert not name.startswith("on"), (tag, name)
        if name in {"href", "src", "action", "formaction", "xlink:href"}:
            assert value == "data:," or re.fullmatch(r"#[\w%+=/.~-]*", value), (tag, name, value)


def test_the_values_that_attack_numbers_dates_and_identifiers_are_only_text(test_data: Path) -> None:
    own = test_data / "attacks" / "own"
    values = json.loads((own / "values.json").read_text(encoding="utf-8"))
    attacks = json.loads((own / "formulas.json").read_text(encoding="utf-8"))
    attacks += [one for group in values.values() for one in group if isinstance(one, str)]
    attacks += [one for pair in values["id_pairs_distinct"] for one in pair]
    shown = page(report([request("PR1", "New", [line(n, 1, description=one) for n, one in enumerate(attacks)])]))
    assert [row["description"] for row in table_of(shown, "lines")] == [visible(one) for one in attacks]


def test_control_characters_never_reach_the_page() -> None:
    written = render(everywhere("a\x00b\x1bc\x7fd\u202ee\ud800f"))
    assert r"a\x00b\x1bc\x7fd\u202ee\ud800f" in written
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", written)


def test_the_policy_lets_one_script_run_and_nothing_else_load() -> None:
    shown = page(demo())
    (policy,) = found(shown, "//meta[@http-equiv='Content-Security-Policy']")
    rules = dict(rule.strip().split(" ", 1) for rule in str(policy.get("content")).split(";"))
    (script,) = found(shown, "//script[not(@type)]")
    digest = base64.b64encode(hashlib.sha256(str(script.text).encode()).digest()).decode()
    assert rules == {
        "default-src": "'none'",
        "style-src": "'unsafe-inline'",
        "script-src": f"'sha256-{digest}'",
        "img-src": "data:",
        "base-uri": "'none'",
        "form-action": "'none'",
    }


def test_the_policy_stands_before_anything_it_governs() -> None:
    written = render(demo())
    assert written.index("Content-Security-Policy") < min(written.index(tag) for tag in ("<style", "<script", "<link"))


def test_the_script_and_the_style_are_the_same_whatever_the_report_says() -> None:
    one, other = page(demo()), page(everywhere(HOSTILE[0]))
    for name in ("script[not(@type)]", "style"):
        assert [element.text for element in found(one, f"//{name}")] == [
            element.text for element in found(other, f"//{name}")
        ]


def test_nothing_of_the_page_lies_elsewhere() -> None:
    written = render(demo())
    assert not re.search(r"https?:|//[a-z]|@import|url\(", re.sub(r"<title>.*?</title>", "", written))
    assert not found(page(demo()), "//img|//iframe|//object|//embed|//script[@src]|//link[@rel='stylesheet']")


def test_an_address_is_shown_by_its_initials_alone() -> None:
    written = render(report([request("PR1", "New", [], requester_email="dana.fields@cronus.example")]))
    assert "D. F." in written
    assert "dana" not in written
    assert "cronus.example" not in written
