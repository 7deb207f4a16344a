"""How programs outside the worker reach complaints: connecting, opening, sending, asking."""
