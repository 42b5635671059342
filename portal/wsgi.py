"""The WSGI application that gunicorn serves: Django's, behind the page cache."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django_application = get_wsgi_application()

from django.conf import settings  # noqa: E402  # models load with the application

from portal.middleware.view_counts import count_cached_view, write_view_counts  # noqa: E402
from resources.page_cache import PageCache, StampReader  # noqa: E402

application = (
    django_application  # whoever writes templates wants to see them
    if settings.DEBUG
    else PageCache(django_application, StampReader(), count_cached_view, write_view_counts)
)
