"""Which rows are one enterprise for certain, and which only share their name."""

import datetime as dt

import polars as pl

from xiandao.domains.industries.registers.sifting import Kept, sift

SCHEMA = {
    "row": pl.Int64, "key": pl.String, "name": pl.String, "folded": pl.String, "registered_on": pl.Date,
    "ended_on": pl.Date, "filled": pl.Int64, "code_ok": pl.Boolean, "legacy": pl.Boolean,
}  # fmt: skip
DAY = dt.date(2020, 1, 1)


def rows(*given):
    """Rows of (key, name, registered, ended, filled); a key of digits is a code."""
    table = [
        (number, key, name, name, registered, ended, filled, key.isdigit(), False)
        for number, (key, name, registered, ended, filled) in enumerate(given, 1)
    ]
    return pl.DataFrame(table, schema=SCHEMA, orient="row")


def test_nothing_to_sift():
    assert sift(rows(("1", "甲", DAY, None, 3), ("2", "甲", DAY, None, 3))) == Kept([], {})


def test_the_one_not_ended_then_the_later_then_the_fuller_then_the_last():
    later = dt.date(2021, 1, 1)
    assert sift(rows(("1", "甲", later, DAY, 9), ("1", "甲", DAY, None, 1))).lost == [(1, "甲", "1", 2)]
    assert sift(rows(("1", "甲", later, None, 1), ("1", "甲", DAY, None, 9))).lost == [(2, "甲", "1", 1)]
    assert sift(rows(("1", "甲", DAY, None, 2), ("1", "甲", DAY, None, 1))).lost == [(2, "甲", "1", 1)]
    assert sift(rows(("1", "甲", DAY, None, 1), ("1", "甲", DAY, None, 1))).lost == [(1, "甲", "1", 2)]
    assert sift(rows(("1", "甲", None, None, 1), ("1", "甲", DAY, None, 1))).lost == [(1, "甲", "1", 2)]


def test_without_a_code_the_same_name_is_not_enough():
    other = dt.date(2019, 1, 1)
    kept = sift(rows(("name:甲@x", "甲", DAY, None, 1), ("name:甲@x", "甲", other, None, 1)))
    assert kept == Kept([], {2: "name:甲@x#2"})
    kept = sift(rows(("name:甲@x", "甲", DAY, None, 1), ("name:甲@x", "甲", DAY, None, 1)))
    assert kept == Kept([(1, "甲", "name:甲@x", 2)], {})
    kept = sift(rows(("rid:7", "甲", DAY, None, 1), ("rid:7", "乙", DAY, None, 1)))
    assert kept == Kept([], {2: "rid:7#2"})
