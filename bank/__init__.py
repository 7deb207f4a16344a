"""A stand-in for the bank's systems over real HTTP, with stored state and faults, for demo, tests and chaos."""
