"""Results: matches, ranking and highlights."""
