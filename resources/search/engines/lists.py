"""How a database takes a whole list as one parameter, so that a statement is written the same for lists of any length."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Lists:
    """`one_of`: the condition that a column has one of the values, with a place for the column; `parameter`: the list of
    numbers or texts as that takes it; `pairs`: a table of two columns, with places for their names, whose parameter is the
    JSON of a list of pairs of numbers.
    """

    one_of: str
    parameter: Callable[[Sequence[Any]], Any]
    pairs: str
