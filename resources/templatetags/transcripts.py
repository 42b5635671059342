"""The transcript of a video for its page: passages with times, chapters."""

from collections.abc import Sequence
from typing import NamedTuple

from django import template

from resources.files.transcripts import captions_of, passages_of
from resources.kinds.video import Video, youtube_player
from resources.models import FileVersion, ResourceFile
from resources.templatetags.markdown import Heading, headings_of

register = template.Library()
MOST_CHAPTERS = 40
HAS_TEXT = (FileVersion.TextStatus.OK, FileVersion.TextStatus.PARTIAL)


class Transcript(NamedTuple):
    """Captions that have text; `can_seek`: whether the page has a player that a time can be sent to."""

    captions: FileVersion | None
    chapters: list[Heading]
    can_seek: bool


@register.simple_tag
def transcript_of(video: Video, files: Sequence[ResourceFile]) -> Transcript:
    """Return what the page of `video` shows beside its player, without a query."""
    captions = captions_of(video, files)
    main = files[0].current if files else None
    is_here = bool(main and main.media_type.startswith("video/") and not main.is_withheld)
    chapters = headings_of(video.transcript)[:MOST_CHAPTERS]
    return Transcript(
        captions if captions and captions.text_status in HAS_TEXT else None,
        chapters if len(chapters) > 1 else [],
        is_here or bool(youtube_player(video.url)),
    )


register.filter("passages", passages_of)
