"""One module a migration, in the order of their numbers. A released migration is never edited."""
