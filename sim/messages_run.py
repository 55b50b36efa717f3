"""The sentences of a run and its chart, in English and Chinese; data of `sim.messages` only."""

from typing import Final

RUN: Final[dict[str, dict[str, str]]] = {
    "run_progress": {"en": "runs", "zh": "重复模拟"},
    "run_resume": {
        "en": "{done} of {runs} replications are kept; the same command goes on from there",
        "zh": "已保留 {runs} 次重复模拟中的 {done} 次；再次运行同一命令即可继续",
    },
    "worker_died": {
        "en": "a worker process was ended from outside (often for lack of memory; try fewer --jobs)",
        "zh": "工作进程被外部终止（多因内存不足；可减小 --jobs）",
    },
    "run_headline": {
        "en": "End of {year}: {gap} beds short where people queue, {waiting} people waiting, while {vacant} "
        "open beds stand empty; {targets}; {yuan} spent from {first} to {last}{rates}.",
        "zh": "{year}年底：排队处缺床 {gap} 张，等候 {waiting} 人，同时空置开放床位 {vacant} 张；"
        "{targets}；{first}至{last}支出 {yuan}{rates}。",
    },
    "run_headline_no_plan": {
        "en": "End of {year}: {gap} beds short where people queue, {waiting} people waiting, while {vacant} "
        "open beds stand empty; no plan document is given, so there are no targets and no subsidies.",
        "zh": "{year}年底：排队处缺床 {gap} 张，等候 {waiting} 人，同时空置开放床位 {vacant} 张；"
        "未给出方案文件，故无目标、无补贴。",
    },
    "run_targets": {
        "en": "{met} of {counted} targets met{median} (last tested by {day})",
        "zh": "达标 {met}/{counted} 项{median}（最近检验截至 {day}）",
    },
    "run_carried": {
        "en": "{met} of {counted} targets met{median} (values of {year} carried forward, last tested by "
        "{day})",
        "zh": "达标 {met}/{counted} 项{median}（{year}年目标值沿用，最近检验截至 {day}）",
    },
    "total_incomplete": {"en": "incomplete: some amounts are not given", "zh": "不完整：部分金额未给出"},
    "total_not_in_document": {"en": "at rates that are not in the document", "zh": "标准文件未规定"},
    "total_partly_not_in_document": {
        "en": "partly at rates that are not in the document",
        "zh": "部分标准文件未规定",
    },
    "total_size_not_known": {
        "en": "for what is not known to be large enough",
        "zh": "是否达到所要求的面积或户数未知",
    },
    "total_partly_size_not_known": {
        "en": "partly for what is not known to be large enough",
        "zh": "部分项目是否达到所要求的面积或户数未知",
    },
    "run_median": {"en": " in the median run", "zh": "，按中位数计"},
    "run_brackets": {
        "en": "brackets hold chance and the unlisted homes, drawn anew in each run; no input varies",
        "zh": "括号内为随机波动与未公布机构名单（每次重复另行生成）的影响；各参数不变动",
    },
    "run_no_targets": {"en": "no target tested yet", "zh": "尚无目标到期检验"},
    "run_open_targets": {
        "en": "{count} of the targets can't be decided or computed",
        "zh": "其中 {count} 项无法判定或无法计算",
    },
    "run_no_december": {
        "en": "the run holds no 31 December, so there is no state to report",
        "zh": "运行期内没有12月31日，无年末状态可报告",
    },
    "advice_nursing": {
        "en": "Nursing beds are {share} percent of registered beds, the target is {target}. "
        "To reach it: {ways}.",
        "zh": "护理型床位占登记床位 {share}%，目标 {target}%。达标办法（任选其一）：{ways}。",
    },
    "advice_among_new": {
        "en": "{beds} nursing beds among the {new} new ones",
        "zh": "新增的 {new} 张床位中护理型应有 {beds} 张",
    },
    "advice_convert": {"en": "{beds} more by conversion", "zh": "再改造 {beds} 张"},
    "advice_on_top": {"en": "{beds} more nursing beds on top", "zh": "另外再增加护理型床位 {beds} 张"},
    "advice_or": {"en": ", or ", "zh": "；或"},
    "reconstructed_before": {
        "en": "figures before {notice} are reconstructed; before it no target is tested, no rule applies",
        "zh": "{notice} 以前的数字为重建值；该日以前不检验目标、不适用规则",
    },
    "size_not_known": {
        "en": "paid as if large enough, the size that the document asks for is not given: {measures}",
        "zh": "下列各项按达到文件所要求的面积或户数计，但实际面积或户数未知：{measures}",
    },
    "not_given": {
        "en": "totals are incomplete: no amount is given for {measures}",
        "zh": "合计不完整：下列各项没有金额：{measures}",
    },
    "not_in_document": {
        "en": "rates that are not in the document, set by the scenario: {measures}",
        "zh": "文件未规定、由情景设定的标准：{measures}",
    },
    "no_chinese_font": {
        "en": "no font with Chinese characters was found: the chart's labels are English; "
        "pip install 'carecap[fonts]' brings one",
        "zh": "未找到中文字体，图中文字改用英文；可运行 pip install 'carecap[fonts]' 安装字体",
    },
}

CHART: Final[dict[str, dict[str, str]]] = {
    "chart_above": {
        "en": "People in or waiting for a bed (persons), and beds",
        "zh": "入住与等候人数（人）、床位数（张）",
    },
    "chart_below": {
        "en": "Beds short where people queue, and open beds that stand empty",
        "zh": "排队处缺床数与空置开放床位数（张）",
    },
    "chart_x": {"en": "state on 31 December", "zh": "12月31日状态"},
    "chart_reconstructed": {"en": "reconstructed", "zh": "重建值"},
    "chart_notice": {"en": "notice of {notice}", "zh": "方案印发 {notice}"},
    "chart_registered_beds": {"en": "Registered beds", "zh": "登记床位"},
    "chart_open_beds": {"en": "Open beds", "zh": "开放床位"},
    "chart_bed_demand": {"en": "Residents and waiting", "zh": "入住加等候"},
    "chart_occupied": {"en": "Occupied", "zh": "已入住"},
    "chart_expressed_gap": {"en": "Short", "zh": "缺床"},
    "chart_vacant_open_beds": {"en": "Empty", "zh": "空床"},
    "chart_finding": {
        "en": "End of {year}: {gap} beds short where people queue, {vacant} open beds empty",
        "zh": "{year}年底：排队处缺床 {gap} 张，同时空置开放床位 {vacant} 张",
    },
    "chart_finding_none": {
        "en": "End of {year}: no bed short ({gap}), {vacant} open beds empty",
        "zh": "{year}年底：排队处不缺床（{gap} 张），空置开放床位 {vacant} 张",
    },
    "chart_lines": {
        "en": "{title}. Lines: central values; bands and brackets: 8 in 10 of {runs} runs",
        "zh": "{title}。线：中心参数；色带与括号：{runs} 次重复模拟的第10至90百分位",
    },
    "chart_lines_one": {
        "en": "{title}. Lines: central values, one replication",
        "zh": "{title}。线：中心参数，一次模拟",
    },
    "chart_source": {
        "en": "carecap {name}-{key}, seed {seed}: summary.csv; inputs and sources: scenario.resolved.yaml",
        "zh": "carecap {name}-{key}，种子 {seed}：summary.csv；参数与来源见 scenario.resolved.yaml",
    },
}
