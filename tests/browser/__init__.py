"""In a real Chromium: what people see, press and hear."""
