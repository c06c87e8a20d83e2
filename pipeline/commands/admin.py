"""Commands around the work: store, audit, config, user, report, bench, serve."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from pipeline.commands.common import (
    ConfigDir,
    Json,
    NoConfig,
    NoStore,
    Now,
    StoreUrl,
    answer,
    context,
    emit,
    moment,
    say,
)
from pipeline.errors import FOUND, WRONG_CALL, CallError

THINGS = {"posts": "帖文", "events": "事件", "cases": "案件", "users": "账号", "audit": "操作日志", "alarms": "告警"}
SEVERITIES = {"error": "错误", "warning": "提醒"}
store_app = typer.Typer(help="The store itself.", no_args_is_help=True, rich_markup_mode=None)
audit_app = typer.Typer(help="The hash chains.", no_args_is_help=True, rich_markup_mode=None)
config_app = typer.Typer(help="The office's folder.", no_args_is_help=True, rich_markup_mode=None)
user_app = typer.Typer(help="Accounts.", no_args_is_help=True, rich_markup_mode=None)


@store_app.command("check")
def store_check(json: Json = False, store: StoreUrl = None, config: ConfigDir = None, now: Now = None) -> int:
    """What is wrong with the store; exit 1 when something is."""
    with context(store, config, now) as joined:
        problems = joined.store.check()
    answer({"ok": not problems, "problems": problems}, json, "\n".join(problems) or "没有问题")
    return FOUND if problems else 0


@store_app.command("migrate")
def store_migrate(json: Json = False, store: StoreUrl = None, config: ConfigDir = None, now: Now = None) -> None:
    """Bring the store to this version."""
    with context(store, config, now, makes=True) as joined:
        done = joined.store.migrate()
    answer({"done": done}, json, "\n".join(done) or "已是本版本，不用升级")


@store_app.command("export")
def store_export(
    folder: Annotated[Path, typer.Argument(metavar="DIR")],
    json: Json = False,
    store: StoreUrl = None,
    config: ConfigDir = None,
    now: Now = None,
) -> None:
    """Everything as JSON lines (original texts and authors too: keep the folder restricted)."""
    with context(store, config, now) as joined:
        counts = joined.store.export(folder)
    answer({"exported": counts}, json, _things("已导出", counts))


@store_app.command("restore")
def store_restore(
    folder: Annotated[Path, typer.Argument(metavar="DIR")],
    json: Json = False,
    store: StoreUrl = None,
    config: ConfigDir = None,
    now: Now = None,
) -> None:
    """An export into an empty store."""
    with context(store, config, now, makes=True) as joined:
        counts = joined.store.restore(folder)
    answer({"restored": counts}, json, _things("已恢复", counts))


@audit_app.command("verify")
def audit_verify(json: Json = False, store: StoreUrl = None, config: ConfigDir = None, now: Now = None) -> int:
    """Check every chain (cases' histories, the log of acts), and against the seals. Exit 1 when one is broken."""
    from pipeline.audit import verify

    with context(store, config, now) as joined:
        found = verify(joined.store, joined.settings)
    lines = [f"{item['where']}: {item['why']}" for item in found["broken"]]
    seals = f"，封存 {found['seals']} 次，最后一次 {found['sealed_at']}" if found["seals"] else "，还没有封存"
    answer(found, json, "\n".join([f"共 {found['entries']} 条记录{seals}", *(lines or ["哈希链完整"])]))
    return 0 if found["ok"] else FOUND


@audit_app.command("seal")
def audit_seal(json: Json = False, store: StoreUrl = None, config: ConfigDir = None, now: Now = None) -> None:
    """Sign the ends of all chains into a file outside the store; housekeeping does it every day."""
    from pipeline.seals import seal

    with context(store, config, now) as joined:
        done = seal(joined.store, joined.settings, moment(now))
    answer(done, json, f"已封存 {done['chains']} 条链（{done['changed']} 条有变化）：{done['file']}")


@config_app.command("check")
def config_check(json: Json = False, config: ConfigDir = None, store: NoStore = None, now: Now = None) -> int:
    """Every mistake of the office's folder and of the sources, at once. Exit 2 when there is one."""
    from pipeline.checks import check_all
    from pipeline.settings import config_folder

    folder = config_folder(config)
    mistakes = check_all(folder, moment(now))
    wrong = [item for item in mistakes if item["severity"] == "error"]
    value = {"ok": not wrong, "folder": str(folder), "mistakes": mistakes}
    answer(value, json, "\n".join(f"{SEVERITIES[item['severity']]}：{item['text']}" for item in mistakes) or "没有问题")
    return WRONG_CALL if wrong else 0


@config_app.command("show")
def config_show(
    what: Annotated[str, typer.Argument(metavar="departments|sources|deadlines")],
    json: Json = False,
    store: StoreUrl = None,
    config: ConfigDir = None,
    now: Now = None,
) -> None:
    """What the folder says, as it was understood."""
    from pipeline.checks import show

    with context(store, config, now) as joined:
        rows = show(joined.office, what)
    for row in rows:
        if json:
            emit(row)
        else:
            say("  ".join(str(value) for value in row.values() if value not in (None, [], {})))


@user_app.command("add")
def user_add(
    name: Annotated[str, typer.Argument(metavar="NAME")],
    role: Annotated[str, typer.Option("--role", help="admin, office, department, spokesperson or leader")] = "admin",
    department: Annotated[str | None, typer.Option("--department", metavar="ID")] = None,
    password_env: Annotated[
        str | None, typer.Option("--password-env", metavar="NAME", help="environment variable that holds the password")
    ] = None,
    json: Json = False,
    store: StoreUrl = None,
    config: ConfigDir = None,
    now: Now = None,
) -> None:
    """Create an account. The password is asked for, or read from an environment variable; never an argument."""
    from pipeline import accounts

    with context(store, config, now, makes=True) as joined:
        user = accounts.add_user(joined, name, role, department, accounts.ask_password(password_env))
    answer({"user": user.name, "role": user.role}, json, f"已建立账号：{user.name}（{user.role}）")


def _things(done: str, counts: Mapping[str, int]) -> str:
    """``已导出：帖文 10，案件 3``."""
    return f"{done}：" + "，".join(f"{THINGS.get(kind, kind)} {number}" for kind, number in counts.items())


def report(
    kind: Annotated[str, typer.Argument(metavar="daily|weekly|monthly|special|scorecard|notice")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help=".docx, .html or .xlsx")],
    day: Annotated[str | None, typer.Option("--date", metavar="YYYY-MM-DD", help="default: the day of --now")] = None,
    case: Annotated[str | None, typer.Option("--case", metavar="ID", help="with notice: the case")] = None,
    of: Annotated[
        str | None, typer.Option("--kind", metavar="assign|supervise|urge|review_form|incident|follow_up")
    ] = None,
    event: Annotated[str | None, typer.Option("--event", metavar="ID", help="with special: the event")] = None,
    flash: Annotated[bool, typer.Option("--flash", help="with special: 快报")] = False,
    json: Json = False,
    store: StoreUrl = None,
    config: ConfigDir = None,
    now: Now = None,
) -> None:
    """A paper of a day, week, month (--date), of an event (special --event ID), of a case (notice --case ID --kind)."""
    from pipeline import reports

    if kind not in reports.KINDS:
        raise CallError(f"{kind!r}: this version writes {', '.join(reports.KINDS)}")
    for name, given, need in (("notice", (case, of), "--case ID and --kind KIND"), ("special", (event,), "--event ID")):
        if kind == name and (None in given or day is not None):
            raise CallError(f"{name}: write {need}, and no --date")
        if kind != name and any(given):
            raise CallError(f"{kind}: {need} is for {name}")
    if flash and kind != "special":
        raise CallError(f"{kind}: --flash is for special")
    at = moment(now)
    with context(store, config, now) as joined:
        if case is not None and of is not None:
            reports.write_notice(joined, of, case, at, out)
        elif event is not None:
            reports.write_special(joined, event, flash, at, out)
        else:
            reports.write(joined, kind, reports.day_of(day, at), at, out)
    answer({"file": str(out)}, json, f"已写：{out}")


def bench(
    names: Annotated[list[str] | None, typer.Argument(metavar="[NAME…|all]")] = None,
    list_: Annotated[bool, typer.Option("--list", help="what there is")] = False,
    json: Json = False,
    store: StoreUrl = None,
    config: NoConfig = None,
) -> int:
    """Figures of one run, each against a named peer or bound. Exit 1 when one is not met."""
    from pipeline import bench as benches

    if list_ or not names:
        for name, about in benches.listing().items():
            if json:
                emit({"name": name, "about": about})
            else:
                say(f"{name}: {about}")
        return 0
    good = True
    for row in benches.run(names, store):
        good = good and bool(row["ok"])
        if json:
            emit(row)
        else:
            mark = "达标  " if row["ok"] else "未达标"
            say(f"{mark} {row['name']}: {row['value']} {row['unit']}（界限 {row['bound']}），对比：{row['against']}")
    return 0 if good else FOUND


def serve(
    host: Annotated[str, typer.Option("--host")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port")] = 8600,
    json: Json = False,
    store: StoreUrl = None,
    config: ConfigDir = None,
) -> int:
    """Serve the pages until Ctrl-C."""
    from pipeline.serving import serve as start

    return start(host, port, store, config, json)


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.add_typer(store_app, name="store")
    app.add_typer(audit_app, name="audit")
    app.add_typer(config_app, name="config")
    app.add_typer(user_app, name="user")
    app.command("report")(report)
    app.command("bench")(bench)
    app.command("serve")(serve)
