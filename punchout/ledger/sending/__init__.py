"""Orders on their way out: written down, held, released, marked, sent, answered, repeated or given up."""
