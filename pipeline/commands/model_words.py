"""What the commands of the models say to people, in Chinese; JSON has the same under English keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from casework.domain.assessment import BY_HAND
from casework.domain.matching import UNKNOWN
from casework.domain.reasons import VALUES
from casework.domain.words import LABEL_VALUES, LABELS

TASKS: Mapping[str, str] = {
    **LABELS,
    "features": "词频表",
    "grouping": "同事归并",
    "reply": "答复核对",
    "masking": "脱敏",
    "units": "单位",
}
"""Task → its name for people."""
METRICS: Mapping[str, str] = {
    "accuracy": "准确率",
    "macro_f1": "宏 F1",
    "macro_f1_common": "宏 F1（10 条以上的类）",
    "auc": "AUC",
    "pair_f1": "成对 F1",
    "precision": "精确率",
    "recall": "召回率",
    "recall_both": "召回率（两人一致的）",
    "label_made": "认出的检举控告（据以定规则的）",
    "found_made": "认出或留给人看的检举控告（据以定规则的）",
    "taken_made": "误认的其他短信（据以定规则的）",
    "band_made": "留给人看的其他短信（据以定规则的）",
    "accused_made": "写对被检举单位的（据以定规则的）",
    "label_held_out": "认出的检举控告（留出的）",
    "found_held_out": "认出或留给人看的检举控告（留出的）",
    "taken_held_out": "误认的其他短信（留出的）",
    "band_held_out": "留给人看的其他短信（留出的）",
    "accused_held_out": "写对被检举单位的（留出的）",
    "seen": "认出或留给人看的",
    "seen_both": "认出或留给人看的（两人一致的）",
    "false_share": "误认的其他信（加权）",
    "band_share": "留给人看的其他信（加权）",
    "complaint_share": "误认的普通投诉（加权）",
    "complaint_band": "留给人看的普通投诉（加权）",
    "elsewhere_share": "误认的外地来信",
    "elsewhere_band": "留给人看的外地来信",
    "precision_unseen": "是单位名称的（没看过的信）",
    "kept_unseen": "单位名称找到的（没看过的信）",
    "precision_made": "是单位名称的（据以写规则的信）",
    "kept_made": "单位名称找到的（据以写规则的信）",
    "ece": "校准误差",
}
FROM: Mapping[str, str] = {"place": "来源标注", "text": "正文", "hand": "人工更正"}
RULES: Mapping[str, str] = {
    "severity": "级别",
    "report": "信访类别为检举控告",
    "rumour": "谣言可能",
    "proposal": "诉求类型",
}
"""What else decided a disposition, where no word did."""


def task_name(task: str) -> str:
    """``领域（board_domain）``: what it is, and what to write in a command."""
    return f"{TASKS[task]}（{task}）" if task in TASKS else task


def value_name(label: object) -> str:
    """A label as people call it."""
    return LABEL_VALUES.get(str(label), str(label))


def _change(found: Mapping[str, Any]) -> str:
    if found["before"] is None:
        return f"{found['after']}（在用模型没有这项数字）"
    return f"{found['before']} → {found['after']}（{found['gain']:+}）"


def trained_lines(task: str, card: Mapping[str, Any]) -> Iterator[str]:
    """What training says: gain and loss of each class against the model in force, and whether it was written."""
    found = card["comparison"]
    against = "没有在用的模型可比" if found["against"] is None else f"与在用的 {found['against']} 版相比"
    yield f"{task_name(task)}：版本 {card['version']}，{against}"
    for name, head in found["heads"].items():
        rows = (
            "" if head["same_rows"] or found["against"] is None else "；训练数据与在用模型的不同，相差 1 点以内不算变差"
        )
        if head["metric"] is not None:
            yield f"  {name}：{METRICS[head['metric']]} {_change(head)}{rows}"
        for label, one in head["classes"].items():
            yield f"    {value_name(label)}：F1 {_change(one)}，{one['rows']} 条"
    yield _end(card["accepted"], bool(found["worse"]))


def _end(accepted: bool, worse: bool) -> str:
    if worse:
        return (
            "比在用模型差，按要求仍已写入。" if accepted else "比在用模型差，没有写入；确要写入请加 --even-if-worse。"
        )
    return "不比在用模型差，已写入。"


def learnt_lines(task: str, report: Mapping[str, Any]) -> Iterator[str]:
    """What learning from corrections says."""
    yield f"{task_name(task)}：更正 {report['corrections']} 条，共 {report['rows']} 条"
    for label, one in report["classes"].items():
        yield f"  {value_name(label)}：F1 {_change(one)}，{one['rows']} 条"
    total = report["macro_f1"]
    end = "不比在用模型差，已写入。" if report["accepted"] else "比在用模型差，没有写入。"
    yield f"宏 F1 {total['before']} → {total['after']}：{end}"


def _share(value: float | None) -> str:
    return "无" if value is None else f"{value:.1%}"


def drift_lines(report: Mapping[str, Any]) -> Iterator[str]:
    """The drift report, its times and shares."""
    posts, unknown = report["posts"], report["unknown_words"]
    yield f"{report['since']} 至 {report['until']}，与此前同样长的时间相比"
    yield f"帖文：{posts['before']} → {posts['now']} 条"
    for task, entry in report["labels"].items():
        far = "此前没有可比的" if entry["distance"] is None else f"变化 {entry['distance']:.1%}"
        yield f"{task_name(task)}：各类占比{far}"
        for label, pair in entry["shares"].items():
            yield f"  {value_name(label)}：{pair['before']:.1%} → {pair['now']:.1%}"
    yield f"没见过的词占比：{_share(unknown['before'])} → {_share(unknown['now'])}"
    for task, entry in report["calibration"].items():
        yield f"{task_name(task)}：按分数应错 {_share(entry['promised_errors'])}，被人更正 {_share(entry['corrected'])}"


def score_lines(row: Mapping[str, Any]) -> Iterator[str]:
    """A row of ``huiying evaluate``."""
    metric = METRICS.get(row["metric"], row["metric"])
    ceiling = row.get("below")
    mark, bound = ("达标  " if row["ok"] else "未达标"), ("上限" if ceiling else "底线")
    if row["floor"] is None:
        mark = "不设线" if row["ok"] else "退步了"
    parts = [] if row["floor"] is None else [f"{bound} {row['floor']}"]
    parts += [] if row["aim"] is None else [f"目标 {row['aim']}"]
    if row.get("guard") not in (None, row["floor"]):
        parts.append(f"不许{'高' if ceiling else '低'}于 {row['guard']}{'' if row['held'] else '（已突破）'}")
    told = "，".join([*parts, f"{row['rows']} 条"])
    yield f"{mark} {row['set']}  {task_name(row['task'])}  {metric} {row['value']}（{told}）"
    for one in row.get("reliability", ()):
        yield f"      分数 {one['from']:.1f} 起：{one['rows']} 条，平均分 {one['score']:.3f}，判对 {one['right']:.3f}"


def _by_hand(models: Mapping[str, Any], task: str) -> str:
    return "（人工更正）" if models.get(task) == BY_HAND else ""


def explained_lines(value: Mapping[str, Any]) -> Iterator[str]:
    """Each field with what it says and the words that decided; then level and places."""
    evidence, unsure, hand = value.get("evidence", {}), value.get("unsure", ()), value.get("models", {})
    for task, name in LABELS.items():
        found = value.get(task)
        if not isinstance(found, dict) or task == "severity":
            continue
        said = value_name(found["label"]) + "，" if found.get("label") else ""
        words = f"，依据：{'、'.join(evidence[task])}" if evidence.get(task) else ""
        if hand.get(task) == BY_HAND:
            yield f"{name}：{said}人工更正"
            continue
        if task == "disposition" and not words and found.get("rule") in RULES:
            words = f"，依据：{RULES[found['rule']]}"
        yield f"{name}：{said}分数 {found.get('score')}{words}{'（拿不准，请人工看）' if task in unsure else ''}"
    if value.get("cut"):
        yield f"全文过长：类别只看了前 {value['cut']} 字，级别和点名单位看得更远"
    level = value.get("severity") or {}
    if level:
        signs = f"，依据：{'、'.join(level['signals'])}" if level.get("signals") else ""
        yield f"级别：{VALUES.get(level.get('level') or UNKNOWN)}{signs}{_by_hand(hand, 'severity')}"
    for name, title in (("units", "点名单位"), ("accused", "被检举控告")):
        if value.get(name):
            yield f"{title}：{'、'.join(value[name])}{_by_hand(hand, name)}"
    for region in value.get("regions", ()):
        yield f"地点：{region['path']}（{FROM.get(region['from'], region['from'])}）"
