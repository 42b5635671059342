"""A Django site of one view that answers every address with the same bytes: the least that Django takes."""

import os
from pathlib import Path

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import re_path

PAGE = Path(os.environ["CONSTANT_PAGE"]).read_bytes()


def page(request: HttpRequest) -> HttpResponse:
    """Answer with the page."""
    return HttpResponse(PAGE, headers={"Content-Encoding": "br", "Content-Length": str(len(PAGE))})


urlpatterns = [re_path("", page)]
settings.configure(SECRET_KEY="x", ALLOWED_HOSTS=["*"], ROOT_URLCONF=__name__, MIDDLEWARE=[])
application = get_wsgi_application()
