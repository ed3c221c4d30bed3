"""Business Central's side: exports become rows, and updates go back."""
