"""Load code and templates before processes are forked, so that all share one copy in memory."""

import gc
import logging

from django.conf import settings
from django.db import connections
from django.template import TemplateSyntaxError
from django.template.loader import get_template
from django.urls import get_resolver
from django.utils import translation

logger = logging.getLogger(__name__)


def load_code() -> None:
    """Import the views and the admin, compile the templates and read the translations; queries no database."""
    get_resolver().url_patterns  # noqa: B018  # imports every view
    with translation.override(settings.LANGUAGE_CODE):
        translation.gettext("")
    folder = settings.BASE_DIR / "templates"
    for path in sorted(folder.rglob("*.html")):
        try:
            get_template(path.relative_to(folder).as_posix())
        except TemplateSyntaxError:  # the pages that need it report it
            logger.exception("The template %s cannot be compiled.", path.name)


def freeze() -> None:
    """Prepare for a fork: close database connections, and keep loaded objects out of garbage collection.

    A collection writes to every object that it visits, and a page of memory that one process writes is no longer shared.
    """
    connections.close_all()
    gc.collect()
    gc.freeze()
