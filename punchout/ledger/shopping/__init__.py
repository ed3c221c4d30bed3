"""Punchout sessions: opened here, and the carts that browsers bring back."""
