"""The order of a page's results, whatever the engine's was."""

from search.query.parser import parse
from search.results.matches import match_document
from search.results.ranking import in_order

SHORT, LONG = "otr palabr " * 20, "otr palabr " * 400


def ordered(question, *bodies, engine=None):
    """Return the numbers of these bodies (stems) in the order in which they are shown."""
    parsed = parse(question)
    evidence = {
        n: match_document(("", "", "", "{}", body), parsed) for n, body in enumerate(bodies)
    }
    return in_order(engine or list(evidence), evidence, parsed)


def test_what_has_a_word_more_often_comes_first():
    assert ordered("plan", f"plan {SHORT}", f"plan x plan x plan x plan {SHORT}", SHORT) == [
        1,
        0,
        2,
    ]


def test_a_long_body_has_a_word_often_only_for_its_length():
    assert ordered("plan", f"plan x plan {LONG}", f"plan x plan {SHORT}") == [1, 0]


def test_between_equals_the_engine_s_order_decides():
    assert ordered("plan", "plan", "plan", engine=[1, 0]) == [1, 0]


def test_what_has_more_of_the_words_somewhere_comes_first():
    often, apart = "plan x " * 10 + SHORT, f"plan {LONG}\nagu {LONG}"
    assert ordered("plan agua", often, apart) == [1, 0]


def test_neighbours_are_so_however_a_word_may_be_read():
    apart, beside = f"buen {SHORT} contraseñ {SHORT}", f"buen contraseñ {SHORT} {SHORT}"
    assert ordered("buenas contrasenas", apart, beside) == [1, 0]


def test_all_words_on_one_page_come_before_one_of_them_in_a_title():
    parsed = parse("agua plan verde")
    title = ("verd otr otr otr", "", "", "{}", f"agu {SHORT}\nplan {SHORT}\nverd {SHORT}")
    page = ("", "", "", "{}", f"agu {SHORT} plan {SHORT} verd {SHORT}")
    evidence = {n: match_document(texts, parsed) for n, texts in enumerate((page, title))}
    assert in_order([0, 1], evidence, parsed) == [0, 1]


def test_words_on_one_page_of_a_very_long_body_may_stand_there_by_chance():
    book = "otr palabr " * 30_000
    assert ordered("plan agua", f"{'plan x agu x ' * 10}\n{book}", f"plan x agu {SHORT}") == [1, 0]
