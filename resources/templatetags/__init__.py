"""What templates may ask for: how sizes, dates, pictures and Markdown are written."""
