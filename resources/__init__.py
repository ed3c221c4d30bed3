"""The outside world as plain clients and settings, without Dagster."""
