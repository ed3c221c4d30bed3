"""What people decide: what they mean by a name, what it would change, and keeping it."""
