"""Findings about what people decided: decisions that count for nothing, because what they name is not in the request.

How a decision finds what it is about is `decision_names`.
"""

from collections.abc import Iterator

from punchout.model.codes import Code
from punchout.model.decisions import AnalystDecision
from punchout.reconciliation.assessment import Assessment
from punchout.reconciliation.decision_names import PASSING
from punchout.reconciliation.line_map import Basis
from punchout.reconciliation.results import ExceptionFound
from punchout.reconciliation.rulings import place_key
from punchout.reconciliation.subjects import of_request

_HASH = 64
_HASH_SHOWN = 12


def unplaced(assessment: Assessment) -> Iterator[ExceptionFound]:
    """Report decisions for an order or a line that the request has not; while its lines may still come, none.

    They were about a purchase order that the request has claimed since, or put a place on a line that is there no more.
    """
    if assessment.basis.basis is Basis.CART:
        return
    kept = [one.kept for one in assessment.decided if one.counts is None]
    kept += [one.counts for one in assessment.decided if one.counts is not None and _is_lost(assessment, one.counts)]
    if kept:
        detail = "; ".join(sorted({_said(one) for one in kept}))
        since = min(one.at for one in kept)
        yield of_request(assessment, Code.DECISION_UNPLACED, at_risk=0, detail=detail, since=since)


def _is_lost(assessment: Assessment, one: AnalystDecision) -> bool:
    """Tell whether a place of this request was put on a line that is there no more, and nobody decided otherwise."""
    if one.kind != "link" or PASSING.fullmatch(one.line_key or "") is None:
        return False
    here = {place_key(link.body_sha256, link.ordinals) for link in assessment.links}
    here |= {place_key(*miss.mention.key) for miss in assessment.unmatched}
    keys = {line.mapped.key for line in assessment.lines}
    stands = assessment.rulings.links.get(one.subject) == one.line_key
    return one.subject in here and stands and one.line_key not in keys


def _said(one: AnalystDecision) -> str:
    subject = one.subject if one.line_key is None else f"{one.subject[:_HASH_SHOWN]}{one.subject[_HASH:]}"
    named = subject if one.line_key is None else f"{subject} to {one.line_key}"
    code = "" if one.code is None else f" {one.code}"
    return f"{one.kind}{code} of {named} by {one.by}: there is no such order or line"
