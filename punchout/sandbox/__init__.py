"""A stand-in Amazon and a stand-in Business Central with an oracle of their own. Imports nothing of the product."""
