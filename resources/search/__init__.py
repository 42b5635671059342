"""Spanish search: text → stems → hits. Knows no resource and no view; engines store opaque stems."""
