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
    "takes_too_many": {
        "en": "takes away {found}; only {allowed} are sure to be there then",
        "zh": "减少 {found}；届时确定存在的只有 {allowed}",
    },
    "net_migration": {
        "en": "{found} is no plausible net migration; allowed: {allowed} (0.9 percent a year is 0.009)",
        "zh": "净迁移率 {found} 不合理；允许：{allowed}（每年 0.9% 写作 0.009）",
    },
}
