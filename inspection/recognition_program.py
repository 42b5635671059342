"""Tell whether Tesseract is installed and knows Spanish."""

import shutil
import subprocess

LANGUAGE = "spa"


def missing_program() -> str:
    """Return what has to be installed before pages can be recognised, "" where nothing is missing."""
    program = shutil.which("tesseract")
    if not program:
        return "tesseract-ocr"
    listed = subprocess.run(
        [program, "--list-langs"], capture_output=True, text=True, timeout=20, check=False
    )
    return "" if LANGUAGE in listed.stdout.split() else f"tesseract-ocr-{LANGUAGE}"
