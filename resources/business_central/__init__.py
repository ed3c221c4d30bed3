"""Business Central's exchange format: its exports in, our update files out. Bytes in and out, no Dagster."""
