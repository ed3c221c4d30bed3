"""How fast the parts are, as ratios to a baseline measured in the same run."""
