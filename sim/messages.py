"""Every sentence that a user reads, in English and Chinese.

To add one, add an entry to the dict that fits (or a new dict, and name it in `CATALOGUE`). The values of a
sentence stand in braces and are the same in both languages; a test checks that. A fault's sentence may use
`{found}` and `{allowed}` only; its id is the fault's `code`.
"""

from __future__ import annotations

import locale
import os
from typing import Final

from sim.messages_clauses import CLAUSES
from sim.messages_compare import COMPARE
from sim.messages_ensemble import ENSEMBLE
from sim.messages_init import INIT, UNFILLED
from sim.messages_plan import PLAN
from sim.messages_run import CHART, RUN

LANGUAGES: Final = ("zh", "en")

_YAML: dict[str, dict[str, str]] = {
    "no_such_file": {"en": "there is no file {found}", "zh": "找不到文件 {found}"},
    "is_folder": {
        "en": "{found} is a folder; give a YAML file in it: {allowed}",
        "zh": "{found} 是文件夹；请给出其中的 YAML 文件：{allowed}",
    },
    "not_readable": {"en": "the file can't be read: {found}", "zh": "文件无法读取：{found}"},
    "not_text_file": {
        "en": "the file is neither UTF-8 nor GBK text; save it as UTF-8",
        "zh": "文件既不是 UTF-8 也不是 GBK 文本；请另存为 UTF-8",
    },
    "read_as_gbk": {
        "en": "from here on the file is not UTF-8 but, it seems, GBK, and was read as that; save it as UTF-8 "
        "(Notepad: Save as, Encoding 'UTF-8')",
        "zh": "自此处起不是 UTF-8，疑为 GBK，已按 GBK 读取；请另存为 UTF-8（记事本：另存为，编码选 UTF-8）",
    },
    "empty_file": {"en": "the file is empty", "zh": "文件为空"},
    "syntax": {"en": "not valid YAML: {found}", "zh": "YAML 语法错误：{found}"},
    "not_closed": {
        "en": "the bracket or quote opened in line {found} is not closed before this",
        "zh": "第 {found} 行的括号或引号在此之前没有闭合",
    },
    "stray_colon": {
        "en": "a second ': ' or a wrong indent; put text that holds a colon in quotes",
        "zh": "多出的冒号或缩进不对；含冒号的文字请加英文引号",
    },
    "no_colon": {
        "en": "no ': ' after a key here (colon and space)",
        "zh": "此处的键后面缺少“: ”（半角冒号加空格）",
    },
    "indent": {
        "en": "the indent does not fit the lines above, or something stands behind a closed value",
        "zh": "缩进与上文不一致，或值之后有多余内容",
    },
    "tab": {"en": "a tab stands here; use spaces", "zh": "此处有制表符（Tab）；请改用空格"},
    "too_deep": {"en": "too many levels inside one another", "zh": "嵌套层次过多"},
    "not_mapping_at_top": {
        "en": "the file must hold 'key: value' lines; found {found}",
        "zh": "文件内容应为“键: 值”形式；实际为 {found}",
    },
    "duplicate_key": {
        "en": "this key stands twice; the first is in line {found}",
        "zh": "键重复；第一次出现在第 {found} 行",
    },
    "duplicate_id": {
        "en": "id {found} stands twice; the first is in line {allowed}",
        "zh": "id {found} 重复；第一次出现在第 {allowed} 行",
    },
    "key_not_text": {"en": "a key must be one word of text", "zh": "键必须是一个单词"},
    "octal": {
        "en": "{found} starts with 0 and would be read as an octal number; write {allowed} if it is a code",
        "zh": "{found} 以 0 开头，会被当作八进制数；若为代码请写成 {allowed}",
    },
    "yes_no": {
        "en": "{found} is read differently by different programs; write {allowed}, or put it in quotes",
        "zh": "{found} 在不同程序中含义不同；请写 {allowed}，或加英文引号",
    },
    "sexagesimal": {
        "en": "{found} would be read as a number to base 60; put it in quotes",
        "zh": "{found} 会被当作六十进制数；请加英文引号",
    },
    "exponent": {
        "en": "{found} would be read as text; write {allowed}",
        "zh": "{found} 会被当作文字；请写成 {allowed}",
    },
    "number_form": {
        "en": "{found} is no plain decimal number; write {allowed}",
        "zh": "{found} 不是普通十进制数；请写成 {allowed}",
    },
    "not_finite": {"en": "{found} is no finite number", "zh": "{found} 不是有限数"},
    "empty_value": {
        "en": "nothing stands after the colon; write null to remove an inherited value, [] for an empty list",
        "zh": "冒号后没有内容；删除继承的值请写 null，空列表请写 []",
    },
    "full_width": {
        "en": "full-width character {found}; write {allowed} (ASCII), or put the text in quotes",
        "zh": "此处是中文全角字符 {found}；请改为半角 {allowed}，或给文字加英文引号",
    },
    "anchor": {
        "en": "anchors, aliases and merge keys ({found}) are not used here; use 'extends:'",
        "zh": "不支持锚点、别名和合并键（{found}）；请使用 extends:",
    },
    "tag": {"en": "YAML tags ({found}) are not used here", "zh": "不支持 YAML 标签（{found}）"},
}

_READ: dict[str, dict[str, str]] = {
    "no_such_scenario": {
        "en": "there is no scenario {found}; shipped are: {allowed}; a file needs a path or .yaml",
        "zh": "没有名为 {found} 的情景；内置情景：{allowed}；文件请写路径或以 .yaml 结尾",
    },
    "extends_form": {
        "en": "must be a file, a shipped name, or a list of them; found {found}",
        "zh": "应为文件、内置情景名，或它们的列表；实际为 {found}",
    },
    "extends_cycle": {"en": "files extend one another in a circle: {found}", "zh": "循环继承：{found}"},
    "set_form": {
        "en": "{found} is not of the form key.key=value",
        "zh": "{found} 不符合 键.键=值 的形式",
    },
    "set_twice": {
        "en": "set twice, to {found} and to {allowed}; give it once",
        "zh": "重复设置：{found} 与 {allowed}；请只给一次",
    },
    "no_such_path": {
        "en": "there is no {found} to set; there are: {allowed}",
        "zh": "没有可设置的 {found}；可选：{allowed}",
    },
}

_TYPES: dict[str, dict[str, str]] = {
    "other": {"en": "{found}; allowed: {allowed}", "zh": "{found}；允许：{allowed}"},
    "plain": {"en": "{found}", "zh": "{found}"},
    "groups_sum": {
        "en": "the groups add up to {found}; they must be {allowed}",
        "zh": "各群体合计 {found}；应 {allowed}",
    },
    "whole_number": {
        "en": "{found} is not possible; it must be {allowed}",
        "zh": "{found} 不可用；应为 {allowed}",
    },
    "start_at_census": {
        "en": "the run can't start in {found}: the population is that of the census, {allowed}",
        "zh": "不能从 {found} 开始：人口为普查时点 {allowed} 的人口",
    },
    "before_stock": {
        "en": "opens in {found}, but the latest count of beds holds all before it; it must be {allowed}",
        "zh": "{found} 开放，但最近的床位数已包含此前的床位；应 {allowed}",
    },
    "changes_not_read": {
        "en": "dated changes have no effect on {found}; give one value",
        "zh": "{found} 不支持按日期变化；请只给一个数值",
    },
    "stock_falls": {
        "en": "the stock falls to {found}; close beds by a pipeline item with negative beds ({allowed})",
        "zh": "床位存量降至 {found}；关闭床位请用负数的建设项目表示（{allowed}）",
    },
    "open_share_zero": {
        "en": "{found} would open no bed; it must be {allowed}",
        "zh": "{found} 等于不开放任何床位；应 {allowed}",
    },
    "table_value": {"en": "{found}; must be {allowed}", "zh": "{found}；应为 {allowed}"},
    "table_sum": {
        "en": "{found} in all; the stated total is {allowed}",
        "zh": "合计 {found}；所述总数为 {allowed}",
    },
    "table_twice": {"en": "{found} stands twice", "zh": "{found} 重复出现"},
    "table_missing": {"en": "{found} is missing", "zh": "缺少 {found}"},
    "table_negative": {"en": "{found}: a number is negative or empty", "zh": "{found}：有负数或空值"},
    "table_gbk": {
        "en": "{found} is not UTF-8 but, it seems, GBK; save it as UTF-8 (Excel: Save as, type 'CSV UTF-8')",
        "zh": "{found} 不是 UTF-8 编码，疑为 GBK；请另存为 UTF-8（Excel：另存为，类型选“CSV UTF-8”）",
    },
    "table_not_text": {
        "en": "{found} is neither UTF-8 nor GBK text; save it as UTF-8",
        "zh": "{found} 既不是 UTF-8 也不是 GBK 文本；请另存为 UTF-8",
    },
    "table_unreadable": {"en": "the table can't be read: {found}", "zh": "表格无法读取：{found}"},
    "unknown_key": {"en": "unknown key", "zh": "未知的键"},
    "unknown_name": {
        "en": "nothing is called {found}; there are {allowed}",
        "zh": "没有名为 {found} 的条目；可用的有 {allowed}",
    },
    "missing_key": {"en": "this key is missing", "zh": "缺少此键"},
    "not_whole": {"en": "{found} is not a whole number", "zh": "{found} 不是整数"},
    "not_number": {"en": "{found} is not a number", "zh": "{found} 不是数字"},
    "not_text": {
        "en": "{found} is not text; put it in quotes if it is a code",
        "zh": "{found} 不是文字；若为代码请加英文引号",
    },
    "not_bool": {"en": "{found} is neither true nor false", "zh": "{found} 既不是 true 也不是 false"},
    "not_mapping": {
        "en": "{found} stands where 'key: value' lines are needed",
        "zh": "此处应为“键: 值”，实际为 {found}",
    },
    "not_list": {"en": "{found} stands where a list is needed", "zh": "此处应为列表，实际为 {found}"},
    "not_choice": {"en": "{found} is not one of {allowed}", "zh": "{found} 不在允许值 {allowed} 之中"},
    "not_pattern": {
        "en": "{found} has not the form {allowed}",
        "zh": "{found} 不符合格式 {allowed}",
    },
    "too_few": {"en": "{found} is too few; allowed: {allowed}", "zh": "{found} 太少；允许：{allowed}"},
    "too_many": {"en": "{found} is too many; allowed: {allowed}", "zh": "{found} 太多；允许：{allowed}"},
    "month": {"en": "{found} is not a month; write {allowed}", "zh": "{found} 不是月份；请写成 {allowed}"},
    "no_room": {
        "en": "{found} is more than live in such households by the census; allowed: {allowed}",
        "zh": "{found} 多于普查家庭户可容纳的比例；允许：{allowed}",
    },
    "month_twice": {
        "en": "a second value for {found}; give one for each month",
        "zh": "{found} 已有一个数值；每月只给一个",
    },
    "month_order": {
        "en": "{found} is not in the order of time; must be {allowed}",
        "zh": "{found} 未按时间排序；应 {allowed}",
    },
    "wrong_unit": {"en": "the unit is {found}; it must be {allowed}", "zh": "单位为 {found}；应为 {allowed}"},
    "out_of_bounds": {
        "en": "{found} is out of bounds; allowed: {allowed}",
        "zh": "{found} 超出范围；允许：{allowed}",
    },
    "range": {
        "en": "low, value and high are not in order: {found}; must be {allowed}",
        "zh": "low、value、high 次序不对：{found}；应为 {allowed}",
    },
    "shares_sum": {
        "en": "the shares add up to {found}; they must add up to {allowed}",
        "zh": "各项份额之和为 {found}；应为 {allowed}",
    },
    "horizon": {"en": "ends in {found}; must be {allowed}", "zh": "结束于 {found}；应 {allowed}"},
    "nursing_above_beds": {
        "en": "{found} nursing beds are more than the beds; must be {allowed}",
        "zh": "护理型床位 {found} 张多于床位总数；应 {allowed}",
    },
    "stock_order": {
        "en": "the stock is not in the order of time: {found}; must be {allowed}",
        "zh": "床位存量未按时间排序：{found}；应 {allowed}",
    },
}

_RUN: dict[str, dict[str, str]] = {
    "run_failed": {"en": "replication {run}: {error}", "zh": "第 {run} 次重复模拟出错：{error}"},
    "part_missing": {"en": "there is no part {path}", "zh": "缺少结果文件 {path}"},
    "invariant": {
        "en": "{month}: the model broke its own rule (a bug, please report it): {message}",
        "zh": "{month}：模型违反了自身规则（程序错误，请反馈）：{message}",
    },
}

_CLI: dict[str, dict[str, str]] = {
    "did_you_mean": {"en": "; did you mean '{hint}'?", "zh": "；是否想写“{hint}”？"},
    "command_line": {"en": "command line", "zh": "命令行"},
    "default_value": {"en": "default", "zh": "默认值"},
    "check_good": {
        "en": "{name}: good; {districts} districts, {beds} beds in {month}",
        "zh": "{name}：检查通过；{districts} 个县区，{month} 床位 {beds} 张",
    },
    "notice": {"en": "notice: {text}", "zh": "提示：{text}"},
    "failed": {"en": "failed: {text}", "zh": "运行失败：{text}"},
    "interrupted": {"en": "interrupted", "zh": "已中断"},
}

CATALOGUE: dict[str, dict[str, str]] = {
    **_YAML, **_READ, **_TYPES, **_RUN, **_CLI, **RUN, **CHART, **PLAN, **CLAUSES, **UNFILLED, **INIT,
    **COMPARE, **ENSEMBLE,
}  # fmt: skip
"""Message id -> language -> sentence."""


def default_language() -> str:
    """`zh` if the locale is Chinese (LC_ALL, LC_MESSAGES, LANG, or the system's), else `en`."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name)
        if value:
            return "zh" if value.lower().startswith("zh") else "en"
    system = locale.getlocale()[0] or ""
    return "zh" if system.lower().startswith(("zh", "chinese")) else "en"


def say(message_id: str, lang: str | None = None, **values: object) -> str:
    """The sentence of an id.

    Args:
        message_id: an id in the catalogue.
        lang: `zh` or `en`; the locale's language if left out.
        values: what the sentence names.

    Raises:
        KeyError: if the id, the language or a value is missing.
    """
    return CATALOGUE[message_id][lang or default_language()].format(**values)
