"""Complaints under fire: everything that can fail is made to fail, and an independent checker looks for losses."""
