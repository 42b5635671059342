"""The quality of the search over the seed, by the kept questions."""

import pytest
from django.conf import settings

from resources.catalog.quality import measure
from resources.publishing.seed import plant

pytestmark = pytest.mark.django_db


def test_every_kept_question_has_its_answer_among_the_first_three():
    plant(lambda line: None)
    report = measure(settings.BASE_DIR / "tests/search/queries.toml")
    assert len(report.outcomes) >= 100
    assert [(o.question, o.place, o.first) for o in report.outcomes if not 1 <= o.place <= 3] == []
    assert report.mrr >= 0.9
