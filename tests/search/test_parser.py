"""What is typed becomes clauses."""

import pytest

from search.query.parser import LONGEST_QUERY, Synonyms, normalise, parse, without_exclusions


def alternatives(text, synonyms=None):
    return [clause.alternatives[0] for clause in parse(text, synonyms).clauses]


def test_words_phrases_and_exclusions():
    parsed = parse('gobierno "control social" -quito -"plan nacional"')
    assert [clause.alternatives[0] for clause in parsed.clauses] == [
        ("gobiern",),
        ("control", "social"),
    ]
    assert parsed.excluded == (("quito",), ("plan", "nacional"))


def test_a_word_with_hyphens_is_a_phrase_and_a_minus_needs_a_space_before():
    assert alternatives("SGAPG-2023-001") == [("sgapg", "2023", "1")]
    assert alternatives("2022-2024") == [("2022", "2024")]
    assert parse("uno-dos").excluded == ()


@pytest.mark.parametrize(
    "text",
    [
        '"',
        '""',
        '"abierto',
        "«gobierno abierto",
        "- - -",
        '-"',
        "-",
        "AND OR NOT NEAR(",
        "*",
        "title:x^2",
        "\0",
        "\x1f\x7f",
        "()[]{}",
        "';--",
        "%s %d {0}",
        "🙂",
        "\ud800",
    ],
)
def test_any_input_gives_clauses_of_plain_stems(text):
    for clause in parse(text).clauses:
        for stems in clause.alternatives:
            assert all(stem and not set(stem) & set("\"'\\ \0") for stem in stems)


def test_typographic_quotes_count_as_quotes():
    for text in ("“control social”", "«control social»", '"control social"'):
        assert alternatives(text) == [("control", "social")]


def test_a_long_question_is_cut():
    assert len(normalise("a" * 4000)) == LONGEST_QUERY
    assert len(parse(" ".join(f"palabra{n}" for n in range(900))).clauses) <= 16


def test_synonyms_join_what_they_name_whole():
    synonyms = Synonyms.read(["GAD, gobierno autónomo descentralizado, municipio"])
    (clause,) = parse("gobiernos autónomos descentralizados", synonyms).clauses
    assert clause.alternatives == (("gobiern", "autonom", "descentralic"), ("gad",), ("municipi",))
    guide, gad = parse("guía GAD", synonyms).clauses
    assert (guide.alternatives, gad.alternatives[0]) == ((("guia",),), ("gad",))
    dotted = parse("G.A.D.", synonyms).clauses[0].alternatives
    assert dotted[0] == ("g", "d")  # "a" is left out everywhere
    assert set(gad.alternatives) < set(dotted)
    assert parse('"GAD"', synonyms).clauses[0].alternatives == (("gad",),)


def test_groups_that_share_a_member_are_one():
    synonyms = Synonyms.read(["GAD, municipio", "municipio, alcaldía"])
    assert set(parse("alcaldía", synonyms).clauses[0].alternatives) == {
        ("gad",),
        ("municipi",),
        ("alcald",),
    }


def test_letters_with_hyphens_or_dots_between_them_are_also_one_word():
    assert parse("co-creación").clauses[0].alternatives == (("co", "creacion"), ("cocreacion",))
    assert ("lotaip",) in parse("L.O.T.A.I.P.").clauses[0].alternatives
    assert parse("2022-2024").clauses[0].alternatives == (("2022", "2024"),)


def test_any_word_takes_an_unquoted_phrase_apart():
    def loosened(text: str) -> list[tuple[str, ...]]:
        return [clause.alternatives[0] for clause in parse(text).loosened().clauses]

    assert loosened("SGAPG-2023-1") == [("sgapg", "2023", "1"), ("sgapg",), ("2023",), ("1",)]
    assert loosened('"control social"') == [("control", "social")]


def test_a_number_glued_to_letters_is_also_found_apart():
    (clause,) = parse("sgapg2023001").clauses
    assert clause.alternatives == (
        ("sgapg2023001",),
        ("sgapg", "2023001"),
        ("sgapg", "2023", "1"),
    )
    assert parse("ISO9001").clauses[0].alternatives == (("iso9001",), ("iso", "9001"))
    assert parse("SGAPG2023-001").clauses[0].alternatives[-1] == ("sgapg", "2023", "1")
    assert parse("2do").clauses[0].alternatives == (("segund",),)


def test_a_synonym_that_holds_another_need_not_be_looked_for():
    synonyms = Synonyms.read(["cabildo, gobierno municipal, gobierno local, municipal"])
    (clause,) = parse("cabildo", synonyms).clauses
    assert ("gobiern", "municipal") in clause.alternatives
    assert ("gobiern", "municipal") not in clause.loosest
    assert set(clause.loosest) == {("cabild",), ("gobiern", "local"), ("municipal",)}


def test_a_phrase_that_was_typed_is_always_looked_for():
    (clause,) = parse('"gobierno municipal"').clauses
    assert clause.loosest == (("gobiern", "municipal"),)


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("registro oficial N.º 449", "registro oficial 449"),
        ("registro oficial nro. 449", "registro oficial 449"),
        ("infografía número 6", "infografía 6"),
        ("número de habitantes", "número habitantes"),
        ("artículo 57 literal a", "artículo 57"),
        ("art. 66 numeral 19", "artículo 66 19"),
        ("sentido literal", "sentido literal"),
    ],
)
def test_what_only_counts_is_not_asked_for(typed, asked):
    def stems(text):
        return [clause.alternatives[0] for clause in parse(text).clauses]

    assert stems(typed) == stems(asked)


def test_a_date_in_figures_is_one_in_words_too():
    for typed in ("19/10/2010", "19-10-2010", "2010-10-19"):
        assert ("19", "octubr", "2010") in parse(typed).clauses[0].alternatives
    assert parse("31/13/2020").clauses[0].alternatives == (("31", "13", "2020"),)


def test_a_dash_before_an_aside_leaves_nothing_out():
    for text in ("La obra —eje del plan— sigue", "La obra –eje del plan– sigue"):
        assert parse(text).excluded == ()
        assert len(parse(text).clauses) == 4
    assert parse("2022–2024").clauses == parse("2022-2024").clauses
    assert parse("plan −datos").excluded == parse("plan -datos").excluded == (("dat",),)


def test_a_minus_before_a_quote_that_never_ends_leaves_out_its_first_word():
    assert parse('plan -"ley').excluded == (("ley",),)
    assert [clause.text for clause in parse('plan -"ley').clauses] == ["plan"]


def test_a_question_without_what_it_leaves_out():
    assert without_exclusions('plan -"ley orgánica" agua −río') == (
        "plan agua",
        ["ley orgánica", "río"],
    )
    assert without_exclusions('"a-b" c-d') == ('"a-b" c-d', [])


def test_a_number_before_a_word_may_be_an_ordinal():
    assert parse("2 plan").clauses[0].alternatives == (("2",), ("segund",))
    for asked in ("plan 2", "2 2023", "11 plan", '"2" plan', "0 plan", "٢ plan"):
        assert all(len(clause.alternatives) == 1 for clause in parse(asked).clauses), asked


def test_a_degree_sign_is_typed_for_an_ordinal():
    assert parse("acuerdo n° 12").clauses == parse("acuerdo nº 12").clauses


def test_an_accent_that_was_typed_beside_its_letter_belongs_to_it():
    assert normalise("informaci´on p´UBLICA") == "información pÚBLICA"
    assert normalise("el niño´s ´ x") == "el niño´s ´ x"
