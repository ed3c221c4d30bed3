"""Which request a document belongs to: the identifiers it carries, and what placed documents teach about others."""
