"""The schema, one module a class of table: facts, decisions, control, logs, projections."""
