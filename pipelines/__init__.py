"""When and where things run: Dagster definitions, jobs, schedules, sensors, and the binding of resources."""
