"""Sentences about what a plan opens and closes, and about how surely; `sim.messages` joins them."""

from __future__ import annotations

PLAN: dict[str, dict[str, str]] = {
    "distribution_numbers": {
        "en": "{found}: this distribution needs {allowed}, and no other number",
        "zh": "{found}：该分布需要且只需要 {allowed}",
    },
    "distribution_order": {
        "en": "the numbers are not in order: {found}; must be {allowed}",
        "zh": "数值次序不对：{found}；应为 {allowed}",
    },
    "nursing_other_sign": {
        "en": "{found} nursing beds of {allowed} beds: an item either opens beds or closes them",
        "zh": "床位 {allowed} 张、其中护理型 {found} 张：同一项目只能全部新增或全部减少",
    },
    "before_notice": {
        "en": "complete in {found}, before the month of the notice: such sites are not the plan's, "
        "they belong in 'coverage'; must be {allowed}",
        "zh": "{found} 建成，早于方案印发月份：不是方案的项目，应计入 coverage；应 {allowed}",
    },
    "centres_above_towns": {
        "en": "{found} centres in all, those before the plan included: each stands in a town that had none, "
        "so there must be {allowed}",
        "zh": "连同方案以前的中心共 {found} 个：每个中心服务一个尚无中心的街道（乡镇），应 {allowed}",
    },
    "not_this_place": {
        "en": "the place is {found}, but the policy file is that of {allowed}",
        "zh": "地区为 {found}，而政策文件属于 {allowed}",
    },
    "missing_label": {
        "en": "without a label the value is of all that the clauses ask for, in units {found}; "
        "give a label: {allowed}",
        "zh": "未写 label 的数值对应条款的全部分项，而其单位不同（{found}）；请写 label：{allowed}",
    },
    "takes_too_many": {
        "en": "takes away {found}; only {allowed} are sure to be there then",
        "zh": "减少 {found}；届时确定存在的只有 {allowed}",
    },
    "net_migration": {
        "en": "{found} is no plausible net migration; allowed: {allowed} (0.9 percent a year is 0.009)",
        "zh": "净迁移率 {found} 不合理；允许：{allowed}（每年 0.9% 写作 0.009）",
    },
}
