"""What happens when thousands of deadlines run out in one second, beside plain timers with the same effects."""
