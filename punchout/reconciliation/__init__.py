"""From the facts of one punchout request to its positions, stage, links and exceptions. Pure: no clock, no database."""
