"""Read captions again that were stored before their texts had times."""

import logging

from django.core.exceptions import ValidationError
from django_tasks import task

from resources.files.reinspection import current_versions, inspect_again
from resources.lost_tasks import when_lost
from resources.models import PageText, SiteSettings
from resources.models.files import CAPTION_TYPES

logger = logging.getLogger(__name__)

AT_ONCE = 20  # files of one task: the worker does other things in between
WHOLE_TEXT = 1  # the page under which an earlier release stored the whole text; a passage may begin there too


@when_lost("No se terminaron de leer los subtítulos", repeats=True)
@task()
def read_captions_again(after: int = 0) -> None:
    """Inspect the captions above the primary key `after` that may have no times yet; some at a time."""
    whole = PageText.objects.filter(page=WHOLE_TEXT).values("version")
    versions = list(
        current_versions().filter(media_type__in=CAPTION_TYPES, pk__gt=after, pk__in=whole)[
            :AT_ONCE
        ]
    )
    for version in versions:
        try:
            if inspect_again(version) and version.file.resource.is_shown():
                SiteSettings.content_changed()
        except (OSError, ValidationError) as problem:  # the next update tries again
            logger.warning("The captions %s were not read again: %s", version, problem)
    if len(versions) == AT_ONCE:
        read_captions_again.enqueue(versions[-1].pk)
