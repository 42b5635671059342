"""Blocks of bytes as a temporary file."""

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import IO

from django.conf import settings


@contextmanager
def block_file(blocks: Iterable[bytes]) -> Iterator[IO[bytes]]:
    """Yield a temporary file that holds all of `blocks`, at its start."""
    with tempfile.TemporaryFile(dir=settings.TEMP_DIR) as stream:
        for block in blocks:
            stream.write(block)
        stream.seek(0)
        yield stream
