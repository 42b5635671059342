"""Progress of a long command on one line of a terminal."""

from collections.abc import Callable
from typing import Any


def progress_line(stream: Any) -> Callable[[str, int, int], None]:
    """Return a function that rewrites one line of `stream`; where that is no terminal it writes each label's end only."""

    def show(label: str, done: int, of: int) -> None:
        if stream.isatty():
            stream.write(f"\r{done} de {of} {label}", ending="\n" if done == of else "")
        elif done == of:
            stream.write(f"{of} {label}")

    return show
