"""Inspect a file in a sandboxed child process: a path in, frozen facts or a refusal out.

No Django in here, and no library that parses files is imported by importing this package: a hostile
file is only ever opened by the child process that `inspect_file` starts (see `runner` and `child`).
"""

from inspection.blocks import Block, DocumentText, ReadPage, Recognised
from inspection.facts import (
    Bookmark,
    FileFacts,
    FileRefused,
    Limits,
    SheetPreview,
    Table,
    WrittenPicture,
)
from inspection.runner import (
    draw_pages,
    inspect_file,
    preview_sheets,
    read_document,
    read_table,
    recognise_page,
)
from inspection.signatures import ALLOWED, FileType

__all__ = [
    "ALLOWED",
    "Block",
    "Bookmark",
    "DocumentText",
    "FileFacts",
    "FileRefused",
    "FileType",
    "Limits",
    "ReadPage",
    "Recognised",
    "SheetPreview",
    "Table",
    "WrittenPicture",
    "draw_pages",
    "inspect_file",
    "preview_sheets",
    "read_document",
    "read_table",
    "recognise_page",
]
