"""`manage.py editor`: create an editor account, or reset its password."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand, CommandError

from portal.editor_accounts import create_or_reset_editor


class Command(BaseCommand):
    """Create or reset an account and print its password once."""

    help = "Crea una cuenta para la mesa editorial, o le pone una clave nueva."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the name and the group."""
        parser.add_argument(
            "username",
            nargs="?",
            default="editora",
            help="nombre de la cuenta (editora, si no se indica)",
        )
        parser.add_argument(
            "--group",
            default="",
            help="Edición o Publicación; sin grupo, la cuenta puede hacerlo todo",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Create or reset the account."""
        try:
            password, is_new = create_or_reset_editor(options["username"], group=options["group"])
        except Group.DoesNotExist as missing:
            known = ", ".join(Group.objects.values_list("name", flat=True))
            raise CommandError(
                f"No existe el grupo «{options['group']}». Los que hay: {known}."
            ) from missing
        verb = "Cuenta nueva" if is_new else "Clave nueva"
        self.stdout.write(f"{verb}: usuario {options['username']}, clave {password}")
        self.stdout.write(f"Entre en {settings.SITE_URL}/admin/ y cámbiela allí.")
