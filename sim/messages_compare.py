"""The sentences of a comparison and of budgets, in English and Chinese; data of `sim.messages` only."""

from typing import Final

COMPARE: Final[dict[str, dict[str, str]]] = {
    "compare_resume": {
        "en": "finished replications are kept; the same command goes on from there",
        "zh": "已完成的重复模拟已保留；再次运行同一命令即可继续",
    },
    "compare_same_name": {
        "en": "two of the scenarios are called {found}; give one of them another name",
        "zh": "有两个情景同名 {found}；请为其中一个另起名称",
    },
    "compare_unlike": {
        "en": "is {found}, but {allowed} in the scenario that is compared with: nothing can be paired",
        "zh": "为 {found}，而基准情景为 {allowed}：无法逐对比较",
    },
    "compare_headline": {
        "en": "{alt} minus {base}, end of {year}: {gap} beds short where people queue, {waiting} people "
        "waiting, {vacant} open beds empty; {money}.",
        "zh": "{alt} 减 {base}，{year}年底：排队处缺床 {gap} 张，等候 {waiting} 人，"
        "空置开放床位 {vacant} 张；{money}。",
    },
    "compare_money": {
        "en": "{yuan} spent from {first} to {last}{rates}",
        "zh": "{first}至{last}支出 {yuan}{rates}",
    },
    "compare_no_money": {
        "en": "no fiscal year of which both hold the same months, so no money is compared",
        "zh": "两者没有月份相同的财政年度，故不比较支出",
    },
    "compare_better": {
        "en": "Fewer beds are short at the end of {year} in {share} of {pairs} pairs of runs.",
        "zh": "{year}年底，{pairs} 对模拟中有 {share} 缺床减少。",
    },
    "compare_why": {
        "en": "Why the gap differs at the end of {year}: {moved}.",
        "zh": "{year}年底缺床差异的来源：{moved}。",
    },
    "compare_no_why": {
        "en": "the horizons differ, so the difference is not taken apart (decomposition.csv)",
        "zh": "两情景的起止月份不同，故不分解差异（decomposition.csv）",
    },
    "compare_not_mixed": {
        "en": "the base can't be run with the other scenario's {component} alone, so the difference is not "
        "taken apart (decomposition.csv)",
        "zh": "基准情景无法单独换用另一情景的“{component}”，故不分解差异（decomposition.csv）",
    },
    "compare_other_draws": {
        "en": "the scenarios name other inputs as uncertain, so pairs differ by what is drawn, too; in "
        "decomposition.csv that is part of the interaction",
        "zh": "两情景抽取的参数（uncertain）不同，故逐对差异也含抽取的影响；"
        "在 decomposition.csv 中计入交互作用",
    },
    "compare_drawn_in_one": {
        "en": "drawn from a range in {drawn_in}, the same in all runs of {fixed_in}: {inputs}; so "
        "differences of pairs also hold what these draws move",
        "zh": "下列参数在 {drawn_in} 中按范围抽取，而在 {fixed_in} 各次模拟中取同一值：{inputs}；"
        "故逐对差异也含这些抽取的影响",
    },
    "compare_pair_range": {
        "en": "to pair them, write {key} in {fixed_in} with value, low and high: both then stand at the same "
        "place of their ranges (a number within the inherited range keeps it, one outside drops it); to draw "
        "no input in either: --set uncertain=[]",
        "zh": "若要逐对一致，请在 {fixed_in} 中为 {key} 写明 value、low、high：两者即取各自范围内的相同位置"
        "（数值在继承的范围内则沿用该范围，超出则范围失效）；若两情景均不抽取参数：--set uncertain=[]",
    },
    "compare_pair_named": {
        "en": "to pair them, name the same inputs under 'uncertain' in both; to draw no input in either: "
        "--set uncertain=[]",
        "zh": "若要逐对一致，请使两情景的 uncertain 相同；若两情景均不抽取参数：--set uncertain=[]",
    },
    "compare_and_more": {"en": "and {count} more", "zh": "另有 {count} 项"},
    "compare_brackets": {
        "en": "± is the Monte Carlo standard error of the mean difference, brackets hold 8 in 10 of the "
        "{pairs} pairs (diff.csv: diff_se, diff_p10, diff_p90)",
        "zh": "± 为平均差异的蒙特卡洛标准误，括号为 {pairs} 对模拟的第10至90百分位"
        "（diff.csv：diff_se、diff_p10、diff_p90）",
    },
    "compare_no_year": {
        "en": "{alt} and {base} have no 31 December in common, so there is no state to compare",
        "zh": "{alt} 与 {base} 没有共同的12月31日，无年末状态可比较",
    },
    "compare_same": {
        "en": "{alt} minus {base}: no difference in any table, in any of {pairs} pairs of runs.",
        "zh": "{alt} 减 {base}：{pairs} 对模拟的各表均无差异。",
    },
    "compare_verdicts": {
        "en": "Another verdict on the last day of test (diff_targets.csv): {clauses}.",
        "zh": "最近一次检验结论不同（diff_targets.csv）：{clauses}。",
    },
    "compare_inputs": {
        "en": "Inputs that differ (diff_inputs.csv): {count}",
        "zh": "不同的输入（diff_inputs.csv）：{count} 项",
    },
    "compare_no_inputs": {"en": "No input differs but names.", "zh": "除名称外输入完全相同。"},
    "compare_input": {
        "en": "  {component}: {key}: {old} -> {new}{unit}{clauses}{where}",
        "zh": "  {component}：{key}：{old} 改为 {new}{unit}{clauses}{where}",
    },
    "compare_more_inputs": {"en": "  ... and {count} more", "zh": "  …… 另有 {count} 项"},
    "compare_nothing": {"en": "(none)", "zh": "（无）"},
    "component_ageing": {"en": "ageing", "zh": "老龄化"},
    "component_ability": {"en": "ability", "zh": "能力状况"},
    "component_family": {"en": "family and services", "zh": "家庭与服务"},
    "component_behaviour": {"en": "behaviour", "zh": "申请与选择行为"},
    "component_policy": {"en": "policy", "zh": "政策"},
    "component_capacity": {"en": "capacity", "zh": "供给能力"},
    "component_price": {"en": "price", "zh": "价格"},
    "component_horizon": {"en": "horizon", "zh": "起止月份"},
    "component_uncertain": {"en": "inputs that are drawn", "zh": "抽取的参数"},
    "component_interaction": {"en": "interaction", "zh": "交互作用"},
    "no_such_table": {"en": "there is no table {path}", "zh": "没有结果表 {path}"},
    "no_run_here": {
        "en": "{path} is no run folder: it holds no manifest.json",
        "zh": "{path} 不是结果文件夹：其中没有 manifest.json",
    },
    "manifest_broken": {
        "en": "{path} is broken; the command that made the run makes it anew",
        "zh": "{path} 已损坏；再次运行原命令即可重新生成",
    },
    "budget_over": {
        "en": "Chance that more is spent than appropriated: {years}.",
        "zh": "支出超过安排资金的概率：{years}。",
    },
    "budget_year": {
        "en": "{year} {payer} {chance} ({low} to {high})",
        "zh": "{year}年{payer} {chance}（{low} 至 {high}）",
    },
    "payer_total": {"en": "all payers", "zh": "合计"},
    "diff_finding": {
        "en": "End of {year}: {gap} beds short with {alt}, against {base}",
        "zh": "{year}年底：{alt} 较 {base} 缺床 {gap} 张",
    },
    "diff_finding_none": {
        "en": "End of {year}: as many beds short with {alt} as with {base}",
        "zh": "{year}年底：{alt} 与 {base} 缺床相同",
    },
    "diff_above": {
        "en": "Beds short where people queue, mean of the runs",
        "zh": "排队处缺床数，各次模拟平均（张）",
    },
    "diff_below": {"en": "Difference in beds short (beds)", "zh": "缺床之差（张）"},
    "diff_lines": {
        "en": "Same random numbers in both. Band: 8 in 10 of {pairs} pairs of runs",
        "zh": "两情景使用相同随机数。色带：{pairs} 对模拟的第10至90百分位",
    },
    "diff_source": {
        "en": "carecap compare-{base}-{alt}, seed {seed}: diff.csv; inputs that differ: diff_inputs.csv",
        "zh": "carecap compare-{base}-{alt}，种子 {seed}：diff.csv；不同的输入见 diff_inputs.csv",
    },
}
