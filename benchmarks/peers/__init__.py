"""The standard life in other engines of durable execution, beside the floor and our complaint, in one session."""

QUEUE = "lives"
"""The queue through which lives begin in DBOS."""
