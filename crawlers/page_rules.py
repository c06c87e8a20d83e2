"""Where the content systems that Chinese sites use keep the text of an article, and what stands in it that is none.

Tried before anything general, since these places are few and regular (``extraction.md``, advice 1).
"""

from __future__ import annotations

GOVERNMENT_META = frozenset({"articletitle", "pubdate", "contentsource", "firstpublishedtime", "publishdate"})
"""Meta names of the government set: on a page that has one of them the looser places below are trusted too."""

BODIES = (
    "#UCAP-CONTENT",  # 中国政府网 and many offices
    ".TRS_Editor",
    ".TRS_UEDITOR",
    "#zoom",
    "#Zoom",
    "#vsb_content",
    ".rm_txt_con",  # 人民网
    ".show_text",
    "#rwb_zw",
    "#detailContent",  # 新华网
    "#p-detail",
    "#ozoom",  # e-papers
    ".left_zw",  # 中新网
    ".news_txt",  # 澎湃
    "#js_content",  # 微信公众号
    "#endText",  # 网易
    ".post_body",
    "#artibody",  # 新浪
    "#Cnt-Main-Article-QQ",  # 腾讯
    ".content-article",
    "#main_content",  # 凤凰
)
BODIES_OF_GOVERNMENT_PAGES = (".pages_content", "#content", "#detail", ".article-content", ".article_con")

DROPS = (
    ".operator",
    ".edit",
    ".editor",
    ".ep-source",
    ".ep-editor",
    ".bianji",
    ".articleEdit",
    ".show_author",
    ".article-bottom",
    ".zdfy",
    ".share",
    ".paper_num",
    ".related",
    ".related_article",
    "#rwb_zjd",
    ".pic_paper",
    ".img_descr",
    ".gg200x300",
    ".video-wrapper",
    ".nvt",
    ".extra-tag",
    ".demoBox",
    ".icon_post",
    ".p-tags",
    ".zan-wap",
    ".p-jc",
    ".tadd",
    "#function_code_page",
    ".post_statement",
    ".appendQr_wrap",
    ".tech-quotation",
)
