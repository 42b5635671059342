"""`manage.py seed`: fill an empty catalogue with the page "Recursos" and its 22 resources."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django_tasks import task_backends
from django_tasks_db import DatabaseBackend

from resources import seed
from resources.code_version import has_unapplied_migrations
from resources.models import Page


def finish_tasks() -> None:
    """Run the queued tasks at once, for finished covers at the first visit."""
    if isinstance(task_backends["default"], DatabaseBackend):
        call_command("db_worker", batch=True, startup_delay=False, verbosity=0)


class Command(BaseCommand):
    """Seed an empty catalogue; a catalogue with anything in it is left as it is."""

    help = "Llena un catálogo vacío con la página «Recursos» y sus 22 recursos de muestra."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add --reset and --no-input."""
        parser.add_argument(
            "--reset", action="store_true", help="borra antes todo el catálogo (pregunta primero)"
        )
        parser.add_argument(
            "--empty", action="store_true", help="con --reset: deja el catálogo vacío"
        )
        parser.add_argument("--no-input", action="store_true", help="con --reset: no pregunta")

    def handle(self, *args: Any, **options: Any) -> None:
        """Fill, or say why not."""
        if has_unapplied_migrations():  # a new site, before its first start
            call_command("migrate", verbosity=0, interactive=False)
        if options["empty"] and not options["reset"]:
            raise CommandError("--empty va con --reset: manage.py seed --reset --empty")
        if options["reset"]:
            nothing_to_lose = seed.is_empty() and not Page.objects.exists()
            if not (nothing_to_lose or options["no_input"] or self._agreed()):
                self.stdout.write("No se cambió nada.")
                return
            seed.clear()
            if options["empty"]:
                seed.make_neutral()
                self.stdout.write(
                    "El catálogo quedó vacío y así seguirá. Escriba en la mesa editorial el nombre del sitio y quién responde."
                )
                return
        if not seed.is_empty():
            self.stdout.write(
                "El catálogo ya tiene contenido: no se cambió nada. Para empezar de nuevo: manage.py seed --reset"
            )
            return
        say = self.stdout.write if options["verbosity"] > 0 else lambda line: None
        count = seed.load_seed(say)
        say("Preparando las portadas…")
        finish_tasks()
        self.stdout.write(f"Listo: {count} recursos.")

    def _agreed(self) -> bool:
        self.stdout.write(
            "Esto borra TODOS los recursos, archivos, secciones y etiquetas de este catálogo."
        )
        try:
            answer = input("Escriba «borrar todo» para continuar: ")
        except EOFError as nobody_there:
            raise CommandError(
                "Aquí no se puede preguntar. Si está de acuerdo, repita la orden con --no-input."
            ) from nobody_there
        return answer.strip().lower() == "borrar todo"
