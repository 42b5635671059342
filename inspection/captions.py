"""Read captions (WebVTT, SubRip) as a transcript: passages of a few sentences, each with the second at which it begins."""

import re
from html import unescape
from typing import NamedTuple

_TIMES = re.compile(
    r"[ \t]*(?:(\d{1,3}):)?(\d{1,2}):(\d{2})[.,]\d{1,3}[ \t]*-->[ \t]*(?:(\d{1,3}):)?(\d{1,2}):(\d{2})[.,]\d{1,3}"
)
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,200}>|<\d[\d:.]{0,20}>|\{\\[^{}]{0,50}\}")
"""Tags of WebVTT (4.2.1: voices, classes, times) and of SubRip; «<3» is none."""
_SENTENCE_END = re.compile(r"[.!?…][»\"'”)]*$")
_LONG = 220
"""Characters after which a passage ends with the next sentence."""
_LONGEST = 500
"""Characters after which it ends with the next cue: captions without punctuation."""
_PAUSE = 4
"""Seconds without a caption that end a passage."""


class Cue(NamedTuple):
    """One caption. Times in whole seconds, rounded down: a player that starts there misses nothing."""

    start: int
    end: int
    text: str


class Passage(NamedTuple):
    """Captions that follow one another, as text; `second`: when they begin."""

    second: int
    text: str


def passages(captions: str) -> list[Passage]:
    """Return the passages of a caption file in the order of their times, no two with the same second."""
    found: list[Passage] = []
    waiting: list[Cue] = []
    for cue in sorted(_cues(captions)):
        if waiting and _is_over(waiting, cue):
            found.append(_passage(waiting))
            waiting = []
        waiting.append(cue)
    if waiting:
        found.append(_passage(waiting))
    return found


def _is_over(waiting: list[Cue], following: Cue) -> bool:
    if following.start == waiting[0].start:
        return False
    length = sum(len(cue.text) for cue in waiting)
    is_sentence = bool(_SENTENCE_END.search(waiting[-1].text))
    return (
        following.start - waiting[-1].end >= _PAUSE
        or length >= _LONGEST
        or (length >= _LONG and is_sentence)
    )


def _passage(cues: list[Cue]) -> Passage:
    return Passage(cues[0].start, " ".join(cue.text for cue in cues))


def _cues(captions: str) -> list[Cue]:
    """Return the captions; one that repeats the line before it, as rolling captions do, is left out."""
    found: list[Cue] = []
    lines = iter(captions.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    last = ""
    for line in lines:
        times = _TIMES.match(line)
        if not times:
            continue
        spoken = []
        for words in lines:
            if not words.strip():
                break
            text = " ".join(unescape(_TAG.sub("", words)).split())
            if text and text != last:
                spoken.append(text)
                last = text
        if spoken:
            found.append(Cue(_seconds(times, 1), _seconds(times, 4), " ".join(spoken)))
    return found


def _seconds(times: re.Match[str], first: int) -> int:
    hours, minutes, seconds = (int(times[group] or 0) for group in range(first, first + 3))
    return hours * 3600 + minutes * 60 + seconds
