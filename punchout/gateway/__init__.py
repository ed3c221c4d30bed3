"""The HTTP door: inbound cXML, and what browsers come by for a punchout (ASGI)."""
