"""The three-way match of lines, as people read it: what was ordered, what came, what is billed, and what decided.

The numbers, the words and the tolerances are those of the status object (`punchout.reconciliation.three_way`). A line
has none between an upgrade of the ledger and the next sync; then every text is empty.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from punchout.model.exact import format_decimal
from punchout.reconciliation.accounts import MatchWord
from punchout.reports.amounts import LOCAL_CURRENCY, millionths, money, worth
from punchout.reports.text import visible

RULES: Final[Mapping[str, str]] = {
    MatchWord.NO_ORDER.value: "no purchase order is known",
    MatchWord.CURRENCY.value: "billed in another currency than that of the order",
    MatchWord.UNIT.value: "billed in another unit of measure than that of the order",
    MatchWord.QUANTITY_OVER.value: "more is billed than agreed",
    MatchWord.PRICE.value: "a billed price is above the expected one by more than the tolerance",
    MatchWord.NOT_RECEIVED.value: "more is billed than was received",
    MatchWord.QUANTITY_SHORT.value: "less is billed than agreed",
    MatchWord.NOT_INVOICED.value: "nothing is billed, or all of it credited",
    MatchWord.WITHIN_TOLERANCE.value: "a billed price is lower than expected, or higher within the tolerance",
    MatchWord.MATCHED.value: "quantity and price are as agreed",
}
"""What decided for a word, the worst first. Agreed is what was accepted, as ordered where nothing is answered."""

_RANKS: Final[Mapping[str, int]] = {word: rank for rank, word in enumerate(RULES)}
_LOOKS: Final[Mapping[str, str]] = {
    MatchWord.QUANTITY_SHORT.value: "short",
    MatchWord.NOT_INVOICED.value: "open",
    MatchWord.WITHIN_TOLERANCE.value: "near",
    MatchWord.MATCHED.value: "same",
}
_BAD: Final = "bad"


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchCells:
    """One line in the match, every value as text.

    Attributes:
        word: the verdict.
        words: every word that applies, the worst first.
        look: how the verdict is marked.
        billed_in: the currency of all amounts here.
        quantity_variance: what is billed less what was agreed.
        came: what was shipped, at the expected price.
        price_base: whose price the expected one is: `confirmed`, `ordered`, `agreed`.
        at_variance: what billed prices beyond the tolerance cost more.
    """

    word: str = ""
    words: str = ""
    look: str = ""
    billed_in: str = ""
    quantity_variance: str = ""
    received: str = ""
    credited: str = ""
    came: str = ""
    billed: str = ""
    at_variance: str = ""
    price_expected: str = ""
    price_base: str = ""
    price_tolerance: str = ""
    price_invoiced: str = ""
    tax_expected: str = ""
    tax_tolerance: str = ""
    tax_invoiced: str = ""
    charges: str = ""
    charges_expected: str = ""
    charges_tolerance: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WordCount:
    """How many lines have a verdict; `look` is that of the worst of them."""

    word: str
    rule: str
    look: str
    lines: int


_NONE = MatchCells()


def match_cells(line: Mapping[str, Any]) -> MatchCells:
    """Return the match of a line of the status object."""
    match = line.get("match")
    if match is None:
        return _NONE
    currency = match["currency"]
    return MatchCells(
        word=visible(match["word"]),
        words=", ".join(match["words"]),
        look=_look(match),
        billed_in=visible(currency or LOCAL_CURRENCY),
        quantity_variance=quantity_variance(match),
        received=match["received"] or "",
        credited=_if_any(match["credited"]),
        came=_amount(worth(match["shipped"], match["price_expected"], currency), currency),
        billed=_amount(millionths(match["amount_invoiced"]), currency),
        at_variance=_amount(millionths(match["amount_at_variance"]), currency),
        price_expected=match["price_expected"] or "",
        price_base=match["price_base"] or "",
        price_tolerance=match["price_tolerance"] or "",
        price_invoiced=match["price_invoiced"] or "",
        tax_expected=match["tax_expected"] or "",
        tax_tolerance=match["tax_tolerance"] or "",
        tax_invoiced=match["tax_invoiced"] or "",
        charges=_if_any(match["charges"]),
        charges_expected=match["charges_expected"] or "",
        charges_tolerance=match["charges_tolerance"],
    )


def quantity_variance(match: Mapping[str, Any]) -> str:
    """Return what is billed less what should be, with its sign; nothing where they agree or nothing is billed."""
    off = millionths(match["invoiced"]) - millionths(match["effective"])
    return f"{'+' if off > 0 else ''}{format_decimal(off)}" if off and _is_billed(match) else ""


def worst_match(lines: Sequence[Mapping[str, Any]]) -> MatchCells:
    """Return the worst match of these lines, an empty one where there is none."""
    judged = [line for line in lines if line.get("match")]
    return match_cells(min(judged, key=lambda line: _standing(line["match"]))) if judged else _NONE


def counted_words(requests: Sequence[Mapping[str, Any]]) -> list[WordCount]:
    """Count lines by verdict, the worst first."""
    found: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for match in (line.get("match") for request in requests for line in request["lines"]):
        if match is not None:
            found[match["word"]].append(match)
    counts = []
    for word in sorted(found, key=_rank):
        worst = min(found[word], key=_standing)
        counts.append(
            WordCount(word=visible(word), rule=RULES.get(word, ""), look=_look(worst), lines=len(found[word]))
        )
    return counts


def match_order(requests: Sequence[Mapping[str, Any]]) -> list[int]:
    """Return the places of all lines that have a verdict: what is billed first, the worst before the rest.

    Of equals what costs most comes first. A place counts through the lines of all requests, from 0.
    """
    matches = [line.get("match") for request in requests for line in request["lines"]]
    judged = [(place, match) for place, match in enumerate(matches) if match is not None]
    return [place for place, match in sorted(judged, key=lambda one: (*_standing(one[1]), -_weight(one[1]), one[0]))]


def _standing(match: Mapping[str, Any]) -> tuple[bool, int]:
    """Return how bad a match is, least for the worst; a cart that nobody has ordered is no worry before its bill."""
    return not _is_billed(match), _rank(match["word"])


def _is_billed(match: Mapping[str, Any]) -> bool:
    return any(millionths(match[name]) for name in ("invoiced", "credited", "amount_invoiced"))


def _look(match: Mapping[str, Any]) -> str:
    look = _LOOKS.get(match["word"], _BAD)
    return look if look != _BAD or _is_billed(match) else _LOOKS[MatchWord.NOT_INVOICED.value]


def _rank(word: str) -> int:
    # A word of a later version comes first: nobody here can say that it is harmless.
    return _RANKS.get(word, -1)


def _weight(match: Mapping[str, Any]) -> int:
    return millionths(match["amount_at_variance"]) or abs(millionths(match["amount_invoiced"]))


def _amount(amount: int, currency: str | None) -> str:
    return money(amount, currency) if amount else ""


def _if_any(text: str) -> str:
    return "" if text == "0" else text
