"""Touched requests are computed anew from everything that is known of them."""
