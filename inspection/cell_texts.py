"""Write the values of cells as text: numbers with a decimal comma, dates in ISO 8601."""

import datetime as dt
import math
from typing import Any


def number_text(value: float) -> str:
    """Write a number as a spreadsheet shows it without a format: 15 digits at most, and a decimal comma."""
    if not math.isfinite(value):
        return str(value)
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    return f"{value:.15g}".replace(".", ",")


def percent_text(value: float) -> str:
    """Write a fraction as a percentage: 0.125 is «12,5 %»."""
    return f"{number_text(round(value * 100, 10))} %"


def text_of(value: Any) -> str:
    """Write a text, a truth value, a date, an instant or a time."""
    if isinstance(value, bool):
        return "sí" if value else "no"
    if isinstance(value, dt.datetime):
        is_day = value.time() == dt.time()
        return value.strftime("%Y-%m-%d" if is_day else "%Y-%m-%d %H:%M")
    if isinstance(value, dt.time):
        return value.strftime("%H:%M" if not value.second else "%H:%M:%S")
    return str(value)
