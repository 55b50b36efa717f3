import pyarrow as pa

from sim.decide.sides import of_years


def test_rows_of_some_years():
    rows = pa.table({"year": [2020, 2021, 2022], "value": [1.0, 2.0, 3.0]})
    assert of_years(rows, [2020, 2022])["value"].to_pylist() == [1.0, 3.0]


def test_a_table_without_rows_stays_as_it_is():
    empty = pa.table({"year": [], "value": []})  # no type: before a notice no measure costs anything
    assert of_years(empty, [2020]).num_rows == 0
