"""Inspect a file in a sandboxed child process: a path in, frozen facts or a refusal out.

No Django in here, and no library that parses files is imported by importing this package: a hostile
file is only ever opened by the child process that `inspect_file` starts (see `runner` and `child`).
"""

from inspection.facts import (
    Bookmark,
    FileFacts,
    FileRefused,
    Limits,
    SheetPreview,
    Table,
    WrittenPicture,
)
from inspection.runner import inspect_file, preview_sheets, read_table
from inspection.signatures import ALLOWED, FileType

__all__ = [
    "ALLOWED",
    "Bookmark",
    "FileFacts",
    "FileRefused",
    "FileType",
    "Limits",
    "SheetPreview",
    "Table",
    "WrittenPicture",
    "inspect_file",
    "preview_sheets",
    "read_table",
]
