"""Numbers and dates among the columns of a table, as people in Ecuador and elsewhere write them."""

import pytest

from tables.column_types import column_types


@pytest.mark.parametrize(
    ("texts", "name", "decimal"),
    [
        (["1", "20", "-3"], "number", "."),
        (["1.234,50", "7"], "number", ","),
        (["1,234.50", "7"], "number", "."),
        (["0,5", "12"], "number", ","),
        (["12.5", "7.25"], "number", "."),
        (["1.234", "12.345"], "number", ","),  # points between thousands
        (["1,234"], "number", "."),
        (["0,125"], "number", ","),
        (["$ 1.200,00", "US$ 3"], "number", ","),
        (["12 %", "3,5 %"], "number", ","),
        (["", "4"], "number", "."),
        (["0101", "1701"], "text", ""),  # codes of cantons
        (["0991234567001"], "text", ""),
        (["2024-01-31"], "text", ""),
        (["31/01/2024", "1/2/2024"], "date", ""),
        (["3", "tres"], "text", ""),
        (["", ""], "text", ""),
    ],
)
def test_a_column_has_the_type_of_all_its_cells(texts, name, decimal):
    (found,) = column_types([[text] for text in texts], 1)
    assert (found.name, found.decimal) == (name, decimal)
