"""Sentences about what a new place still lacks, and what `carecap init` prints."""

from __future__ import annotations

UNFILLED: dict[str, dict[str, str]] = {
    "not_filled": {"en": "not filled in yet", "zh": "尚未填写"},
    "cell_empty": {"en": "not filled in yet", "zh": "尚未填写"},
    "cells_empty": {
        "en": "not filled in yet, from here to line {found}: {allowed} cells",
        "zh": "自此行至第 {found} 行共 {allowed} 格尚未填写",
    },
    "table_no_rows": {"en": "the table has a header and no rows", "zh": "表中只有表头，没有数据行"},
    "table_twice_at": {
        "en": "{found} stands twice; the first is in line {allowed}",
        "zh": "{found} 重复出现；第一次在第 {allowed} 行",
    },
    "nobody": {
        "en": "{found}: nobody of 60 to 64, or nobody of 65 and over; a district needs men and women of both",
        "zh": "{found}：60至64岁或65岁及以上无人；每个县区的男、女在这两段都应有人",
    },
    "more_than_residents": {
        "en": "{found} residents aged 65+ in households are more than the census table has: {allowed}",
        "zh": "家庭户中65岁及以上 {found} 人，多于人口表中的 {allowed} 人",
    },
    "last_group": {
        "en": "{found} must be empty: the last age group is open and holds everybody who is older",
        "zh": "{found} 应为空：最后一个年龄组不设上限，包含更高年龄的所有人",
    },
    "no_such_rule": {
        "en": "the program has nothing called {found}; there are {allowed}",
        "zh": "程序中没有名为 {found} 的条目；可用的有 {allowed}",
    },
}

INIT: dict[str, dict[str, str]] = {
    "init_not_id": {
        "en": "{found} can't be an id; it may hold {allowed}",
        "zh": "{found} 不能用作标识；只能含{allowed}",
    },
    "init_shipped": {
        "en": "{found} is a shipped place; take another id, or copy its scenario: extends: {found}",
        "zh": "{found} 是内置地区；请换一个标识，或在情景中写 extends: {found}",
    },
    "init_own_file": {
        "en": "{found} is the name of a file that is written beside it; take another id",
        "zh": "{found} 与同时生成的文件重名；请换一个标识",
    },
    "init_exists": {
        "en": "is there already and is not overwritten; give another folder: --dir DIR",
        "zh": "已存在，不会覆盖；请用 --dir 指定其他文件夹",
    },
    "init_not_folder": {"en": "is a file, not a folder", "zh": "是文件，不是文件夹"},
    "init_empty_name": {"en": "the name is empty", "zh": "名称为空"},
    "init_twice": {"en": "{found} is given twice", "zh": "{found} 重复给出"},
    "init_census": {
        "en": "census table: residents by district, sex and age group; fill in the last column",
        "zh": "普查人口表：分县区、性别、年龄组，填写最后一列",
    },
    "init_households": {
        "en": "households of the census; leave it if you have none",
        "zh": "普查家庭户表；没有可不用",
    },
    "init_homes": {"en": "list of homes; leave it if you have none", "zh": "养老机构名单；没有可不用"},
    "init_place": {
        "en": "who the place is, its tables, its beds; fill in what says {mark}",
        "zh": "地区、表格和床位；填写标有“{mark}”之处",
    },
    "init_policy": {
        "en": "the plan: one example of each kind of clause; leave it until you have a plan",
        "zh": "方案条款，各类一例；没有方案可不用",
    },
    "init_scenario": {"en": "the scenario that you run", "zh": "要运行的情景"},
    "init_no_plan": {"en": "the same without what the plan opens", "zh": "同上，但不含方案新增"},
    "init_next": {
        "en": "Fill in census.csv and what says {mark} in place.yaml. What is still missing, all at once:",
        "zh": "请填写 census.csv 和 place.yaml 中标有“{mark}”之处。查看尚缺哪些内容：",
    },
    "init_then": {"en": "When it says good:", "zh": "检查通过后运行："},
}
