"""What exists and how it is made: thin Dagster assets and their checks, one module a group."""
