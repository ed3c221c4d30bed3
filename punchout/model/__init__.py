"""What every part shares: exact numbers, moments, codes and frozen records. Standard library only."""
