"""Complaints from other systems' files."""
