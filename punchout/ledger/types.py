"""Column types that mean something: exact numbers, instants, surrogate keys. The same on both databases."""

import sqlalchemy as sa


class Exact(sa.BigInteger):
    """A quantity, price or amount in millionths."""

    cache_ok = True


class Instant(sa.BigInteger):
    """Microseconds since 1970-01-01T00:00:00Z."""

    cache_ok = True


# SQLite only hands out row ids for a column declared INTEGER.
Surrogate = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
