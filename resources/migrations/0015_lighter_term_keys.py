"""One index of the ways to misspell a word instead of four, and no check that the word exists: half the time to write them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("resources", "0014_newest_index_with_ties")]

    operations = [
        migrations.RemoveConstraint(model_name="termkey", name="a_key_stands_once_for_a_term"),
        migrations.AlterField(
            model_name="termkey", name="key", field=models.CharField(max_length=50)
        ),
        migrations.AlterField(
            model_name="termkey",
            name="term",
            field=models.ForeignKey(
                on_delete=models.deletion.CASCADE,
                related_name="keys",
                to="resources.term",
                db_constraint=False,
                db_index=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="termkey",
            constraint=models.UniqueConstraint(
                fields=["key", "term"], name="a_term_has_a_key_once"
            ),
        ),
    ]
