"""Which answers count as a consultation of a resource: a person opened its page or one of its files."""

import re
from collections.abc import Callable

from django.core.signals import request_finished
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from resources.publishing.consultations import Tally
from resources.throttling import network_of
from resources.views.access import is_signed_in

CONSULTED = re.compile(r"/recursos/(?P<slug>[-\w]+)/(archivos/.+|paquete\.zip)?", re.ASCII)
GIVEN = {200, 302, 304}  # 302: the storage gives the file
ROBOT = re.compile(
    r"(?<!cu)bot\b|crawl|spider|slurp|scrap|scan|monitor|preview|archiver|nutch|httrack|feed|zgrab"
    r"|google-|-google|googleother|facebookexternal|whatsapp|lighthouse|headless"
    r"|curl|wget|python|java/|go-http|libwww|okhttp|httpclient|axios|node-fetch|undici"
    r"|comprueba sus enlaces"  # a portal like this one at its links (maintenance/link_fetch.py)
    r"|^\W*$",
    re.I,
)

tally = Tally()


class ConsultationsMiddleware:
    """Count what people consult, kept pages too. Nobody who is signed in is counted, no robot, nothing fetched ahead."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        request_finished.connect(_write, dispatch_uid="consultations")

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, then count."""
        response = self.get_response(request)
        consulted = CONSULTED.fullmatch(request.path_info)
        if consulted and _is_given(request, response) and _is_by_a_person(request):
            tally.add(consulted["slug"], hash(network_of(request)))
        return response


def _write(**kwargs: object) -> None:
    """Write once the answer has gone out: no reader waits for it."""
    tally.write_if_due()


def _is_given(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Tell whether the content was given; of a file that is read in pieces, the first one counts."""
    is_first_piece = response.status_code == 206 and request.headers.get("Range", "").startswith(
        "bytes=0-"
    )
    return request.method == "GET" and (response.status_code in GIVEN or is_first_piece)


def _is_by_a_person(request: HttpRequest) -> bool:
    return not (
        is_signed_in(request)
        or "Sec-Purpose" in request.headers
        or "Purpose" in request.headers
        or ROBOT.search(request.headers.get("User-Agent", ""))
    )
