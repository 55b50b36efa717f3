"""Sentences about many replications: what is drawn, how sure the answer is; `sim.messages` joins them."""

from __future__ import annotations

ENSEMBLE: dict[str, dict[str, str]] = {
    "no_such_input": {
        "en": "there is no input {found} to draw; there are: {allowed}",
        "zh": "没有可抽取的参数 {found}；可选：{allowed}",
    },
    "uncertain_none": {
        "en": "no input with a range fits {found}",
        "zh": "没有带范围（low、high）的参数符合 {found}",
    },
    "uncertain_twice": {"en": "{found} stands twice in the list", "zh": "{found} 在列表中重复"},
    "no_range": {
        "en": "{found} does not vary: it has no range; give it low and high, or leave it out of 'uncertain'",
        "zh": "{found} 不会变化：没有范围；请给出 low 与 high，或从 uncertain 中去掉",
    },
    "uncertain_refused": {
        "en": "{found} lies in the range of this input, but a scenario can't have it ({allowed}); "
        "narrow its low and high, or leave it out: what must be a whole number can't be drawn",
        "zh": "{found} 在该参数的范围之内，但情景不接受（{allowed}）；"
        "请收窄 low 与 high，或去掉该项：只能取整数的参数不能抽取",
    },
    "uncertain_together": {
        "en": "the ends of the ranges do not go together: {found}",
        "zh": "各参数范围的端点不能同时成立：{found}",
    },
    "drawn_refused": {
        "en": "replication {run}: the drawn parameters do not go together: {error}; narrow the ranges",
        "zh": "第 {run} 次重复模拟：抽取的参数不能同时成立：{error}；请收窄范围",
    },
    "cluster_missing": {
        "en": "needs Dask: pip install 'carecap[cluster]', here and on the workers",
        "zh": "需要 Dask：请在本机和各工作节点运行 pip install 'carecap[cluster]'",
    },
    "cluster_silent": {
        "en": "no Dask scheduler answers at {found}; write tcp://host:port",
        "zh": "{found} 没有 Dask 调度器响应；请写 tcp://主机:端口",
    },
    "not_a_share": {
        "en": "{found} is not a share of the mean; write 1% or 0.01",
        "zh": "{found} 不是占均值的比例；请写 1% 或 0.01",
    },
    "no_december": {
        "en": "the run holds no 31 December, so there are no beds short to stop by",
        "zh": "模拟期内没有12月31日，没有可据以停止的缺床数",
    },
    "too_few_runs": {
        "en": "{found} replications are too few to stop by an error: -n must be {allowed}",
        "zh": "{found} 次重复模拟不足以按误差停止：-n 应 {allowed}",
    },
    "run_error": {
        "en": "beds short: standard error {error} of the mean",
        "zh": "缺床均值的标准误 {error}",
    },
    "run_stopped": {
        "en": "stopped after {runs} replications: the standard error of beds short is {error} of its mean "
        "(asked for: {until})",
        "zh": "重复模拟 {runs} 次后停止：缺床均值的标准误为均值的 {error}（要求 {until}）",
    },
    "run_not_reached": {
        "en": "{runs} replications were not enough: the standard error of beds short is {error} of its mean "
        "(asked for: {until}); a larger -n goes on from here. All tables of these replications are written; "
        "the exit code is 3: goal not reached",
        "zh": "{runs} 次重复模拟尚不够：缺床均值的标准误为均值的 {error}（要求 {until}）；增大 -n 可继续。"
        "现有各次模拟的结果表均已写出；退出码为 3：未达到要求",
    },
    "run_brackets_parameters": {
        "en": "brackets hold chance, the unlisted homes and the ranges of {inputs} inputs, drawn anew in "
        "each run; {split}",
        "zh": "括号内为随机波动、未公布机构名单和 {inputs} 个参数的取值范围的影响，每次重复另行抽取；{split}",
    },
    "run_split": {
        "en": "of the variance of beds short {chance} percent ({low} to {high}) is chance, the rest comes "
        "from the inputs (uncertainty.csv)",
        "zh": "缺床数的方差中随机波动占 {chance}%（{low}—{high}），其余来自参数（uncertainty.csv）",
    },
    "run_split_later": {
        "en": "from {runs} runs on uncertainty.csv says how much of it is chance",
        "zh": "重复模拟达 {runs} 次后，uncertainty.csv 给出其中随机波动所占比例",
    },
}
