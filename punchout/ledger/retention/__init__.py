"""Erasing bytes and personal data after their time: what may go, what stays and why, and who decided it."""
