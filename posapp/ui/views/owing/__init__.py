"""Who owes the shop, how much and since when."""
