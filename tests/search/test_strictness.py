"""The steps from all that was asked for to any of it, and that none of them is long."""

from itertools import product

import pytest

from resources.search.engines.strictness import all_but, strictnesses
from resources.search.parser import parse


def stems(clauses):
    return [" ".join(clause.alternatives[0]) for clause in clauses]


@pytest.mark.parametrize("size", range(1, 8))
def test_all_but_some_is_told_exactly(size):
    names = [f"has[{n}]" for n in range(size)]
    for missing in range(size):
        expression = all_but(names, missing, " and ", " or ")
        for has in product([True, False], repeat=size):
            assert eval(expression, {"has": has}) == (sum(has) >= size - missing)


def test_nothing_is_asked_where_all_may_be_missing():
    assert all_but([], -1, " and ", " or ") == all_but([], 0, " and ", " or ") == ""
    assert all_but(["a"], 1, " and ", " or ") == ""


def test_sixteen_words_of_which_three_may_be_missing_are_told_shortly():
    words = [f"{n:02}" for n in range(16)]
    assert len(all_but(words, 3, "&", "|")) < 3_000


def test_a_question_with_all_its_words_has_one_step():
    ((way,),) = strictnesses(parse("plan de gobierno-abierto"))
    assert stems(way.needed) == ["plan", "gobiern abiert"]


def test_of_a_few_words_any_number_may_be_missing_and_of_many_three_or_all_but_one():
    def missing(text: str) -> list[int]:
        return [way.missing for (way,) in strictnesses(parse(text).loosened())]

    assert missing("plan agua riego") == [0, 1, 2]
    assert missing("plan agua riego páramo río laguna mar") == [0, 1, 2, 3, 6]


def test_a_phrase_counts_as_one_word_more():
    steps = list(strictnesses(parse("agua SGAPG-2023").loosened()))
    assert [
        [(stems(way.needed), stems(way.others), way.missing) for way in ways] for ways in steps
    ] == [
        [(["sgapg 2023"], ["agu"], 0)],
        [(["sgapg 2023"], ["agu"], 1), ([], ["agu", "sgapg", "2023"], 0)],
        [([], ["agu", "sgapg", "2023"], 1)],
        [([], ["agu", "sgapg", "2023"], 2)],
    ]


def test_many_phrases_are_left_to_their_words():
    steps = list(strictnesses(parse("a1-b1 c1-d1 e1-f1 g1-h1").loosened()))
    assert not any(way.needed for ways in steps for way in ways)


def test_a_phrase_with_a_word_that_is_asked_for_finds_nothing_more():
    loose = parse('co-creación "control social" control').loosened()
    assert [clause.alternatives for clause in loose.one_of()] == [
        (("cocreacion",),),
        (("co",),),
        (("creacion",),),
        (("control",),),
    ]
