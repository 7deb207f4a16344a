"""What one complaint costs from receipt to archive, beside the cheapest workflow with the same stimuli and effects."""
