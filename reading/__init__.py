"""Documents read as pages of the site: their text by page, articles of laws, versions compared."""
