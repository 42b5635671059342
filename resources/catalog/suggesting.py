"""What a person who is typing may mean: tags and words of what is public."""

from resources.models import Term
from resources.search.analysis import fold, stem


def suggestions(typed: str, count: int = 8) -> list[str]:
    """Return what `typed` may become: whole tags, then its last word completed, the most frequent first."""
    start = fold(typed)
    if not start.strip():
        return []
    head, _, last = start.rpartition(" ")
    whole = _beginning_with(" ".join(start.split()), count)
    found = [label for text, label in whole if text != start]
    if head.strip() and last:
        before = typed[: typed.rfind(" ") + 1]
        found += [
            before + label
            for text, label in _beginning_with(last, count)
            if " " not in text and text != last
        ]
    return list(dict.fromkeys(found))[:count]


def _beginning_with(start: str, count: int) -> list[tuple[str, str]]:
    """Return text and label of the most frequent terms that begin so; one word for each stem."""
    terms = Term.objects.filter(text__gte=start, text__lt=start + "\U0010ffff", frequency__gt=0)
    rows = terms.order_by("-frequency", "text").values_list("text", "label")[: count * 3]
    by_stem: dict[str, tuple[str, str]] = {}
    for text, label in rows:
        by_stem.setdefault(text if " " in text else stem(text) or text, (text, label))
    return list(by_stem.values())[:count]
