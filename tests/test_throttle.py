"""The throttle under attempts at the same moment, each in a connection of its own, as processes have them."""

import threading

from django.db import connection

from portal.attempt_throttle import Limit, count_attempt
from portal.models import AttemptCount


def test_attempts_at_the_same_moment_do_not_pass_the_limit(django_db_setup, django_db_blocker):
    limits = [Limit("account", "ana", 5), Limit("network", "203.0.113.9", 20)]
    waits, gate = [], threading.Barrier(12)

    def attempt() -> None:
        gate.wait()
        waits.append(count_attempt(limits))
        connection.close()

    threads = [threading.Thread(target=attempt) for _ in range(12)]
    with django_db_blocker.unblock():  # no transaction around it: it would hold SQLite's one lock
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        AttemptCount.objects.all().delete()
        connection.close()
    assert (len(waits), waits.count(0)) == (12, 5)
