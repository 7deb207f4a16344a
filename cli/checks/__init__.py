"""What ``starter.py doctor`` looks at. A check looks, touches nothing, and says what to do."""
