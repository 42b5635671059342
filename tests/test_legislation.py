"""Force is never typed: dates, evidence, relations and the clock decide it."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from resources.kinds.legislation.force import Change, decide_force, verification_ends
from resources.kinds.legislation.models import LegalInstrument, LegalRelation, refresh_force
from resources.models import Resource
from tests.makers import make_document, make_law

TODAY = date(2026, 11, 22)
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
RECENTLY = timezone.localdate() - timedelta(days=30)
CHECKED = {"evidence_url": "https://example.org/ley", "verified_on": RECENTLY}


def decide(**facts):
    known = {
        "in_force_on": None,
        "repealed_on": None,
        "has_evidence": True,
        "verified_on": YESTERDAY,
        "review_by": None,
        "changes": (),
    }
    known |= facts
    until = verification_ends(known.pop("verified_on"), known.pop("review_by"), 365)
    return decide_force(today=TODAY, verified_until=until, **known)


@pytest.mark.parametrize(
    ("facts", "force"),
    [
        ({}, "in_force"),
        ({"in_force_on": TODAY}, "in_force"),
        ({"in_force_on": TOMORROW}, "not_yet"),
        ({"repealed_on": TODAY}, "repealed"),
        ({"repealed_on": TOMORROW}, "in_force"),
        ({"has_evidence": False}, "unverified"),
        ({"verified_on": None}, "unverified"),
        ({"verified_on": TODAY - timedelta(days=365)}, "in_force"),
        ({"verified_on": TODAY - timedelta(days=366)}, "unverified"),
        ({"verified_on": TODAY - timedelta(days=900), "review_by": TOMORROW}, "in_force"),
        ({"verified_on": TODAY - timedelta(days=900), "repealed_on": YESTERDAY}, "repealed"),
        ({"review_by": YESTERDAY}, "unverified"),
        ({"review_by": TODAY}, "in_force"),
        ({"changes": [Change("amends", in_force=True)]}, "amended"),
        ({"changes": [Change("amends", in_force=False)]}, "in_force"),
        ({"changes": [Change("implements", in_force=True)]}, "in_force"),
        ({"changes": [Change("repeals", in_force=True)]}, "repealed"),
        ({"changes": [Change("repeals", in_force=False)]}, "in_force"),
        (
            {"changes": [Change("amends", in_force=True), Change("repeals", in_force=True)]},
            "repealed",
        ),
        ({"changes": [Change("amends", in_force=True)], "verified_on": None}, "unverified"),
        ({"repealed_on": YESTERDAY, "has_evidence": False, "verified_on": None}, "repealed"),
        ({"repealed_on": YESTERDAY, "review_by": YESTERDAY}, "repealed"),
        ({"in_force_on": TOMORROW, "verified_on": None}, "not_yet"),
    ],
)
def test_force_follows_from_dates_evidence_and_relations(facts, force):
    assert decide(**facts) == force


@pytest.mark.django_db
class TestStored:
    def test_a_new_law_that_nobody_checked_is_unverified(self):
        assert make_law().force == "unverified"

    def test_a_checked_law_is_in_force(self):
        assert make_law(**CHECKED).force == "in_force"

    def test_an_amendment_from_outside_the_catalogue_counts(self):
        law = make_law(**CHECKED)
        relation = LegalRelation.objects.create(
            source_citation="Ley reformatoria", verb="amends", target=law
        )
        assert force_of(law) == "amended"
        relation.delete()
        assert force_of(law) == "in_force"

    def test_a_repeal_by_a_law_in_force_counts_and_by_an_unchecked_one_does_not(self):
        old, new = make_law(**CHECKED), make_law()
        LegalRelation.objects.create(source=new, verb="repeals", target=old)
        assert force_of(old) == "in_force"
        new.evidence_note, new.verified_on = "Registro Oficial", RECENTLY
        new.save()
        assert force_of(old) == "repealed"

    def test_a_repealed_law_stays_so_when_the_review_of_its_repealer_lapses(self):
        old = make_law(**CHECKED)
        new = make_law(**CHECKED, review_by=timezone.localdate() - timedelta(days=1))
        LegalRelation.objects.create(source=new, verb="repeals", target=old)
        assert new.force == "unverified"
        assert force_of(old) == "repealed"

    def test_a_draft_repeals_nothing(self):
        old, new = make_law(**CHECKED), make_law(**CHECKED, status="draft")
        LegalRelation.objects.create(source=new, verb="repeals", target=old)
        assert force_of(old) == "in_force"

    def test_a_document_implements_a_law_and_changes_nothing_of_its_force(self):
        law = make_law(**CHECKED)
        LegalRelation.objects.create(source=make_document(), verb="amends", target=law)
        assert force_of(law) == "in_force"

    def test_the_clock_moves_a_law_from_not_yet_to_in_force_to_unverified(self, client, freeze):
        start = timezone.localdate() + timedelta(days=2)
        law = make_law(**CHECKED, in_force_on=start, review_by=start + timedelta(days=5))
        assert law.force == "not_yet"
        for days, expected in ((2, "in_force"), (7, "in_force"), (8, "unverified")):
            freeze(
                timezone.make_aware(timezone.datetime.combine(start, timezone.datetime.min.time()))
                + timedelta(days=days - 2, hours=1)
            )
            client.get("/")
            assert force_of(law) == expected

    def test_the_repealer_that_takes_effect_later_repeals_later(self, client, freeze):
        day = timezone.localdate() + timedelta(days=3)
        old, new = make_law(**CHECKED), make_law(**CHECKED, in_force_on=day)
        LegalRelation.objects.create(source=new, verb="repeals", target=old)
        assert force_of(old) == "in_force"
        freeze(timezone.now() + timedelta(days=4))
        client.get("/")
        assert force_of(old) == "repealed"

    def test_a_relation_that_moves_to_another_law_lets_the_first_one_go(self):
        first, second = make_law(**CHECKED), make_law(**CHECKED)
        relation = LegalRelation.objects.create(source_citation="Ley", verb="repeals", target=first)
        relation.target = second
        relation.save()
        assert (force_of(first), force_of(second)) == ("in_force", "repealed")

    @pytest.mark.parametrize(
        "ends",
        [
            {},
            {"source_citation": "Una", "target_citation": "Otra"},
            {"source_citation": "Una"},
        ],
    )
    def test_a_relation_without_an_end_here_is_refused_by_form_and_database(self, ends):
        relation = LegalRelation(verb="amends", **ends)
        with pytest.raises(ValidationError):
            relation.full_clean()
        with pytest.raises(IntegrityError), transaction.atomic():
            relation.save()

    def test_a_law_does_not_act_upon_itself(self):
        law = make_law()
        relation = LegalRelation(verb="amends", source=law, target=law)
        with pytest.raises(ValidationError, match="sobre sí mismo"):
            relation.full_clean()
        with pytest.raises(IntegrityError), transaction.atomic():
            relation.save()

    def test_both_laws_show_the_relation_each_from_its_side(self, client):
        old, new = make_law(title="Ley vieja"), make_law(title="Ley nueva")
        LegalRelation.objects.create(source=new, verb="repeals", target=old)
        assert "Derogado por" in client.get(old.get_absolute_url()).text
        assert "Deroga a" in client.get(new.get_absolute_url()).text

    def test_a_draft_at_the_other_end_is_not_told(self, client):
        law, draft = make_law(), make_law(title="Proyecto secreto", status="draft")
        LegalRelation.objects.create(source=draft, verb="amends", target=law)
        assert "Proyecto secreto" not in client.get(law.get_absolute_url()).text

    def test_an_unverified_law_says_so_in_words(self, client):
        text = client.get(make_law().get_absolute_url()).text
        assert "por verificar" in text.lower()


def force_of(law):
    return Resource.objects.get(pk=law.pk).force


@pytest.mark.django_db
def test_all_laws_are_settled_in_two_queries_however_many_act_upon_them(django_assert_num_queries):
    laws = [make_law(title=f"Ley {n}", **CHECKED) for n in range(6)]
    for old, new in pairwise(laws):
        LegalRelation.objects.create(source=new, verb="amends", target=old)
    with django_assert_num_queries(2):
        refresh_force(LegalInstrument.objects.all())
