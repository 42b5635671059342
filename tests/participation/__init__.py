"""The public talks back."""
