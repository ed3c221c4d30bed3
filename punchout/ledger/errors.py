"""What a unit of work refuses a person."""


class NotPossibleError(ValueError):
    """The state does not allow the step; the message says what it is and what would be needed."""
