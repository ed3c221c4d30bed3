"""Assets of the group `reports`: what people read."""

import dagster as dg

from punchout.ledger.engine import reading
from punchout.reports.tracking import write_tracking_report
from resources.reporting import Reporting


@dg.asset(
    deps=["line_positions", "line_matches", "request_stages", "exceptions", "bc_updates"],
    group_name="reports",
    owners=["team:purchasing", "team:accounts-payable"],
    kinds={"html"},
    description="Where every punchout request stands, as one file that is read without a network.",
)
def tracking_report(reporting: dg.ResourceParam[Reporting]) -> dg.MaterializeResult[None]:
    """Write the tracking report."""
    with reading(reporting.engine) as connection:
        path = write_tracking_report(connection, reporting.out_dir, reporting.as_of, zone=reporting.zone)
    return dg.MaterializeResult(
        metadata={"path": dg.MetadataValue.path(str(path)), "bytes": dg.MetadataValue.int(path.stat().st_size)}
    )
