"""Verifies a ledger as it is configured: the promises of `punchout.ledger.verify` with this company's rules."""

from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from cxml_parsers.reader import ReadingRules
from punchout.ledger.engine import reading
from punchout.ledger.fact_rows import CXML_KINDS
from punchout.ledger.verify import VerifyContext, verify
from resources import policies as from_settings
from resources.business_central.exports import read_export
from resources.exchange import wall_clock
from resources.settings import Settings


def verify_ledger(settings: Settings, engine: sa.Engine) -> dict[str, Any]:
    """Check every promise on the live ledger, read-only."""
    context = VerifyContext(
        ReadingRules(
            max_bytes=settings.documents.max_bytes,
            naive_zone=ZoneInfo(settings.supplier.naive_zone),
            kinds=CXML_KINDS,
        ),
        read_export,
        from_settings.policies(settings),
        wall_clock(),
    )
    with reading(engine) as connection:
        return verify(connection, context)
