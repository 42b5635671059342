"""What each search asks of a database is planned once for a connection, whatever the lists that are asked for."""

import json

import psycopg
import pytest
from django.db import connection

from search.backends import prepared as planned
from tests.makers import make_video

pytestmark = pytest.mark.django_db

NUMBERS = "SELECT id FROM resources_resource WHERE "


def prepared():
    """Return how many statements about numbers this connection has prepared."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE %s", [f"{NUMBERS}%"]
        )
        return cursor.fetchone()[0]


def found(ids):
    """Return those of the ids that resources have."""
    sql = NUMBERS + planned.in_list("id")
    return sorted(pk for (pk,) in planned.rows(sql, [planned.list_param(ids)]))


def test_lists_of_any_length_are_one_parameter():
    ids = [make_video(title=str(number)).pk for number in range(3)]
    assert found([]) == []
    assert found([ids[1]]) == [ids[1]]
    assert found([*ids, ids[-1] + 1]) == ids


def test_texts_are_compared_as_they_are():
    make_video(title='L\'Hospitalet; "100 %"')
    sql = "SELECT title FROM resources_resource WHERE " + planned.in_list("title")
    titles = ['L\'Hospitalet; "100 %"', "otro"]
    assert list(planned.rows(sql, [planned.list_param(titles)])) == [('L\'Hospitalet; "100 %"',)]


def test_pairs_are_a_table():
    sql = f"SELECT version, place FROM {planned.pairs('version', 'place')} wanted ORDER BY place"
    assert list(planned.rows(sql, [json.dumps([[7, 3], [2**40, 1]])])) == [(2**40, 1), (7, 3)]
    assert list(planned.rows(sql, ["[]"])) == []


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite's driver does so by itself")
def test_postgresql_plans_a_statement_once_for_lists_of_any_length():
    before = prepared()
    for count in (3, 1, 5, 20):
        found(range(1, count))
    assert 1 <= prepared() - before <= 2  # one each for short and long numbers
    assert connection.cursor().cursor.__class__ is not psycopg.Cursor  # the others stay Django's


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no poolers")
def test_behind_a_pooler_nothing_is_left_with_a_connection(monkeypatch):
    connection.ensure_connection()
    before = prepared()
    monkeypatch.setattr(connection.connection, "prepare_threshold", None)
    for _ in range(5):
        sql = f"{NUMBERS} true AND {planned.in_list('id')}"
        assert list(planned.rows(sql, [planned.list_param([1])])) == []
    assert prepared() == before
