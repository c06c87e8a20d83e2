"""Commands for people who add or check a source: source new, source try."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from pipeline.commands.common import ConfigDir, Json, NoConfig, NoStore, Now, answer, emit, moment, say, table, waiting
from pipeline.errors import FOUND, UNAVAILABLE

source_app = typer.Typer(help="Add a source, or see what one gives.", no_args_is_help=True, rich_markup_mode=None)
Name = Annotated[str, typer.Argument(metavar="NAME", help="id of the source: small letters, digits, _")]
BaseUrl = Annotated[str | None, typer.Option("--base-url", help="a replica: replaces scheme, host and port")]
_MISSING = {
    "title": "标题",
    "author": "署名",
    "origin": "来源",
    "time of day": "时刻",
    "full text": "全文",
    "article.body": "正文不在 article.body",
}
_STATES = {"done": "正常", "stopped": "已停止", "failed": "失败"}


@source_app.command("new")
def source_new(
    name: Name,
    url: Annotated[str, typer.Option("--url", metavar="LIST_URL", help="address of the page that lists the articles")],
    base_url: BaseUrl = None,
    contact: Annotated[
        str | None, typer.Option("--contact", metavar="ADDRESS", help="the office's mail or web address")
    ] = None,
    json: Json = False,
    store: NoStore = None,
    config: NoConfig = None,
    now: Now = None,
) -> None:
    """Look at one list and one article, propose the rules by trying them, write the files of a new source."""
    from crawlers.adding.new import new_source

    with waiting("先读 robots.txt，再取一个列表和一篇文章；对方要求的间隔照等"):
        made = new_source(name, url, moment(now), base_url, contact)
    if json:
        emit(
            {
                "source": name,
                "files": [str(path) for path in made.files],
                "blanks": list(made.blanks),
                "beside": list(made.beside),
            }
        )
        return
    table("试出的规则", ("项目", "规则", "在页面上"), _proposal(made.source))
    for path in made.files:
        say(f"已写：{path}")
    if made.beside:
        say(f"{'、'.join(made.beside)} 已在采这个网站；尽量合成一个来源（在它的 start 里加一行），免得同时访问")
    left = [host for host in made.source.listing.hosts if host not in made.source.hosts]
    if left:
        say(f"列表还指向这些网站，没有列入 hosts，不会去取：{'、'.join(left)}")
    for feed in made.source.feeds:
        say(f"页面还有订阅地址，时间更准，可以改用：--url {feed}")
    say(f"还要由人填写（source.yml 里标“待填写”）：{'、'.join(made.blanks)}")
    say(f"下一步：huiying source try {name}" + (f" --base-url {base_url}" if base_url else ""))


def _proposal(source: Any) -> list[tuple[str, str, str]]:
    listing, article = source.listing, source.article
    rows = [("shape", listing.shape, f"{len(listing.links)} 篇，{listing.dated} 篇旁边有日期")]
    for key, value in listing.rules.items():
        said = {"entry": f"吻合度 {listing.agreement:.2f}", "link": listing.links[0].text}.get(key, "")
        rows.append((f"list.{key}", _flat(value), said))
    rows += [
        ("native_id", listing.native_id or "（用网址）", f"{len(listing.links)} 篇互不相同"),
        ("paging", listing.paging.get("css", "") or "—", listing.paging.get("by", "没找到下一页")),
    ]
    shown = {
        "body": f"{len(article.found.text)} 字，与通用提取吻合 {article.agreement:.2f}",
        "title": article.found.title or "",
        "date": f"{article.found.moment.at:%Y-%m-%d %H:%M}" if article.found.moment else "",
        "source": article.found.source or "",
        "author": article.found.author or "",
    }
    for key, value in shown.items():
        rule = getattr(article.rules, key)
        rows.append((f"article.{key}", rule[0] if rule else "（通用规则）", value or "没有找到"))
    rows.append(("编码", article.encoding, "自动识别"))
    return rows


def _flat(value: Any) -> str:
    return value if isinstance(value, str) else "，".join(f"{key}: {held}" for key, held in value.items())


@source_app.command("try")
def source_try(
    name: Name,
    base_url: BaseUrl = None,
    json: Json = False,
    store: NoStore = None,
    config: ConfigDir = None,
    now: Now = None,
) -> int:
    """The first ten items as a run would take them; nothing is written or counts as seen. Exit 3 when it stopped."""
    from casework.config.load import load_office
    from crawlers.adding.trial import try_source
    from pipeline.settings import config_folder

    overrides = load_office(config_folder(config)).sources
    with waiting("照正式采集取前十条；对方要求的间隔照等"):
        trial = try_source(name, moment(now), base_url, overrides)
    if not json:
        _show(trial)
    else:
        answer(trial.to_json(), True, "")
    return {"done": 0, "stopped": UNAVAILABLE}.get(trial.state, FOUND)


def _show(trial: Any) -> None:
    rows = [
        (
            item.published_at[:16].replace("T", " "),
            item.title or item.begins,
            item.origin or "",
            item.length,
            item.by or "",
            "、".join(_MISSING[name] for name in item.missing) or "—",
        )
        for item in trial.items
    ]
    table(f"{trial.source}：{_STATES[trial.state]}", ("时间", "标题", "来源", "字数", "取自", "缺"), rows)
    for row in trial.refused:
        say(f"未取：{row['url']}：{row['reason']}")
    if trial.reason:
        say(f"原因：{trial.reason}")


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.add_typer(source_app, name="source")
