"""The punchout command: what people and scripts call. It decides nothing; it asks the packages below and shows."""
