"""What was erased for good comes back from no backup."""

from types import SimpleNamespace

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone

from resources.files.covers import rendition_names
from resources.files.takedown import take_down
from resources.models import Erasure, FileVersion, PageText, Resource, Revision
from resources.models.resource import TRASH_RETENTION
from resources.workflow.trash import purge
from tests.backups.sites import archives, objects, site_in
from tests.commands.running import run
from tests.databases import empty_database
from tests.makers import make_document, make_file, pdf_bytes, put_file

SECRET = "cédula 1712345678"


@pytest.fixture
def before(origin, tmp_path) -> SimpleNamespace:
    """An archive in which both are still there: a file to be withheld, a resource to be purged."""
    repository = tmp_path / "respaldos"
    withheld = make_file(
        make_document(title="Lista de personas"), pdf_bytes(SECRET), folder=tmp_path
    )
    doomed = make_document(title="Para borrar")
    lost = put_file(doomed, b"bytes para borrar")
    run("backup", "--to", str(repository))
    made = SimpleNamespace(
        repository=repository,
        withheld=withheld,
        doomed=doomed,
        lost=lost,
        first=archives(repository)[0],
    )
    yield made
    Resource.objects.filter(title__in=("Lista de personas", "Para borrar", "Otra")).delete()


def erase(made: SimpleNamespace) -> None:
    """Withhold the file; let the trash of the resource be purged."""
    take_down(made.withheld, reason="Datos personales.", user=None)
    old = timezone.now() - TRASH_RETENTION
    Resource.objects.filter(pk=made.doomed.pk).update(deleted_at=old)
    assert purge(timezone.now()) == 1


def assert_erased(made: SimpleNamespace) -> None:
    version = FileVersion.objects.get(stored=made.withheld.stored.name)
    assert (version.is_withheld, version.withheld_reason) == (True, "Datos personales.")
    assert not PageText.objects.filter(text__contains=SECRET).exists()
    assert not Resource.objects.filter(title="Para borrar").exists()
    assert not Revision.objects.filter(subject_id=made.doomed.pk, subject="resource").exists()
    for name in (made.withheld.stored.name, made.lost.stored.name):
        assert not default_storage.exists(name)
    assert not Resource.objects.get(title="Lista de personas").cover


def test_a_restore_of_an_older_archive_erases_again(before, tmp_path):
    erase(before)
    run("backup", "--to", str(before.repository))
    with site_in(tmp_path / "destino", empty_database(tmp_path / "destino")):
        code, out = run("restore", str(before.first))
        assert code == 0, out
        assert_erased(before)
        assert SECRET not in Client().get("/recursos/?q=1712345678").text.partition("<main")[2]


def test_the_next_backup_takes_the_bytes_out_of_the_older_ones(before):
    cover = Resource.objects.get(title="Lista de personas")
    pictures = rendition_names(cover.renditions)
    assert pictures
    assert {before.withheld.sha256, before.lost.sha256} <= objects(before.repository)
    erase(before)
    run("backup", "--to", str(before.repository))
    assert not {before.withheld.sha256, before.lost.sha256} & objects(before.repository)
    noted = set(Erasure.objects.filter(kind="file").values_list("key", flat=True))
    assert set(pictures) <= noted


def test_what_this_site_erased_since_its_last_backup_stays_erased(before):
    erase(before)
    code, out = run("restore", str(before.first), "--overwrite")
    assert code == 0, out
    assert_erased(before)
    code, out = run("backup", "--to", str(before.repository))
    assert (code, len(archives(before.repository))) == (0, 2)


def test_an_archive_made_after_a_restore_still_knows_what_was_erased(before, tmp_path):
    erase(before)
    run("backup", "--to", str(before.repository))
    with site_in(tmp_path / "destino"):
        run("restore", str(before.first))
        run("backup")
        for old in archives(before.repository):
            old.unlink()
        assert Erasure.objects.filter(key=before.withheld.stored.name, kind="file").exists()
        code, out = run("restore", str(tmp_path / "destino/respaldos"), "--overwrite")
        assert code == 0, out
        assert_erased(before)


def test_a_new_resource_under_an_erased_id_is_not_erased(before, tmp_path):
    """After a restore of an archive from before the id was given, the id is given again."""
    other = make_document(title="Otra")
    Erasure.objects.create(kind="resource", key=f"{other.pk} 2020-01-01T00:00:00+00:00")
    run("backup", "--to", str(before.repository))
    with site_in(tmp_path / "destino"):
        run("restore", str(before.repository))
        assert Resource.objects.filter(title="Otra").exists()


def test_bytes_that_another_file_still_has_stay(before, tmp_path):
    copy = put_file(make_document(title="Otra"), b"bytes para borrar")
    assert copy.sha256 == before.lost.sha256
    erase(before)
    run("backup", "--to", str(before.repository))
    with site_in(tmp_path / "destino"):
        code, out = run("restore", str(before.repository))
        assert code == 0, out
        assert default_storage.exists(copy.stored.name)
        assert not default_storage.exists(before.lost.stored.name)
