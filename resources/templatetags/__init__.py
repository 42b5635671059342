"""Template tags and filters: sizes, dates, covers, Markdown, form errors."""
