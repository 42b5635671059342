"""Videos."""

import re
from urllib.parse import parse_qs, urlencode, urlsplit

from django.db import models

from resources.models.resource import Resource


class Video(Resource):
    """A video: on a platform, or a file of its own (its role is main)."""

    url = models.URLField(
        "dirección del video",
        max_length=500,
        blank=True,
        help_text="La dirección pública del video. Vacío si no se conoce; entonces marque «enlace por verificar».",
    )
    transcript = models.TextField(
        "transcripción", blank=True, help_text="Lo que se dice y se ve, en texto. Acepta Markdown."
    )

    class Meta:
        verbose_name = "video"
        verbose_name_plural = "videos"

    @property
    def is_reachable(self) -> bool:
        """Tell whether it can be played, here or on a platform."""
        return bool(self.url) or super().is_reachable


PLAYER = "https://www.youtube-nocookie.com/embed/"

HOSTS = {"youtube.com", "youtube-nocookie.com", "youtu.be"}

OPTIONS = {
    "autoplay": 1,
    "cc_load_policy": 1,
    "disablekb": 1,
    "hl": "es",
    "playsinline": 1,
    "rel": 0,
}
"""Play at once (the visitor has asked), with captions, without keys of its own, in Spanish, in place."""


def youtube_player(url: str) -> str:
    """Return the address of the player for the video at `url`; "" for any other platform or no video."""
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.").removeprefix("m.")
    if parts.scheme not in ("http", "https") or host not in HOSTS:
        return ""
    path = parts.path.strip("/")
    if host == "youtu.be":
        video = path
    elif path == "watch":
        video = parse_qs(parts.query).get("v", [""])[0]
    else:
        room, _, video = path.partition("/")
        video = video if room in ("embed", "shorts", "live", "v") else ""
    return (
        f"{PLAYER}{video}?{urlencode(OPTIONS)}"
        if re.fullmatch(r"[\w-]{11}", video, re.ASCII)
        else ""
    )
