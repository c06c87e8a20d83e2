"""Error codes of Weibo's interface 2.0 (open.weibo.com/wiki/Error_code) with what they mean for the office."""

from __future__ import annotations

from typing import Any

KEY = "请重新授权，并更新环境变量里的密钥"
GRANT = "请在 open.weibo.com 的应用控制台申请该接口的权限"
LATER = "平台暂时不可用，下一轮再试"
LIMIT = "本小时次数已用完，到点后再采"
CALL = "调用方式与平台要求不符，请核对来源设置，必要时报告给维护者"
ITEM = "这一条读不到，其余照常"
ACCOUNT = "请登录本单位账号，按平台提示处理"

CODES: dict[int, tuple[str, str]] = {
    10001: ("系统错误", LATER),
    10002: ("服务暂停", LATER),
    10003: ("远程服务错误", LATER),
    10004: ("本机地址被限制，不能请求该资源", ACCOUNT),
    10005: ("该接口需要应用另行获得授权", GRANT),
    10006: ("没有带上应用的密钥", KEY),
    10007: ("不支持的媒体类型", CALL),
    10008: ("参数错误", CALL),
    10009: ("平台任务过多，系统繁忙", LATER),
    10010: ("任务超时", LATER),
    10011: ("平台内部调用错误", LATER),
    10012: ("非法请求", CALL),
    10013: ("授权的账号不是合法的微博用户", ACCOUNT),
    10014: ("应用没有这个接口的权限", GRANT),
    10015: ("授权的账号没有这个接口的权限", GRANT),
    10016: ("缺少必要的参数", CALL),
    10017: ("参数值不合要求", CALL),
    10018: ("请求太长", CALL),
    10019: ("本机地址被限制，不能请求该资源", ACCOUNT),
    10020: ("没有这个接口", CALL),
    10021: ("请求方法不对", CALL),
    10022: ("本机地址的请求次数超过上限", LIMIT),
    10023: ("账号的请求次数超过上限", LIMIT),
    10024: ("该接口的请求次数超过上限", LIMIT),
    10032: ("账号没有给应用这项授权", KEY),
    20001: ("没有给出编号", CALL),
    20002: ("没有给出用户", CALL),
    20003: ("用户不存在", ITEM),
    20009: ("编号太多", CALL),
    20014: ("安全检查没有通过，需再调用一次", LATER),
    20015: ("账号、地址或应用不合法，暂时不能操作", ACCOUNT),
    20022: ("本机地址行为异常", ACCOUNT),
    20031: ("需要验证码", ACCOUNT),
    20101: ("该微博不存在（可能已删除）", ITEM),
    20104: ("该微博不合法", ITEM),
    20109: ("没有给出微博编号", CALL),
    20112: ("按作者的隐私设置，不能查看该微博", ITEM),
    20201: ("该评论不存在", ITEM),
    20202: ("该评论不合法", ITEM),
    20204: ("没有给出评论编号", CALL),
    20501: ("用户不存在", ITEM),
    20507: ("需要验证码", ACCOUNT),
    20508: ("按对方的设置，不能查看", ITEM),
    21301: ("认证失败", KEY),
    21314: ("密钥已被使用过", KEY),
    21315: ("密钥已过期", KEY),
    21316: ("密钥已被撤销", KEY),
    21317: ("密钥不被接受", KEY),
    21319: ("授权关系已被账号解除", KEY),
    21320: ("必须使用 https", CALL),
    21321: ("应用未经审核，授权账号已超过数目", GRANT),
    21324: ("应用的编号或密码无效", KEY),
    21325: ("授权无效、过期或已撤销", KEY),
    21326: ("应用没有权限", GRANT),
    21327: ("密钥已过期", KEY),
    21330: ("授权被拒绝", KEY),
    21331: ("授权服务暂时不可用", LATER),
    21332: ("密钥无效", KEY),
    21335: ("只能查询授权账号自己的数据", CALL),
    21337: ("应用权限不足", GRANT),
}
"""Code → (what it says, what the office does)."""
_FAMILIES = {1: ("平台系统级错误", CALL), 2: ("平台服务级错误", CALL)}


def read_code(answer: dict[str, Any]) -> int | None:
    """The error code of an answer, given as a number or as a text; None where it is no error."""
    value = answer.get("error_code")
    if value is None:
        return None
    return int(value) if str(value).isascii() and str(value).isdigit() else 0


def meaning(code: int) -> tuple[str, str]:
    """What the code says and what the office does; a code that is not in the table says so."""
    if code in CODES:
        return CODES[code]
    says, do = _FAMILIES.get(code // 10_000, ("平台报错", CALL))
    return f"{says}（本表没有这个代码）", do


def reason(code: int) -> str:
    """For a person, in Chinese. Nothing that the platform wrote is repeated: it may hold the key."""
    says, do = meaning(code)
    return f"微博接口错误 {code}：{says}；{do}"
