"""Health checks: liveness at `/livez`, readiness at `/readyz`."""

import json
import threading
import time
from collections.abc import Callable, Iterator

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from portal.health_checks import CHECKS, Check, Result, Status


class Probe:
    """A check with its result cached for some seconds, so that polling costs one check in that time."""

    def __init__(self, check: Check) -> None:
        self.check = check
        self.last: Result | None = None
        self.until, self._lock = 0.0, threading.Lock()

    def ask(self) -> Result:
        """Return the cached result, or a new one if it expired; one thread checks, others get the last result."""
        if self.last is not None and time.monotonic() < self.until:
            return self.last
        is_mine = self._lock.acquire(blocking=self.last is None)
        if not is_mine and self.last is not None:
            return self.last
        try:
            if self.last is None or time.monotonic() >= self.until:
                self.last = self.check.run()
                is_good = self.last.status == Status.PASS
                wait = self.check.good_for if is_good else self.check.bad_for
                self.until = time.monotonic() + wait
            return self.last
        finally:
            self._lock.release()


class HealthMiddleware:
    """Answer health checks before everything else: probes use an IP address and plain HTTP."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.probes = [Probe(check) for check in CHECKS]

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer a health check, or pass the request on."""
        if request.path_info == "/livez":
            return _answer("vivo\n", "text/plain; charset=utf-8")
        if request.path_info == "/readyz":
            return self._readiness()
        return self.get_response(request)

    def _readiness(self) -> HttpResponse:
        """Answer in the form of draft-inadarei-api-health-check-06: 503 where a check fails, 200 where one warns."""
        found = dict(self._results())
        statuses = {result.status for result in found.values()}
        status = next(
            worst for worst in (Status.FAIL, Status.WARN, Status.PASS) if worst in statuses
        )
        report = {
            "status": status,
            "checks": {name: [result._asdict()] for name, result in found.items()},
        }
        text = json.dumps(report, ensure_ascii=False, indent=1) + "\n"
        code = 503 if status == Status.FAIL else 200
        return _answer(text, "application/health+json; charset=utf-8", code)

    def _results(self) -> Iterator[tuple[str, Result]]:
        """Ask the probes in order; without the database, leave out those that would each wait for it."""
        has_database = True
        for probe in self.probes:
            if has_database or not probe.check.needs_database:
                result = probe.ask()
                yield probe.check.name, result
                if probe.check.name == "database":
                    has_database = result.status != Status.FAIL


def _answer(text: str, content_type: str, status: int = 200) -> HttpResponse:
    response = HttpResponse(text, status=status, content_type=content_type)
    response["Cache-Control"] = "no-store"
    return response
