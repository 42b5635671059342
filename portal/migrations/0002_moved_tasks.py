"""Waiting background tasks name their function by its dotted path: give those of 0.1 the paths of today."""

from django.db import migrations

MOVED = {
    "portal.mail.send_sign_in_notice": "portal.account_mail.send_sign_in_notice",
    "portal.mail.send_password_link": "portal.account_mail.send_password_link",
    "resources.publishing.covers.make_renditions": "resources.files.covers.make_renditions",
    "resources.publishing.files.cover_from_main_file": "resources.files.versions.cover_from_main_file",
    "resources.publishing.indexing.index_pending": "search.index.writer.index_pending",
    "resources.publishing.letters.send_letters": "resources.workflow.notifications.send_notifications",
    "resources.publishing.packs.refresh_packs": "resources.files.packs.builder.refresh_packs",
    "resources.publishing.reindexing.refresh_index": "search.index.rebuild.refresh_index",
    "upkeep.turns.take_turn": "maintenance.tasks.run_link_checks",
}


def move(apps, moved):
    task = apps.get_model("django_tasks_database", "DBTaskResult")
    for old, new in moved.items():
        task.objects.filter(task_path=old).update(task_path=new)


def forwards(apps, schema_editor):
    move(apps, MOVED)


def backwards(apps, schema_editor):
    move(apps, {new: old for old, new in MOVED.items()})


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0001_attempt_counts"),
        ("django_tasks_database", "0021_conditional_partial_index_ordering"),
    ]

    operations = [migrations.RunPython(forwards, backwards)]
