"""cXML bytes become frozen records, and an order becomes cXML bytes: lxml and `punchout.model` only."""
