"""A small county site that is in no list of sources: served for practice in adding one. Everything on it is invented.

Its layout is its own: a table for a list, the next page by a link without a class, GBK bytes that call themselves
GB2312, dates without a year beside the links.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from casework.domain.times import SHANGHAI
from crawlers.replica.site import NOT_FOUND, Answer, Ask

ROBOTS = "User-agent: *\nDisallow: /admin/\nCrawl-delay: 0.2\n"
_NEWEST = datetime(2026, 11, 23, 17, 20, tzinfo=SHANGHAI)
_PAGE = 8
_EDITORS = ("周示例", "吴示例", "郑示例")


class Notice(NamedTuple):
    """One article: title, paragraphs."""

    title: str
    text: tuple[str, ...]


_NOTICES = (
    Notice(
        "青石县启动老旧供水管网改造 涉及十二个小区",
        (
            "本报讯，青石县住房和城乡建设局近日启动老旧供水管网改造，涉及城关镇十二个小区、三千一百户居民，计划明年三月底前完工。",
            "改造期间分片停水，每次不超过六小时，提前两天在小区门口张贴告示，并安排送水车。居民有疑问的，可拨打县供水服务电话询问。",
        ),
    ),
    Notice(
        "关于城区冬季供暖有关情况的答复",
        (
            "近期有居民反映河湾路片区暖气不热。县城管局经现场查看，原因是二次管网老化、循环泵压力不足，已于十一月二十一日更换水泵。",
            "室温仍低于十八度的住户，可向供热公司申请上门测温，不达标的按规定退费。",
        ),
    ),
    Notice(
        "县人民医院新门诊楼投入使用",
        (
            "青石县人民医院新门诊楼日前投入使用，设诊室六十四间，开通自助挂号和检查结果线上查询，停车位增加到二百八十个。",
            "原门诊楼改作体检中心，老年人和残疾人可在一楼大厅的服务台办理全部手续。",
        ),
    ),
    Notice(
        "我县公布校车运行路线调整方案",
        (
            "县教育局公布新的校车运行路线，新增柳沟、石桥两条线路，首班车提前十分钟发车，方便山区学生上学。",
            "家长对路线有意见的，可在本月底前向学校提出，由县教育局汇总后答复。",
        ),
    ),
    Notice(
        "青石县今冬第一场雪 交通部门连夜除雪",
        (
            "十一月二十日夜间，青石县普降小到中雪。县交通局出动除雪车十六台、人员一百二十名，连夜清理主要道路。",
            "截至次日早七时，县道全部恢复通行，客运班线除石桥一线外正常发车，未接到人员伤亡报告。",
        ),
    ),
    Notice(
        "县市场监管局抽检五十批次食用油 全部合格",
        (
            "县市场监督管理局对农贸市场和超市销售的五十批次食用油进行抽检，结果全部合格。",
            "消费者发现过期食品或者价格问题的，保留小票并拨打投诉电话，工作人员在七个工作日内答复。",
        ),
    ),
    Notice(
        "东关菜市场临时搬迁公告",
        (
            "因原址改造，东关菜市场自十二月一日起临时搬迁到文化路北段，原摊位经营户按登记顺序安排，不收搬迁费用。",
            "改造预计用时八个月，期间周边增设两处便民菜点，每天早六点到晚七点营业。",
        ),
    ),
    Notice(
        "我县新增三条夜间公交线路",
        (
            "为方便晚归居民，青石县公交公司新增三条夜间线路，末班车延长到二十二时三十分，票价不变。",
            "线路经过火车站、县医院和职业学校，首月试运行，根据乘客人数再作调整。",
        ),
    ),
    Notice(
        "青石县发布秸秆综合利用补贴办法",
        (
            "县农业农村局发布秸秆综合利用补贴办法，农户交售秸秆每吨补贴六十元，村集体组织收储的另给予运输补贴。",
            "申报从十二月开始，由乡镇核实面积后公示七天，群众有异议的可向乡镇或者县农业农村局反映。",
        ),
    ),
    Notice(
        "县图书馆延长周末开放时间",
        (
            "从本周起，青石县图书馆周六、周日开放时间延长到晚上九点，少儿阅览室同步延长，并增加自习座位一百二十个。",
            "读者凭身份证或者借书证入馆，座位可当天现场领取，不收任何费用。",
        ),
    ),
    Notice(
        "关于石桥镇道路塌陷处置情况的通报",
        (
            "十一月十七日，石桥镇中心街发生路面塌陷，面积约六平方米，没有人员受伤。经查，原因是雨水管接口渗漏带走泥沙。",
            "县住建局已完成管道修复和路面回填，并对全镇雨水管进行检查，结果将在月底前公布。",
        ),
    ),
    Notice(
        "我县开展冬季燃气安全入户检查",
        (
            "县住建局组织燃气公司对全县四万二千户居民进行冬季入户检查，重点检查胶管、灶具和报警器，发现隐患当场告知。",
            "检查不收费，工作人员须出示证件；上门推销配件的，居民可以拒绝并举报。",
        ),
    ),
)


class CountySite:
    """A list of two pages and its articles."""

    source = "practice"
    hosts: tuple[str, ...] = ("www.qingshi.example",)

    def answer(self, ask: Ask) -> Answer:
        """A list page or an article, in GBK."""
        if ask.path in ("/xwzx/bdxw/", "/xwzx/bdxw/list.shtml"):
            return _page(_list(0))
        if ask.path == "/xwzx/bdxw/list_2.shtml":
            return _page(_list(1))
        for place in range(len(_NOTICES)):
            if ask.path == _path(place):
                return _page(_article(place))
        return NOT_FOUND


def _at(place: int) -> datetime:
    return _NEWEST - timedelta(hours=19 * place, minutes=7 * place)


def _path(place: int) -> str:
    return f"/xwzx/content/{_at(place):%Y%m}/show_{88213 - 37 * place}.shtml"


def _page(markup: str) -> Answer:
    head = '<!DOCTYPE html><html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312">'
    return Answer((head + markup + "</body></html>").encode("gb18030"), "text/html")


_TOP = (
    '<body><table class="top"><tr><td><a href="/">首页</a></td><td><a href="/xwzx/">新闻中心</a></td>'
    '<td><a href="/zwgk/">政务公开</a></td><td><a href="/hdjl/">互动交流</a></td></tr></table>'
)
_BOTTOM = '<div class="foot">主办：青石县融媒体中心 备案编号：示例备2026000001号 联系电话：0000-0000000</div>'


def _list(page: int) -> str:
    places = range(page * _PAGE, min(len(_NOTICES), (page + 1) * _PAGE))
    rows = "".join(
        f'<tr><td class="dot">·</td><td class="tit"><a href="{_path(place)}">{_NOTICES[place].title}</a></td>'
        f'<td class="rq">[{_at(place):%m-%d}]</td></tr>'
        for place in places
    )
    following = '<a href="list_2.shtml">下一页</a>' if page == 0 else '<a href="list.shtml">上一页</a>'
    hot = "".join(f'<p><a href="{_path(place)}">{_NOTICES[place].title[:9]}…</a></p>' for place in (3, 9, 11))
    return (
        f'<title>本地新闻-青石县新闻网</title></head>{_TOP}<div class="side"><b>热点</b>{hot}</div>'
        f'<table class="infolist">{rows}</table><div class="pages">第{page + 1}页 共2页 {following}</div>{_BOTTOM}'
    )


def _article(place: int) -> str:
    notice, at = _NOTICES[place], _at(place)
    paragraphs = "".join(f"<p>　　{line}</p>" for line in notice.text)
    near = "".join(f'<li><a href="{_path(other)}">{_NOTICES[other].title}</a></li>' for other in (0, 5, 7))
    return (
        f"<title>{notice.title}-青石县新闻网</title></head>{_TOP}"
        f'<div class="wz"><div class="bt">{notice.title}</div><div class="xx"><span class="sj">{at:%Y年%m月%d日 %H:%M}'
        f'</span><span class="ly">来源：青石县融媒体中心</span><span>浏览：{300 + place} 次</span></div>'
        f'<div class="nr" id="zhengwen">{paragraphs}</div>'
        f'<div class="bj">责任编辑：{_EDITORS[place % len(_EDITORS)]}</div></div>'
        f'<div class="xg"><b>相关新闻</b><ul>{near}</ul></div>{_BOTTOM}'
    )
