"""Words for the units, labels and terms of policy files and result tables, in Chinese and English.

A unit follows its number: `60` and `percent` make `60%`, `29` and `canteens` make `29个食堂`, `29 canteens`.
English follows from the names by rule (`person_times_per_year`: person times per year), but for those listed.
"""

from __future__ import annotations

import re
from typing import Final

UNITS: Final[dict[str, str]] = {
    "age_years": "岁",
    "bases": "个基地",
    "bed_years": "床年",
    "beds": "张",
    "beds_per_1000_elderly": "张/千名老年人",
    "canteens": "个食堂",
    "centres_per_year": "个中心/年",
    "checks_per_year": "次检查/年",
    "count": "个",
    "day_of_month": "日",
    "drills_per_year": "次演练/年",
    "facilities": "处",
    "facilities_per_district": "处/区",
    "facilities_per_year": "处/年",
    "facility_years": "处年",
    "families": "个家庭",
    "hours": "小时",
    "hours_per_day": "小时/天",
    "hours_per_week": "小时/周",
    "household_price": "（居民价格为1）",
    "households": "户",
    "households_per_year": "户/年",
    "information_events_per_year": "次宣传/年",
    "institutions_per_county": "所/县（市、区）",
    "institutions_per_year": "所/年",
    "levels": "级",
    "m2": "平方米",
    "m2_land_per_resident": "平方米用地/人",
    "m2_per_1000_households": "平方米/千户",
    "m2_per_100_households": "平方米/百户",
    "meals": "份餐",
    "metres": "米",
    "minutes": "分钟",
    "model_county_status": "（示范县称号）",
    "month_of_year": "月",
    "percent": "%",
    "person_days": "人日",
    "person_months": "人月",
    "person_times_per_year": "人次/年",
    "persons": "人",
    "persons_per_1000_elderly": "人/千名老年人",
    "persons_per_100_beds": "人/百张床位",
    "platforms": "个平台",
    "residents": "人",
    "services_per_person_year": "次/人·年",
    "share": "（份额）",
    "share_of_charge_due": "（应缴份额）",
    "share_of_fee_due": "（应缴份额）",
    "standards": "项标准",
    "trainings_per_carer_year": "次培训/人·年",
    "visits": "次",
    "worker_months": "人月",
    "years": "年",
    "yuan": "元",
    "yuan_per_year": "元/年",
}

LABELS: Final[dict[str, str]] = {
    "age": "年龄",
    "city": "市",
    "county_system": "县级体系",
    "destitute_homes": "特困人员供养服务机构",
    "district": "区县",
    "finish": "完工",
    "first_year": "第一年",
    "for_profit": "营利性",
    "free_bus": "免费乘车",
    "higher": "高级以上",
    "home": "居家",
    "homes": "养老机构",
    "households": "户数",
    "intermediate": "中级",
    "junior": "初级",
    "mean_month": "各月平均",
    "model_centres": "示范中心",
    "model_county": "示范县",
    "model_institutions": "示范机构",
    "national_system": "国家体系",
    "network_points": "网络站点",
    "non_profit": "非营利性",
    "post": "岗位",
    "own_unit": "自设医疗单元",
    "registered_60plus": "60岁及以上户籍老年人",
    "registered_65plus": "65岁及以上户籍老年人",
    "residents_60plus": "60岁及以上常住老年人",
    "residents_65plus": "65岁及以上常住老年人",
    "residents_dependent": "60岁及以上失能老年人（中度及以上）",
    "second_year": "第二年",
    "senior": "高级",
    "standard_care_centres": "标准化养老服务中心",
    "start": "开工",
    "team": "团队",
    "third_year": "第三年",
    "three_star_homes": "三星级机构",
    "travel_time": "到达时间",
    "worst_month": "最差月份",
}

UNITS_EN: Final[dict[str, str]] = {
    "age_years": "years of age",
    "bed_years": "bed-years",
    "count": "",
    "day_of_month": "(day of the month)",
    "facility_years": "facility-years",
    "household_price": "(the price of households is 1)",
    "m2": "square metres",
    "m2_land_per_resident": "square metres of land per resident",
    "m2_per_1000_households": "square metres per 1,000 households",
    "m2_per_100_households": "square metres per 100 households",
    "model_county_status": "(title of a model county)",
    "month_of_year": "(month of the year)",
    "person_days": "person-days",
    "person_months": "person-months",
    "services_per_person_year": "services per person and year",
    "share": "(share)",
    "share_of_charge_due": "(share of the charge that is due)",
    "share_of_fee_due": "(share of the fee that is due)",
    "trainings_per_carer_year": "trainings per carer and year",
    "worker_months": "worker-months",
}
LABELS_EN: Final[dict[str, str]] = {
    "homes": "care homes",
    "mean_month": "mean of the months",
    "own_unit": "own medical unit",
    "post": "post in place",
    "residents_dependent": "residents aged 60+, of moderate ability or worse",
    "travel_time": "time to get there",
}

TERMS: Final[dict[str, tuple[tuple[str, str], tuple[str, str]]]] = {
    "budget_yuan": (("年度预算", "元"), ("budget of the year", "yuan")),
    "factor": (("系数", ""), ("factor", "")),
    "from_age_years": (("起始年龄", "岁"), ("from the age of", "years")),
    "least_households": (("至少", "户"), ("at least", "households")),
    "least_m2": (("面积至少", "平方米"), ("an area of at least", "square metres")),
    "least_m2_per_bed": (("每床面积至少", "平方米"), ("an area per bed of at least", "square metres")),
    "least_months": (("从业满", "个月"), ("after work of", "months")),
    "least_uplift": (("上浮至少", ""), ("raised by a share of at least", "")),
    "least_yuan": (("最低", "元"), ("at least", "yuan")),
    "most_yuan": (("最高", "元"), ("at most", "yuan")),
    "quantity": (("数量", ""), ("number", "")),
    "rate_by_yuan": (("分级标准", "元"), ("rate by grade", "yuan")),
    "rate_yuan": (("标准", "元"), ("rate", "yuan")),
}
"""Number that the document gives of a measure -> what it is and its unit, Chinese and English; see
`policy.clauses.Terms`."""

_SIGNS: Final = {">=": "≥", "<=": "≤"}
_BEFORE = re.compile(r"(\d+) before")
_AGED = re.compile(r"_(\d+)plus")


def with_unit(number: str, unit: str, lang: str) -> str:
    """A number with its unit: `60 percent`, `60%`."""
    return f"{number}{UNITS.get(unit, unit)}" if lang == "zh" else f"{number} {_english(unit)}".strip()


def unit_word(unit: str, lang: str) -> str:
    """One of a unit, standing alone: `person and month`."""
    if lang == "zh":
        return UNITS.get(unit, unit).strip("（）")
    return " and ".join(re.sub(r"ies$", "y", part).removesuffix("s") for part in unit.split("_"))


def _english(unit: str) -> str:
    return UNITS_EN.get(unit, unit.replace("_", " ").replace("1000", "1,000"))


def label_word(label: str, lang: str) -> str:
    """What a number or a row is about."""
    before = _BEFORE.fullmatch(label)
    if lang == "zh":
        return f"原有 {before[1]} 个" if before else LABELS.get(label, label)
    return LABELS_EN.get(label, _AGED.sub(r" aged \1+", label).replace("_", " "))


def term(name: str, value: object, lang: str) -> str:
    """A number that the document gives of a measure, or several by grade."""
    word, unit = TERMS[name][lang != "zh"] if name in TERMS else (name, "")
    unit = f" {unit}" if unit and lang != "zh" else unit
    if isinstance(value, dict):
        by_grade = [f"{label_word(grade, lang)} {number(each, lang)}{unit}" for grade, each in value.items()]
        return f"{word} {('、' if lang == 'zh' else ', ').join(by_grade)}"
    return f"{word} {number(value, lang)}{unit}"


def number(value: object, lang: str) -> str:
    """A number in full, never `3e+06`: thousands apart in English, together in Chinese prose."""
    if not isinstance(value, int | float):
        return str(value)
    return f"{value:.12g}" if lang == "zh" else f"{value:,.12g}"


def sign(operator: str, lang: str) -> str:
    """The operator of a comparison."""
    return _SIGNS.get(operator, operator) if lang == "zh" else operator
