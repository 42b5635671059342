"""Seven days, five weeks, twelve months; what no archive needs goes."""

import datetime as dt
from zoneinfo import ZoneInfo

from backups.retention import kept
from resources.models import Resource
from tests.backups.sites import archives, objects
from tests.commands.running import run
from tests.makers import make_document, put_file

HERE = ZoneInfo("America/Guayaquil")


def nightly(first: dt.date, days: int) -> list[str]:
    """Return the names of an archive each night at three."""
    nights = [dt.datetime.combine(first + dt.timedelta(n), dt.time(3), HERE) for n in range(days)]
    return [f"{night.astimezone(dt.UTC):respaldo-%Y%m%dT%H%M%SZ.manifest}" for night in nights]


def days_of(names: set[str]) -> list[str]:
    return sorted(f"{name[9:13]}-{name[13:15]}-{name[15:17]}" for name in names)


def test_two_years_of_nights_leave_seven_days_five_weeks_and_twelve_months():
    names = nightly(dt.date(2025, 1, 1), 730)  # the last is 31 December 2026, a Thursday
    assert days_of(kept(names)) == [
        *("2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31", "2026-06-30"),
        *("2026-07-31", "2026-08-31", "2026-09-30", "2026-10-31", "2026-11-30"),
        *("2026-12-06", "2026-12-13", "2026-12-20"),
        *("2026-12-25", "2026-12-26", "2026-12-27", "2026-12-28"),
        *("2026-12-29", "2026-12-30", "2026-12-31"),
    ]


def test_a_pause_costs_no_archive():
    names = nightly(dt.date(2024, 5, 1), 3)
    assert kept(names) == set(names)


def test_all_of_the_last_day_are_kept_and_one_of_the_day_before():
    names = [f"respaldo-202612{day}T{hour}0000Z.manifest" for day in (10, 11) for hour in (12, 20)]
    assert kept(names) == set(names[1:])


def test_nothing_is_kept_of_nothing():
    assert kept([]) == set()


def test_an_object_that_no_archive_needs_is_deleted(origin, tmp_path, freeze):
    to = tmp_path / "respaldos"
    start = dt.datetime(2030, 3, 4, 12, tzinfo=HERE)
    freeze(start)
    version = put_file(make_document(title="Pasajero"), b"bytes que pasan")
    run("backup", "--to", str(to))
    Resource.objects.filter(title="Pasajero").delete()
    assert version.sha256 in objects(to)
    freeze(start + dt.timedelta(hours=1))
    run("backup", "--to", str(to))
    assert version.sha256 in objects(to), "the first is of today"
    freeze(start + dt.timedelta(days=1))
    assert "antiguos borrados: 1" in run("backup", "--to", str(to))[1]
    assert len(archives(to)) == 2
    assert version.sha256 not in objects(to)


def test_a_damaged_manifest_keeps_every_object(origin, tmp_path, freeze):
    to = tmp_path / "respaldos"
    start = dt.datetime(2031, 3, 4, 12, tzinfo=HERE)
    freeze(start)
    run("backup", "--to", str(to))
    archives(to)[0].write_bytes(b"roto")
    before = objects(to)
    make_document(title="Otra más")
    freeze(start + dt.timedelta(days=1))
    run("backup", "--to", str(to))
    assert objects(to) >= before
