"""Captions are read as a transcript: passages of whole sentences, each with the second at which it begins."""

from inspection.captions import Passage, passages
from tests.inspection.makers import facts_here, make_file

VTT = """WEBVTT

NOTE Hecho con cuidado

STYLE
::cue { color: red }

intro
00:01.500 --> 00:04.000 align:start
<v Ana>Buenos días, <c.grande>Ecuador</c>.

01:02:03.000 --> 01:02:05.000
Hoy hablamos &amp; oímos.
"""
SRT = "1\r\n00:00:01,500 --> 00:00:03,000\r\n<i>Uno</i> <3\r\n\r\n2\r\n00:00:03,100 --> 00:00:05,000\r\n{\\an8}dos.\r\n"


def test_times_are_seconds_and_markup_is_no_speech():
    assert passages(VTT) == [
        Passage(1, "Buenos días, Ecuador."),
        Passage(3723, "Hoy hablamos & oímos."),
    ]
    assert passages(SRT) == [Passage(1, "Uno <3 dos.")]


def cues(*texts: str) -> str:
    return "WEBVTT\n\n" + "\n".join(
        f"00:{2 * n // 60:02}:{2 * n % 60:02}.000 --> 00:{(2 * n + 1) // 60:02}:{(2 * n + 1) % 60:02}.900\n{text}\n"
        for n, text in enumerate(texts)
    )


def test_a_passage_ends_with_a_sentence_and_without_any_before_it_is_too_long():
    spoken = passages(cues(*["Esto es la mitad de una frase", "y esta es la otra mitad."] * 20))
    assert len(spoken) > 2
    assert all(each.text.endswith("mitad.") for each in spoken)
    unpunctuated = passages(
        cues(
            *["palabras sin punto ni coma"] * 2
            + ["otras palabras sin punto"] * 1
            + [f"más palabras {n}" for n in range(100)]
        )
    )
    assert len(unpunctuated) > 2
    assert max(len(each.text) for each in unpunctuated) < 600


def test_lines_that_roll_are_read_once():
    rolling = cues("hola a todos", "hola a todos\nhoy veremos", "hoy veremos\nla ley")
    assert [each.text for each in passages(rolling)] == ["hola a todos hoy veremos la ley"]


def test_captions_out_of_order_or_at_the_same_second_have_one_passage_for_each_second():
    found = passages(
        "00:00:09.000 --> 00:00:10.000\nB.\n\n00:00:01.000 --> 00:00:02.000\nA.\n\n00:00:01.500 --> 00:00:02.000\nC.\n"
    )
    assert [each.second for each in found] == [1, 9]


def test_the_facts_of_captions_number_their_pages_by_seconds(tmp_path):
    found = facts_here(make_file(tmp_path, "voz.vtt", VTT.encode()), "voz.vtt")
    assert found["page_numbers"] == [1, 3723]
    assert found["text_status"] == "ok"
