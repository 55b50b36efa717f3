"""The tables of a user's own place as Excel saves them, and every mistake at its line and column."""

from __future__ import annotations

import numpy as np
import pytest
from typer.testing import CliRunner

from sim.cli.main import app
from sim.errors import InputError
from sim.scenario import inputs
from tests.county import AGES, CODE, RESIDENTS_60PLUS, write_county

HEADER = ",".join(inputs.HOUSEHOLD_COLUMNS)
GOOD = f"{CODE},100000,40000,36000,9000,16000,9500,150"


@pytest.fixture
def county(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_county(tmp_path)
    return tmp_path


def census_of(folder, text: str, encoding: str = "utf-8") -> inputs.Census:
    path = folder / "census.csv"
    path.write_bytes(text.encode(encoding))
    return inputs.read_census(path, [CODE])


def checked(folder) -> list[str]:
    done = CliRunner().invoke(app, ["check", "county.yaml", "--lang", "en"])
    assert done.exit_code in (0, 2), done.output
    return done.stderr.splitlines()


def faults(folder, old: str, new: str) -> list[str]:
    path = folder / "census.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return checked(folder)


def test_a_table_as_excel_saves_it_reads_as_the_plain_one(county):
    text = (county / "census.csv").read_text(encoding="utf-8")
    plain = census_of(county, text)
    wide = "".join(f"{line},,\r\n" for line in text.splitlines())
    saved = census_of(county, wide + ",,,,,,\r\n , ,,,,,\r\n\r\n", "utf-8-sig")
    quoted = census_of(county, "\n".join(f'"{line}"'.replace(",", '","') for line in text.splitlines()))
    assert plain.persons.sum() == 2 * sum(persons for _, persons in AGES)
    for other in (saved, quoted):
        assert np.array_equal(other.persons, plain.persons)
        assert np.array_equal(other.age_from, plain.age_from)


def test_codes_of_ones_own_stay_text(county):
    codes = ["007", "1e5", "North-1"]
    rows = (county / "census.csv").read_text(encoding="utf-8").splitlines()
    text = "\n".join([rows[0], *(row.replace(CODE, code) for code in codes for row in rows[1:])])
    (county / "census.csv").write_text(text, encoding="utf-8")
    census = inputs.read_census(county / "census.csv", codes)
    assert census.persons.shape == (3, 2, len(AGES))
    assert census.persons[:, :, 5:].sum() == 3 * RESIDENTS_60PLUS


def test_gbk_is_told_with_the_remedy(county):
    text = (county / "census.csv").read_text(encoding="utf-8").replace(CODE, "城区")
    (county / "census.csv").write_bytes(text.encode("gbk"))
    (line,) = checked(county)
    assert line == (
        "census.csv:2:1: tables.census: census.csv is not UTF-8 but, it seems, GBK; save it as UTF-8 "
        "(Excel: Save as, type 'CSV UTF-8')"
    )


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("male,40,44,9500", "male,40,44,", "census.csv:3:19: tables.census persons: not filled in yet"),
        ("male,40,44,9500", "male,40,44,待填", "census.csv:3:19: tables.census persons: not filled in yet"),
        ("9500", '"9,500"', "census.csv:3:1: tables.census persons: '9,500' is not a whole number"),
        ("9500", "9500.5", "census.csv:3:19: tables.census persons: '9500.5' is not a whole number"),
        ("9500", "-3", "census.csv:3:19: tables.census persons: '-3' is not a whole number"),
        (f"{CODE},male,40", "990002,male,40",
         "census.csv:3:1: tables.census district: '990002' is not one of 990001; did you mean '990001'?"),
        ("male,40", "men,40", "census.csv:3:8: tables.census sex: 'men' is not one of male, female"),
        ("male,40,44", "male,41,44", "census.csv:3:13: {} age_from: '41' is out of bounds"),
        ("male,40,44", "male,40,49", "census.csv:3:16: {} age_to: '49' is out of bounds; allowed: 44"),
        ("male,40,44", "male,35,39", "district: 990001 male 35 stands twice; the first is in line 2"),
        ("male,85,,", "male,85,89,", "census.csv:12:16: {} age_to: '89' must be empty: the last"),
        ("6500", "0", "census.csv:7:19: tables.census persons: '0': nobody of 60 to 64"),
        ("district,sex", "code,sex", "census.csv:1:1: tables.census: code, sex, age_from, age_to, persons;"),
        (",9500", "", "census.csv:3:1: tables.census: 4 cells; must be 5 cells"),
    ],
)  # fmt: skip
def test_one_mistake_in_the_census_table(county, old, new, said):
    (line,) = faults(county, old, new)
    assert said.format("tables.census") in line


def test_a_missing_group_an_empty_file_and_a_bare_header(county):
    text = (county / "census.csv").read_text(encoding="utf-8")
    assert faults(county, "990001,male,60,64,6500\n", "") == [
        "census.csv:1:1: tables.census district: 990001 male 60 is missing"
    ]
    (county / "census.csv").write_text("", encoding="utf-8")
    assert checked(county) == ["census.csv:1:1: tables.census: the file is empty"]
    (county / "census.csv").write_text(text.splitlines()[0] + "\n", encoding="utf-8")
    assert checked(county) == ["census.csv:2:1: tables.census: the table has a header and no rows"]


def test_empty_cells_that_follow_each_other_are_one_fault(county):
    text = (county / "census.csv").read_text(encoding="utf-8")
    rows = text.splitlines()
    for line in (3, 4, 5, 9):
        rows[line - 1] = rows[line - 1].rpartition(",")[0] + ","
    (county / "census.csv").write_text("\n".join(rows), encoding="utf-8")
    assert checked(county) == [
        "census.csv:3:19: tables.census persons: not filled in yet, from here to line 5: 3 cells",
        "census.csv:9:19: tables.census persons: not filled in yet",
    ]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([GOOD], []),
        ([GOOD.replace("40000", "140000")], ["persons_urban: '140000' is out of bounds; allowed: <= 100000"]),
        ([GOOD.replace("9500", "95000")], ["206450 residents aged 65+ in households are more than"]),
        ([GOOD.replace(",9000", ",")], ["households.csv:2:27: tables.households one_person_households: not"]),
        ([GOOD, GOOD], ["tables.households district: 990001 stands twice; the first is in line 2"]),
        ([GOOD.replace(CODE, "1")], ["'1' is not one of 990001", "990001 is missing"]),
    ],
)  # fmt: skip
def test_the_table_of_households(county, rows, said):
    (county / "households.csv").write_text("\n".join([HEADER, *rows]), encoding="utf-8")
    tables = {"census": "census.csv", "households": "households.csv"}
    write_county(county, tables=tables)
    lines = checked(county)
    assert len(lines) == len(said)
    assert all(any(words in line for line in lines) for words in said)


def test_a_bad_table_and_a_bad_scenario_are_told_together(county):
    (county / "census.csv").write_text("district\n", encoding="utf-8")
    path = county / "county.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("beds: 800", "beds: -1"), encoding="utf-8")
    lines = checked(county)
    assert [line.partition(":")[0] for line in lines] == ["census.csv", "county.yaml"]


def test_a_list_of_homes_as_excel_saves_it(county):
    head = "id,ownership,district,beds,nursing_beds,price_intact,price_partly,price_severe,chain_integrated"
    rows = [
        head,
        f"一号,public,{CODE},500,200,1000,1500,2000,FALSE",
        f"二号,private,{CODE},300,90,1500,2500,3500,TRUE",
    ]
    text = "".join(f"{row},\r\n" for row in rows) + ",,,,,,,,,\r\n"
    (county / "homes.csv").write_bytes(
        text.replace("FALSE", "false").replace("TRUE", "true").encode("utf-8-sig")
    )
    listed = {"file": "homes.csv", "status": "assumption", "source": "test"}
    stock = [{"month": "2020-10", "beds": 800, "status": "published", "source": "counted"}]
    write_county(county, homes={"stock": stock, "listed": listed})
    assert checked(county) == []


def test_errors_of_tables_are_there_in_chinese(county):
    (county / "census.csv").write_text("district\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        inputs.read_census(county / "census.csv", [CODE])
    assert "应为 district, sex" in caught.value.text("zh")
