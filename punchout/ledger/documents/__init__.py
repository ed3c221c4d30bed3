"""Bytes that came in: received once, judged, answered, kept in quarantine, read again."""
