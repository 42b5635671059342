"""Put an archive in the place of the site's data: all of it, or nothing."""

from dataclasses import dataclass, field

from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.core.files import File
from django.core.files.storage import storages
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.models import QuerySet
from django.utils import timezone

from backups import rows
from backups.archive import Progress, bad_sums
from backups.erasures import erase_again, erased_files, known_to
from backups.erasures import stored as stored_erasures
from backups.errors import BackupError
from backups.fresh_database import check_constraints_at_once, defer_constraints, fresh_database
from backups.manifest import Erased, Manifest, StoredFile
from backups.repository import Repository
from backups.temporary import block_file
from participation.tickets import erase_old
from resources.files.fixity import PLACES, known_files, sum_of
from resources.models import Resource, SiteSettings
from search.index.rebuild import continue_rebuild, start_rebuild

VERSION_JUMP = 1_000_000
"""Added to content_version: pages of the days that were lost lie in browsers under numbers that must not come again."""
AFTERWARDS = (
    "Se interrumpió cuando los datos ya eran los del respaldo. Lo que falta se hace solo al iniciar el sitio; "
    "compruebe los archivos con manage.py check_files"
)


@dataclass
class FormerSite:
    """What a restore needs to know of the data that it replaces."""

    content_version: int = 0
    files: set[tuple[str, str]] = field(default_factory=set)
    erased: set[Erased] = field(default_factory=set)
    is_empty: bool = True


def verify(repository: Repository, manifest: Manifest, progress: Progress) -> None:
    """Read every object of an archive. Raises BackupError with the number of missing and altered ones."""
    if bad := bad_sums(repository, manifest, progress):
        raise BackupError(
            f"El respaldo {manifest.name} no está entero: faltan o cambiaron {len(bad)} de sus {len(manifest.sums)} partes. "
            "No se cambió nada. Use otro respaldo; si el sitio está bien, manage.py backup --check guarda de nuevo lo dañado."
        )


def restore(
    repository: Repository,
    manifest: Manifest,
    *,
    overwrite: bool,
    progress: Progress = lambda label, done, of: None,
) -> None:
    """Replace database and files by an archive. Raises BackupError; whatever it raises, the site is as before.

    Files are stored first, under paths that nothing else uses; the database takes its place in one step, without what was
    erased for good; then the files of the former data go.
    """
    former = former_site()
    if not (former.is_empty or overwrite):
        raise BackupError(
            "Este sitio ya tiene contenido: no se cambió nada. Para reemplazarlo todo por el respaldo, repita con --overwrite."
        )
    targets = _targets(manifest)
    erased = known_to(repository) | former.erased
    manifest = manifest.without(erased_files(erased))
    verify(repository, manifest, progress)
    stored: list[StoredFile] = []
    try:
        for number, file in enumerate(manifest.files, 1):
            if _store(repository, file):
                stored.append(file)
            progress("archivos", number, len(manifest.files))
        with fresh_database():
            _load(repository, manifest, targets, progress)
            defer_constraints()
            erase_again(erased)
            _derive(former, progress)
    except BaseException as error:
        if _has_taken_place(former):  # a signal during the swap is seen after it
            raise BackupError(AFTERWARDS) from error
        _delete({(file.place, file.name) for file in stored} - former.files)
        raise
    try:
        _delete(former.files - {(file.place, file.name) for file in manifest.files})
    except KeyboardInterrupt as error:
        raise BackupError(AFTERWARDS) from error


def _has_taken_place(former: FormerSite) -> bool:
    """Return whether the database is the restored one: only a restore raises content_version that far."""
    return former_site().content_version >= former.content_version + VERSION_JUMP


def _delete(files: set[tuple[str, str]]) -> None:
    for place, name in files:
        storages[PLACES[place]].delete(name)


def former_site() -> FormerSite:
    """Describe the data that is here now; a database without tables is empty."""
    try:
        has_rows = Resource.objects.exists() or get_user_model().objects.exists()
        version = SiteSettings.objects.values_list("content_version", flat=True).first() or 0
        files = {(file.place, file.name) for file in known_files()}
    except DatabaseError:
        try:
            is_empty = not connection.introspection.table_names()
        except DatabaseError:
            is_empty = False  # damaged: whatever was there, nobody said that it may go
        return FormerSite(is_empty=is_empty)
    return FormerSite(version, files, _former_erasures(), not has_rows)


def _former_erasures() -> set[Erased]:
    """Return the erasures recorded in the current database; none where it has no such table."""
    try:
        return set(stored_erasures())
    except DatabaseError:
        return set()


def _targets(manifest: Manifest) -> list[tuple[str, str]]:
    """Return the migrations at which the archive was made. Raises BackupError where this code does not know one."""
    known = MigrationLoader(None).graph.nodes
    targets = [(label, name) for label, name in manifest.migrations]
    unknown = [f"{label}.{name}" for label, name in targets if (label, name) not in known]
    if unknown:
        raise BackupError(
            f"El respaldo es de una versión más nueva del portal (le falta {unknown[0]}). Actualice el código y repita."
        )
    return targets


def _store(repository: Repository, file: StoredFile) -> bool:
    """Store a file at its path; return False where its bytes are there already."""
    storage = storages[PLACES[file.place]]
    if storage.exists(file.name):
        if storage.size(file.name) == file.size and sum_of(storage, file.name) == file.sha256:
            return False
        storage.delete(file.name)
    with block_file(repository.read(file.sha256)) as stream:
        name = storage.save(file.name, File(stream))
    if name != file.name:
        storage.delete(name)
        raise BackupError(f"No se pudo guardar {file.name} con su nombre. Repita la orden.")
    return True


def create_tables(targets: list[tuple[str, str]]) -> None:
    """Create the tables in an empty database as they were at these migrations."""
    MigrationExecutor(connection).migrate(targets)


def _load(
    repository: Repository, manifest: Manifest, targets: list[tuple[str, str]], progress: Progress
) -> None:
    """Create the tables as they were, insert the rows, compare them, and bring the tables up to date."""
    create_tables(targets)
    then = MigrationLoader(connection).project_state(targets).apps
    models = {model._meta.label_lower: model for model in rows.stored_models(then)}
    if strange := {table.model for table in manifest.tables} - models.keys():
        raise BackupError(f"El respaldo tiene una tabla que el portal no conoce: {min(strange)}.")
    with transaction.atomic():
        defer_constraints()
        rows.delete_rows(then.get_models(include_auto_created=True), connection)
        for number, table in enumerate(manifest.tables, 1):
            for piece in table.pieces:
                rows.insert_piece(
                    models[table.model], table.columns, repository.read_piece(piece), connection
                )
            progress("tablas", number, len(manifest.tables))
        rows.set_greatest_ids(models.values(), manifest.sequences, connection)
        check_constraints_at_once()
        _compare(manifest, models)
    ContentType.objects.clear_cache()
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())
    call_command(
        "migrate", verbosity=0, interactive=False
    )  # permissions, groups, the search tables


def _compare(manifest: Manifest, models: dict[str, rows.Model]) -> None:
    """Read the rows back and compare their sums. Raises BackupError where the database altered one."""
    for table in manifest.tables:
        found = rows.export_pieces(models[table.model], table.columns, connection.alias)
        if [rows.piece_sum(text) for text, _ in found] != table.pieces:
            raise BackupError(
                f"La tabla {table.model} no quedó igual que en el respaldo. No se cambió nada; informe de este error."
            )


def _derive(former: FormerSite, progress: Progress) -> None:
    """Make again what the archive leaves out, and set the clocks of the site going."""
    site: QuerySet[SiteSettings] = QuerySet(SiteSettings).filter(pk=1)
    for stored in site.values_list("content_version", flat=True):
        version = max(former.content_version, stored) + VERSION_JUMP
        site.update(
            content_version=version,
            counts_version=version,
            content_changed_at=timezone.now(),
            packs_changed_version=version,
            next_due_at=timezone.now(),
            packs_asked_at=None,
            links_asked_at=None,
        )
    erase_old()
    start_rebuild()
    total = Resource.objects.count()
    continue_rebuild(lambda done, pages: progress("recursos en el buscador", done, total))
