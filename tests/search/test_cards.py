"""The cards of results are read as the catalogue's other lists read them."""

import pytest

from resources.listing.cards import cards
from resources.models import Organization, Resource
from tests.makers import make_document, make_file, make_law, make_video, pdf_bytes
from tests.search.test_visibility import HIDINGS

pytestmark = pytest.mark.django_db


def loaded(model):
    """Return the fields that were read of a model, and those of the models that were read with it."""
    own = {name: value for name, value in vars(model).items() if not name.startswith("_")}
    related = model._state.fields_cache.items()
    return own | {name: loaded(other) if other else None for name, other in related}


def test_a_card_has_all_that_other_lists_read_of_it(tmp_path):
    guide = make_document(
        title="Guía del pleno", issuer=Organization.objects.create(name="El pleno")
    )
    make_file(guide, pdf_bytes("Una página.", "Otra."), folder=tmp_path)
    make_file(guide, b"Texto llano.", "guia.txt", folder=tmp_path, role="accessible")
    ids = [guide.pk, make_law(title="Ley del agua").pk, make_video(title="El cabildo").pk]
    known = Resource.objects.with_card().in_bulk(ids)
    assert [loaded(card.resource) for card in cards(ids)] == [loaded(known[pk]) for pk in ids]
    read = loaded(cards(ids)[0].resource)
    assert read["main_version"]["pages"] == 2
    assert read["accessible_version"]["file"]["accessible"] is not None
    assert read["issuer"]["name"] == "El pleno"


def test_cards_come_in_the_order_that_is_asked_for():
    first, second = make_video(title="Uno").pk, make_video(title="Dos").pk
    assert [card.pk for card in cards([second, first])] == [second, first]
    assert [card.pk for card in cards([first, second, second + 1])] == [first, second]
    assert cards([]) == []


@pytest.mark.parametrize("hide", HIDINGS.values(), ids=HIDINGS)
def test_what_was_hidden_since_it_was_found_has_no_card(hide):
    law, hidden = make_law(title="Ley del agua"), make_law(title="Ley de caminos")
    ids = [hidden.pk, law.pk]
    hide(hidden)
    assert [card.pk for card in cards(ids)] == [law.pk]
