"""Everything that Dagster knows of this project, put together. No asset, resource or sensor is implemented here.

Loading it reads from the settings how the feeds are called, each of which has a sensor, and nothing else of them;
settings that cannot be read keep nothing from being loaded. It opens no database and imports neither pandas nor Great
Expectations.
"""

from collections.abc import Mapping

import dagster as dg

from assets import business_central, inbound, outbound, reconciliation, reports
from pipelines.jobs import JOBS
from pipelines.resources import bindings
from pipelines.schedules import SCHEDULES
from pipelines.sensors import all_sensors
from resources.settings import Settings, load_settings

ASSETS = (
    inbound.received_documents,
    inbound.parsed_documents,
    business_central.punchout_requests,
    business_central.purchase_orders,
    reconciliation.reconciliation,
    outbound.order_candidates,
    outbound.order_requests,
    outbound.order_responses,
    outbound.bc_updates,
    reports.tracking_report,
)
CHECKS = (outbound.candidates_agree_with_their_purchase_orders,)


@dg.definitions
def definitions() -> dg.Definitions:
    """Return the definitions as Dagster's processes load them."""
    return build_definitions()


def build_definitions(
    *, settings: Settings | None = None, resource_overrides: Mapping[str, object] | None = None
) -> dg.Definitions:
    """Put the definitions together.

    Args:
        settings: what runs and sensors work with; else each reads the settings of its process when it starts.
        resource_overrides: resources that stand in for others, by key.
    """
    read_settings = load_settings if settings is None else lambda: settings
    return dg.Definitions(
        assets=ASSETS,
        asset_checks=CHECKS,
        jobs=JOBS,
        schedules=SCHEDULES,
        sensors=all_sensors(read_settings),
        # Also for what is started from the graph, without a job of ours.
        executor=dg.in_process_executor,
        resources={**bindings(settings), **(resource_overrides or {})},
    )
