"""What was typed, parsed to a query."""
