"""The search: analysis, parser, engines, page, quality."""
