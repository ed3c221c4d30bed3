"""Data-quality rules over a batch, as plain data: what must hold of a Business Central export before ordering goes on.

They speak of a whole batch only. What is wrong with one row holds that row's order, in the ledger. Loading this module
loads neither Great Expectations nor pandas; `expectations` evaluates the rules.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from punchout.model.codes import Code
from resources.business_central.columns import CONTENTS, ContentName


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule.

    Attributes:
        name: reads as a fact, and is the name of the check.
        description: for a person who sees it fail.
        expectation: the type of Great Expectations' expectation.
        arguments: what the expectation is asked with.
        code: the reason code of a failure.
    """

    name: str
    description: str
    expectation: str
    code: Code
    arguments: Mapping[str, object] = field(default_factory=dict)


_NOUNS: dict[ContentName, tuple[str, str]] = {
    "bc_requests": ("request", "punchout requests"),
    "bc_orders": ("purchase_order", "purchase orders"),
}


def export_rules(
    content: ContentName, *, previous_rows: int | None = None, largest_shrink_percent: int = 20
) -> tuple[Rule, ...]:
    """Return the rules of one feed, always of the same names, for a frame of header rows.

    Args:
        content: which rows the feed carries.
        previous_rows: the number of rows of the last accepted full export, where both it and this one are full; None
            where there is nothing to compare with.
        largest_shrink_percent: how many of them may be gone; rows vanish when Business Central posts and archives, so
            some always do. Rounded in favour of the export, or a single request could never go.
    """
    noun, plural = _NOUNS[content]
    form = CONTENTS[content]
    key = form.header[0].name
    least = (previous_rows or 0) * (100 - largest_shrink_percent) // 100
    return (
        Rule(
            name=f"{noun}_columns_are_complete",
            description=f"Every column of the exchange format is in the export of {plural}.",
            expectation="expect_table_columns_to_match_set",
            arguments={"column_set": [column.name for column in form.header], "exact_match": False},
            code=Code.EXPORT_INVALID,
        ),
        Rule(
            name=f"{noun}_numbers_are_unique",
            description=f"No number stands twice in the export of {plural}.",
            expectation="expect_column_values_to_be_unique",
            arguments={"column": key},
            code=Code.EXPORT_INVALID,
        ),
        Rule(
            name=f"{noun}_count_has_not_collapsed",
            description=f"A full export has at least {least} {plural}: the last one less {largest_shrink_percent} %.",
            expectation="expect_table_row_count_to_be_between",
            arguments={"min_value": least},
            code=Code.SNAPSHOT_REGRESSION,
        ),
    )
