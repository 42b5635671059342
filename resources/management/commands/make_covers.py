"""`manage.py make_covers`: make the renditions of covers again, and sharing pictures; of all or only where they are missing."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from resources.files.covers import lacks_renditions, store_renditions
from resources.files.sharing_pictures.builder import refresh_all as refresh_sharing_pictures
from resources.files.versions import cover_from_main_file
from resources.models import Resource


class Command(BaseCommand):
    """Make covers and their widths; a picture that cannot be read is told of and the others follow."""

    help = (
        "Hace de nuevo los tamaños de todas las portadas; las que faltan se toman del archivo principal. "
        "Dibuja también las imágenes para compartir que falten."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add --missing."""
        parser.add_argument(
            "--missing",
            action="store_true",
            help="solo las portadas a las que les falta algún tamaño",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Go through all resources that have a cover or a file to take it from."""
        failed = made = 0
        for pk in list(
            Resource.objects.exclude(cover="", main_version=None).values_list("pk", flat=True)
        ):
            resource = Resource.objects.get(pk=pk)
            if options["missing"] and resource.cover and not lacks_renditions(resource):
                continue
            try:
                made += self._make(resource)
            except Exception as problem:  # whatever is wrong with one picture, the others are made
                failed += 1
                self.stderr.write(f"ERROR: {resource}: {type(problem).__name__}: {problem}")
        refresh_sharing_pictures()
        self.stdout.write(f"Listo: {made} portadas hechas, {failed} con error.")
        if failed:
            sys.exit(1)

    def _make(self, resource: Resource) -> bool:
        if not resource.cover:
            cover_from_main_file.call(resource.pk)
            resource.refresh_from_db()
        if not resource.cover:
            return False  # its file has no picture: the page shows a woven cover
        store_renditions(resource)
        self.stdout.write(str(resource))
        return True
