"""The punchout exchange: everything that is not a Dagster definition, a client or a cXML reader."""
