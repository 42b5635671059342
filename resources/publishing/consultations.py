"""What is consulted is counted in memory and written once a minute; who consulted it is never written."""

import logging
import time
from collections import Counter
from collections.abc import Callable
from threading import Lock

from django.db import Error, transaction
from django.db.models import F

from resources.models import Consultation, Portal, Resource

logger = logging.getLogger(__name__)
EVERY = 60.0  # seconds between two writings, and in which one reader of a resource counts once
MOST_READERS = 10_000  # remembered at once; nobody else is counted meanwhile


class Tally:
    """The consultations of this process that are not written yet.

    A reader is a connection, as a number that means nothing outside this process; the first request after EVERY seconds has
    it forgotten.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._lock = clock, Lock()
        self._times: Counter[str] = Counter()
        self._readers: set[tuple[int, str]] = set()
        self._forget_at = self._write_at = 0.0

    def add(self, slug: str, reader: int) -> None:
        """Count that `reader` consulted the resource at `slug`, unless it was counted a moment ago."""
        with self._lock:
            self._forget()
            if (reader, slug) not in self._readers and len(self._readers) < MOST_READERS:
                self._readers.add((reader, slug))
                self._times[slug] += 1

    def write_if_due(self) -> None:
        """Write what was counted, unless that was done a moment ago."""
        with self._lock:
            self._forget()
            is_due = self._clock() >= self._write_at
        if is_due:
            self.write()

    def write(self) -> None:
        """Write what was counted; what cannot be written is kept for the next time."""
        with self._lock:
            times, self._times = self._times, Counter()
            if times:
                self._write_at = self._clock() + EVERY
        try:
            if times:
                store(times)
        except Error:
            logger.warning("The consultations could not be written; they are kept.", exc_info=True)
            with self._lock:
                self._times.update(times)

    def _forget(self) -> None:
        if self._clock() >= self._forget_at:
            self._readers.clear()
            self._forget_at = self._clock() + EVERY


@transaction.atomic
def store(times: Counter[str]) -> None:
    """Add `times`, by slug, to what is stored. From the first consultation on, lists offer the order by them."""
    pks = dict(Resource.objects.filter(slug__in=times).values_list("pk", "slug"))
    if pks and not Consultation.objects.exists():
        Portal.content_changed()
    Consultation.objects.bulk_create(
        [Consultation(resource_id=pk) for pk in sorted(pks)], ignore_conflicts=True
    )
    for pk in sorted(pks):  # in the same order in every process, so that none waits for another
        Consultation.objects.filter(pk=pk).update(times=F("times") + times[pks[pk]])
