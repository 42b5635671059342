"""Print the processor time of each public page after an edit, when no cache of the content holds it.

    VAR_DIR=/path/to/site python -m bench.cold [--runs 15] [--profile /path/]

Before each request content_version is incremented, as any edit does; the process is warm. Without VAR_DIR the sample is
seeded into a folder of its own.
"""

import argparse
import cProfile
import os
import pstats
import statistics
import tempfile
from collections.abc import Callable
from typing import Any

LINES = 45  # of a profile


def main() -> None:
    """Measure, or profile one page."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--profile", metavar="PATH", help="profile this page instead")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="recursos-bench-") as folder:
        is_own = "VAR_DIR" not in os.environ
        os.environ |= {"DJANGO_SETTINGS_MODULE": "portal.settings"}
        os.environ.setdefault("VAR_DIR", folder)
        import django

        django.setup()
        if is_own:
            fill()
        prepare()
        if options.profile:
            profile(options.profile)
            return
        for name, path in pages().items():
            least, middle = measure(path, options.runs)
            print(f"{name:>14} {least:6.1f} ms (median {middle:.1f})  {path}", flush=True)


def fill() -> None:
    """Seed the sample."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("seed", verbosity=0)


def prepare() -> None:
    """Collect static files and compare packs, as `serve` and the worker do."""
    from django.core.management import call_command

    from resources.files.packs.builder import refresh_packs

    call_command("collectstatic", interactive=False, verbosity=0)
    refresh_packs.call()


def pages() -> dict[str, str]:
    """Return the address of a page of each sort, by name."""
    from resources.models import Resource, Section

    found = {"home": "/", "list": "/recursos/", "page 500": "/recursos/?pagina=500"}
    if Resource.objects.published().count() < 500 * 20:
        del found["page 500"]
    for section in Section.objects.all()[:1]:
        found["section"] = section.get_absolute_url()
    for resource in Resource.objects.published().order_by("pk")[:500]:
        found.setdefault(resource.kind, resource.get_absolute_url())
    return found | {
        "search": "/recursos/?q=agua",
        "news": "/novedades/",
        "atom": "/recursos.atom",
        "sitemap": "/sitemap.xml",
        "API": "/api/v1/recursos",
    }


def measure(path: str, runs: int) -> tuple[float, float]:
    """Return the least and the median processor time of a cold page, in milliseconds."""
    from bench.measuring import processor_time

    render(path)
    spent = []
    for _ in range(runs):
        age()
        before = processor_time()
        render(path)
        spent.append((processor_time() - before) * 1000)
    return min(spent), statistics.median(spent)


def age() -> None:
    """Change the version of the content, as the edit of a title does."""
    from resources.models import SiteSettings

    SiteSettings.content_changed(recounts=False)


def render(path: str) -> None:
    """Request a page of Django's handler, behind which no page is cached; raises ValueError unless it is found."""
    from portal.wsgi import django_application

    status: list[str] = []
    start: Callable[..., Any] = lambda line, headers: status.append(line)  # noqa: E731
    response = django_application(environ(path), start)
    b"".join(response)
    response.close()
    if not status[0].startswith("200"):
        raise ValueError(f"{path}: {status[0]}")


def environ(path: str) -> dict[str, Any]:
    """Return the WSGI environ of a visitor's request."""
    from django.test import RequestFactory

    known = {"HTTP_HOST": "127.0.0.1:8000", "HTTP_ACCEPT_ENCODING": "br"}
    return RequestFactory(**known).get(path, headers={"user-agent": "Mozilla/5.0"}).environ


def profile(path: str) -> None:
    """Print where the time of twenty cold renderings of a page goes."""
    render(path)
    profiler = cProfile.Profile()
    for _ in range(20):
        age()
        profiler.enable()
        render(path)
        profiler.disable()
    statistics_ = pstats.Stats(profiler)
    statistics_.sort_stats("cumulative").print_stats(LINES)
    statistics_.sort_stats("tottime").print_stats(LINES)


if __name__ == "__main__":
    main()
