"""Assets of the group `business_central`: punchout requests and purchase orders as Business Central exports them.

Each judges the latest export before it is imported. Its checks do not block: they shut a gate that ordering and
sending read, and everything else goes on.
"""

import dagster as dg

from assets.inbound import received_documents
from assets.metadata import Counts, described
from punchout.model.codes import Code, Severity
from resources.business_central.columns import ContentName
from resources.exchange import Exchange
from resources.expectations import Expectations
from resources.import_checks import Finding, ImportVerdict, check_names, check_waiting_export

_GROUP = "business_central"
_OWNERS = ["team:purchasing"]
_KINDS = {"json", "csv", "sql"}


def _specs(asset: str, content: ContentName) -> list[dg.AssetCheckSpec]:
    return [
        dg.AssetCheckSpec(name=name, asset=asset, description=description, blocking=False)
        for name, description in check_names(content).items()
    ]


@dg.asset(
    deps=[received_documents],
    group_name=_GROUP,
    owners=_OWNERS,
    kinds=_KINDS,
    check_specs=_specs("punchout_requests", "bc_requests"),
    description="Punchout requests and their lines, one row for each version that Business Central exported.",
)
def punchout_requests(
    exchange: dg.ResourceParam[Exchange], expectations: dg.ResourceParam[Expectations]
) -> dg.MaterializeResult:  # type: ignore[type-arg] # Dagster knows it bare only where checks are reported with it
    """Judge and import received exports of punchout requests."""
    return _imported("punchout_requests", "bc_requests", exchange, expectations)


@dg.asset(
    deps=[received_documents],
    group_name=_GROUP,
    owners=_OWNERS,
    kinds=_KINDS,
    check_specs=_specs("purchase_orders", "bc_orders"),
    description="Purchase orders and their lines, one row for each version that Business Central exported.",
)
def purchase_orders(
    exchange: dg.ResourceParam[Exchange], expectations: dg.ResourceParam[Expectations]
) -> dg.MaterializeResult:  # type: ignore[type-arg] # Dagster knows it bare only where checks are reported with it
    """Judge and import received exports of purchase orders."""
    return _imported("purchase_orders", "bc_orders", exchange, expectations)


def _imported(
    asset: str, content: ContentName, exchange: Exchange, expectations: Expectations
) -> dg.MaterializeResult[None]:
    verdict = check_waiting_export(exchange, expectations, content)
    done = exchange.import_exports(content)
    counts: Counts = {
        "exports": done.total,
        "export_rows": done.rows,
        "export_rows_new": done.new_rows,
        "quarantined": {Code.EXPORT_INVALID.value: done.refused} if done.refused else {},
    }
    return dg.MaterializeResult(
        metadata=described(asset, exchange.engine, counts),
        check_results=[_result(content, finding, verdict) for finding in verdict.findings],
    )


def _result(content: ContentName, finding: Finding, verdict: ImportVerdict) -> dg.AssetCheckResult:
    is_grave = finding.code.severity in {Severity.CRITICAL, Severity.ERROR}
    metadata: dict[str, dg.MetadataValue] = {
        "exports_waiting": dg.MetadataValue.int(verdict.waiting),
        "gate": dg.MetadataValue.text("shut" if content in verdict.shut else "open"),
    }
    if verdict.document_id is None:
        metadata["note"] = dg.MetadataValue.text("no new export; the gate stays as it is")
    else:
        metadata["document"] = dg.MetadataValue.text(str(verdict.document_id))
    if finding.unexpected_count is not None:
        metadata["unexpected_rows"] = dg.MetadataValue.int(finding.unexpected_count)
    if finding.observed is not None:
        metadata["observed"] = dg.MetadataValue.int(finding.observed)
    if not finding.passed:
        metadata |= {
            "code": dg.MetadataValue.text(finding.code.value),
            "action": dg.MetadataValue.text(finding.code.action),
            "error": dg.MetadataValue.text(finding.error or ""),
        }
    return dg.AssetCheckResult(
        check_name=finding.name,
        passed=finding.passed,
        severity=dg.AssetCheckSeverity.ERROR if is_grave else dg.AssetCheckSeverity.WARN,
        metadata=metadata,
    )
