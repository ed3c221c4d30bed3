"""Evaluates data-quality rules over a frame with Great Expectations: the only module that touches it.

It is imported inside the call, since it takes seconds and well over a hundred megabytes. No value of a cell leaves
here, nothing is rendered, and nothing is sent anywhere. Which rules there are is in `quality_rules`.
"""

import logging
import os
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from resources.quality_rules import Rule

if TYPE_CHECKING:
    import pandas as pd
    from great_expectations.core import ExpectationValidationResult

# Counts only. Great Expectations' fuller formats carry values of cells, which come from outside, into whatever shows
# a result; its pages of results even run them as script.
_COUNTS_ONLY = {"result_format": "BASIC", "partial_unexpected_count": 0}
_RULE = "rule"
_LONGEST_ERROR = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of one rule.

    Attributes:
        rule: the rule.
        success: whether it holds. A rule that could not be evaluated does not.
        unexpected_count: how many rows break it, where it speaks of rows.
        observed: the number it measured, where it measures one.
        error: why it could not be evaluated, or which columns are missing.
    """

    rule: Rule
    success: bool
    unexpected_count: int | None = None
    observed: int | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Expectations:
    """Great Expectations behind one method, in memory, with nothing left behind."""

    def validate(self, suite: str, rules: Sequence[Rule], frame: "pd.DataFrame") -> list[Outcome]:
        """Evaluate rules over a frame; outcomes come in the order of the rules, whatever their order there.

        Raises:
            ValueError: two rules have the same name, or a rule's arguments are not what its expectation takes.
        """
        by_name = {rule.name: rule for rule in rules}
        if len(by_name) != len(rules):
            raise ValueError(f"the suite {suite} has two rules of the same name")
        with _quiet():
            results = dict(_results(suite, rules, frame))
        outcomes = {name: _outcome(by_name[name], result) for name, result in results.items() if name in by_name}
        return [outcomes.get(rule.name) or _not_evaluated(rule) for rule in rules]


def _results(
    suite: str, rules: Sequence[Rule], frame: "pd.DataFrame"
) -> "Iterator[tuple[str, ExpectationValidationResult]]":
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    asset = context.data_sources.add_pandas("frames").add_dataframe_asset(suite)
    batch = asset.add_batch_definition_whole_dataframe("whole").get_batch({"dataframe": frame})
    expectations = [
        {"type": rule.expectation, "kwargs": dict(rule.arguments), "meta": {_RULE: rule.name}} for rule in rules
    ]
    validated = batch.validate(gx.ExpectationSuite(name=suite, expectations=expectations), result_format=_COUNTS_ONLY)
    for result in validated.results:
        # In an order of its own: what could not be evaluated comes first.
        meta = (result.expectation_config.meta if result.expectation_config else None) or {}
        yield str(meta.get(_RULE)), result


@contextmanager
def _quiet() -> Iterator[None]:
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    # It logs what the outcome says anyway, and folders that it never makes.
    logger, nowhere = logging.getLogger("great_expectations"), logging.NullHandler()
    propagated = logger.propagate
    logger.addHandler(nowhere)
    logger.propagate = False
    try:
        with warnings.catch_warnings():
            # It imports modules of the standard library that are deprecated, which is no business of our callers.
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.propagate = propagated
        logger.removeHandler(nowhere)


def _outcome(rule: Rule, result: "ExpectationValidationResult") -> Outcome:
    found: Mapping[str, Any] = result.result or {}
    return Outcome(
        rule=rule,
        success=bool(result.success),
        unexpected_count=_whole(found.get("unexpected_count")),
        observed=_whole(found.get("observed_value")),
        error=_raised(result.exception_info) or _missing_columns(rule, found),
    )


def _not_evaluated(rule: Rule) -> Outcome:
    # An expectation that it does not know is dropped without a word.
    return Outcome(rule=rule, success=False, error="gave no result")


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _raised(info: Mapping[str, Any] | None) -> str | None:
    """Find the message of an exception: stated plainly, or once for each metric that could not be computed."""
    stated = info or {}
    for entry in (stated, *stated.values()):
        if isinstance(entry, Mapping) and entry.get("raised_exception"):
            return str(entry.get("exception_message"))[:_LONGEST_ERROR]
    return None


def _missing_columns(rule: Rule, found: Mapping[str, Any]) -> str | None:
    mismatched = (found.get("details") or {}).get("mismatched") or {}
    # Only names that the rule asked for: the export's own could say anything.
    asked = rule.arguments.get("column_set")
    missing = [name for name in asked if name in mismatched.get("missing", ())] if isinstance(asked, list) else []
    return f"missing: {', '.join(missing)}" if missing else None
