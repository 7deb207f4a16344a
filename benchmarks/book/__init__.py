"""What a book of very many open complaints costs, and how long staff wait in front of it."""
