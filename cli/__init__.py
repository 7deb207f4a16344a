"""What the commands of ``starter.py`` do, and how they show it."""
