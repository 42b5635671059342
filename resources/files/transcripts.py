"""The transcript of a video from its captions: passages with their times, from the page texts that the inspection stored."""

from collections.abc import Sequence
from typing import NamedTuple

from resources.models import FileVersion, PageText, Resource, ResourceFile
from resources.models.files import CAPTION_TYPES


class Passage(NamedTuple):
    """Some sentences of a transcript; `second`: when they begin."""

    second: int
    text: str

    @property
    def clock(self) -> str:
        """Return the time as a player shows it."""
        return clock(self.second)


def clock(second: int) -> str:
    """Format a time within a recording: "3:25", "1:02:07"."""
    minutes, seconds = divmod(second, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def captions_of(resource: Resource, files: Sequence[ResourceFile]) -> FileVersion | None:
    """Return the current captions among `files`: those in the language of the resource, or the first."""
    found = [
        file
        for file in files
        if file.role == ResourceFile.Role.CAPTIONS
        and file.current
        and file.current.media_type in CAPTION_TYPES
        and not file.current.is_withheld
    ]
    found.sort(key=lambda file: file.language != resource.language)
    return found[0].current if found else None


def passages_of(version: FileVersion) -> list[Passage]:
    """Return the passages of captions in the order of their times."""
    rows = PageText.objects.filter(version=version).order_by("page").values_list("page", "text")
    return [Passage(second, " ".join(text.split())) for second, text in rows]


def transcript_as_text(title: str, url: str, written: str, passages: Sequence[Passage]) -> str:
    """Return a transcript as plain text: `written` by an editor, else the `passages`, each after its time."""
    body = written.strip() or "\n\n".join(f"[{each.clock}] {each.text}" for each in passages)
    return f"{title}\n{url}\n\n{body}\n"
