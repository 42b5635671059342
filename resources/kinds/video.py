"""The kind video: on a platform or a file of its own, with its transcript."""

import re
from urllib.parse import parse_qs, urlencode, urlsplit

from django.db import models
from django.db.models import Q

from resources.models.files import CAPTION_TYPES, FileVersion, ResourceFile
from resources.models.kind_spec import (
    Fieldset,
    KindField,
    KindSpec,
    Palette,
    QualityRule,
    register,
)
from resources.models.queries import exists_for
from resources.models.resource import Resource

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
        """Return whether it can be played, here or on a platform."""
        return bool(self.url) or super().is_reachable


def _quality_rules() -> tuple[QualityRule, ...]:
    return (
        QualityRule(
            120,
            "transcripcion",
            "sin subtítulos ni transcripción",
            "Quien no oye el video no recibe nada: agregue la transcripción, o los subtítulos como archivo.",
            ("transcript",),
            Q(exists_for(Video, "pk", transcript=""))
            & ~Q(exists_for(ResourceFile, "resource", role="captions", current__isnull=False)),
        ),
        QualityRule(
            130,
            "subtitulos",
            "subtítulos que no se reproducen",
            "Un archivo de subtítulos está como otra cosa y el video no lo muestra: elija «Subtítulos» en «para qué sirve».",
            (),
            Q(
                exists_for(
                    FileVersion,
                    "current_of__resource",
                    ~Q(current_of__role="captions"),
                    media_type__in=CAPTION_TYPES,
                    withheld_on=None,
                )
            ),
        ),
    )


SPEC = register(
    KindSpec(
        Video,
        slug="video",
        order=40,
        hint="Algo para ver: en una plataforma o un archivo propio.",
        help_chapter="Publicar un video",
        palette=Palette("#8a2f0f", "#c4532a", "#f4bb9c"),
        cover_size=(320, 180),
        schema_type="VideoObject",
        schema_files="video",
        ris_type="VIDEO",
        dc_type="MovingImage",
        citation_medium="Video",
        fields=(
            KindField(
                "url",
                "De un video: dónde se ve.",
                desk="direccion_del_video",
                api="video",
                table="video",
                schema_org="sameAs",
            ),
            KindField(
                "duration",
                "De un video: cuánto dura (ISO 8601).",
                desk="duracion",
                api="duracion",
                schema_org="duration",
            ),
            KindField(
                "transcript",
                desk="transcripcion",
                schema_org="transcript",
                index="body",
                passage="transcripción",
                anchor="transcripcion",
            ),
        ),
        address_field="url",
        stated=("duration",),
        fieldsets=(
            Fieldset(
                "El video",
                ("url", "duration", "transcript"),
                "Puede estar en una plataforma (escriba su dirección) o ser un archivo propio (súbalo abajo, con "
                "sus subtítulos). El sitio no carga nada de la plataforma hasta que la persona lo pide.",
            ),
        ),
        quality_rules=_quality_rules,
    )
)


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
