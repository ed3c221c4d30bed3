"""Who orders and where the goods go: the e-mail address and ShipTo of an order."""

import re

from punchout.model.business_central import BcOrder
from punchout.model.orders import Address
from punchout.ordering.refusals import Findings

# Dot-atom addresses only: what else RFC 5322 allows, no supplier's account has.
_EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+", re.ASCII)
_LONGEST_EMAIL = 254  # RFC 5321

# ISO 3166-1 alpha-2, as assigned.
_CODES = """
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC
    CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD
    GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH
    KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW
    MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC
    SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY
    UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW
"""
_COUNTRIES = frozenset(_CODES.split())


def email_address(text: str | None, findings: Findings) -> str:
    """Return the requester's address, by which the supplier finds the account's user."""
    address = findings.need(text, "requester e-mail").strip()
    if address and (_EMAIL.fullmatch(address) is None or len(address) > _LONGEST_EMAIL):
        findings.refuse("requester e-mail", f"is malformed: {address[:80]!r}")
    return address


def ship_to(order: BcOrder, email: str, findings: Findings) -> Address:
    """Return the purchase order's address; it is the only ship address of an order."""
    street = tuple(line for line in (order.ship_to_address_line1, order.ship_to_address_line2) if line)
    findings.need(street[0] if street else None, "shipTo.street")
    return Address(
        address_id=None,
        name=findings.need(order.ship_to_name, "shipTo.name"),
        deliver_to=(order.ship_to_contact,) if order.ship_to_contact else (),
        street=street,
        city=findings.need(order.ship_to_city, "shipTo.city"),
        state=order.ship_to_state,
        post_code=findings.need(order.ship_to_post_code, "shipTo.postCode"),
        country=country(order.ship_to_country, "shipTo.country", findings),
        email=email or None,
    )


def country(text: str | None, where: str, findings: Findings) -> str:
    """Return an ISO 3166-1 alpha-2 code."""
    code = findings.need(text, where).strip()
    if code and code not in _COUNTRIES:
        findings.refuse(where, f"is no ISO 3166-1 alpha-2 code: {code[:80]!r}")
    return code
