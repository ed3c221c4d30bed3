"""What a person should know of: one small rule a code, grouped by what it is about."""
