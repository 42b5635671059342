"""Load code and templates before processes are forked, so that all share one copy in memory."""

import ctypes
import gc
import logging
import mimetypes
from typing import Any, cast

from django.conf import settings
from django.db import connections
from django.template import TemplateSyntaxError, engines
from django.template.loader import get_template
from django.urls import reverse
from django.utils import translation
from django.utils.formats import get_format

logger = logging.getLogger(__name__)
MALLOC_OPTIONS = {-8: 1, -3: 65_536, -1: 131_072}  # M_ARENA_MAX, M_MMAP_THRESHOLD, M_TRIM_THRESHOLD


def load_code() -> None:
    """Import the views and the admin, compile the templates and read the translations; queries no database."""
    mimetypes.init()
    with translation.override(settings.LANGUAGE_CODE):
        translation.gettext("")
        get_format("DATE_FORMAT")
        reverse(settings.LOGIN_URL)  # imports every view
    for backend in engines.all():
        cast(Any, backend).engine.template_context_processors  # noqa: B018  # imports them
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
    return_freed_memory()
    gc.freeze()


def return_freed_memory() -> None:
    """Let glibc return what is freed to the system, now and in the processes forked later.

    By default each thread has a pool that only grows: a thread's compressor and its cache of the database stay in it.
    """
    library = ctypes.CDLL(None)
    if hasattr(library, "mallopt") and hasattr(library, "malloc_trim"):  # glibc
        for option, value in MALLOC_OPTIONS.items():
            library.mallopt(option, value)
        library.malloc_trim(0)
