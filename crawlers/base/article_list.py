"""Shape ``article_list``: list pages with paging lead to article pages (news sites, government sites)."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urldefrag, urlsplit

from scrapy.http import Request, Response, TextResponse
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure
from typing_extensions import override

from crawlers import failed
from crawlers.base import again
from crawlers.base.listing import BrokenListError, Listing, json_links, lists_named, looks_like_json
from crawlers.base.paging import counted_page
from crawlers.base.spider import BEHIND_LISTS, SourceSpider, content_type
from crawlers.collector import Collector
from crawlers.encoding import decode
from crawlers.text import from_element, parse_page
from crawlers.trouble import no_page, why_no_links, why_no_text

if TYPE_CHECKING:
    from crawlers.source_model import ArticleListSource

_LOOKS_LIKE_ARTICLE = re.compile(r"\d.*\.(?:s?html?|jhtml)$|/\d{4,}/?$|/art/")
_SHORTEST_LINK_TEXT = 5


class ArticleListSpider(SourceSpider):
    """Everything is in ``source.yml``; a source overrides a method only where its pages need more."""

    source: ArticleListSource

    def __init__(self, collector: Collector, **kwargs: Any) -> None:
        super().__init__(collector, **kwargs)
        self._lost: set[str] = set()
        self.memory = again.ListMemory(collector)
        # First pages of all lists that give articles: those of the source, then those that they name.
        self._heads: set[str] = set(self.source.all_starts())
        self._named: set[str] = set(self._heads)

    async def start(self) -> AsyncIterator[Request]:
        """The first page of every list."""
        for url in self.source.all_starts():
            # Lists wait behind articles: a stop at a later list then costs nothing of the earlier ones.
            request = self.ask_list(url, self.parse_list, priority=-1, cb_kwargs={"first": url, "page": 1})
            yield again.with_conditions(request, self.collector)
        for native_id, url, shown in failed.due(self.collector.seen, self.collector.now):
            # Behind the lists: what they show of a post decides what a page that is gone means.
            yield self.ask_article(url, native_id, shown, priority=BEHIND_LISTS)

    @override
    def list_failed(self, failure: Failure) -> None:
        """One list of several that is gone is put aside; any other failure, or the last list, stops the source."""
        error = failure.value
        if isinstance(error, HttpError) and error.response.status in again.GONE:
            request = failure.request  # type: ignore[attr-defined]
            self._lost_list(request.url, request.cb_kwargs["first"], self.why(failure))
        else:
            super().list_failed(failure)

    def _lost_list(self, url: str, first: str, why: str) -> None:
        self._lost.add(first)
        if self._lost >= self._heads:
            self.collector.stop(f"broken answer: {why} on {url}; has the page changed?")
        else:
            self.collector.refuse(f"list page: {why}", {"url": url})

    def parse_list(self, response: Response, first: str, page: int) -> Iterator[Request]:
        """Ask for the articles of one list page, then for the next page."""
        try:
            listing = self._listing(response, first, page)
        except BrokenListError as error:
            self._lost_list(response.url, first, str(error))
            return
        yield from self._further(first, listing.lists)
        links = [(url, self.own_id(url), shown) for url, shown in listing.links]
        # Those met under another address (http and https) or in another list are left out.
        unmet = {
            native_id: (url, shown) for url, native_id, shown in reversed(links) if native_id not in self.memory.shown
        }
        self.memory.page(first, page, (native_id for _, native_id, _ in links))
        # What has left the list comes first: where it moved to an address that the list shows too, it is known then.
        yield from (self.look_again(native_id) for native_id in self.memory.vanished(first))
        fresh = 0
        for native_id, (url, shown_date) in reversed(unmet.items()):
            fresh += not self.is_known(native_id)
            if self._settled(native_id):
                self.collector.read += 1
            else:
                yield self.ask_article(url, native_id, shown_date)
        following = listing.following
        ids = [native_id for _, native_id, _ in links]
        back = self.laps.came_back(first, page, response.url, following, ids)
        if following and listing.links and self.goes_on(page, fresh, back):
            # Lower priority: a page's articles come before the next page, so that a stop leaves no gap.
            request = self.ask_list(
                following, self.parse_list, priority=-page - 1, cb_kwargs={"first": first, "page": page + 1}
            )
            yield again.with_conditions(request, self.collector)
        elif not listing.lists:
            below = self.memory.end(first)
            yield from (self.look_again(native_id) for native_id, _ in again.due(below, self.collector))

    def _listing(self, response: Response, first: str, page: int) -> Listing:
        """What a list page gives, read now or, where the site says that it is the same, before."""
        if response.status == again.NOT_MODIFIED:
            links, following, lists = self.collector.seen.kept("tags", response.url)[2]
            return Listing([(url, shown) for url, shown in links], following, lists)
        listing = self.read_list(response, first, page)
        if page <= self.source.walk.usual:
            kept = [[list(link) for link in listing.links], listing.following, list(listing.lists)]
            again.keep_tags(response, self.collector, kept)
        return listing

    def ask_article(self, url: str, native_id: str, shown_date: str | None, **other: Any) -> Request:
        """The request for an article; of one that was read, for what changed since."""
        keep = {"native_id": native_id, "shown_date": shown_date}
        request = Request(url, self.parse_article, errback=self.article_failed, cb_kwargs=keep, **other)
        return again.with_conditions(request, self.collector) if self.collector.seen.read_before(native_id) else request

    def look_again(self, native_id: str) -> Request:
        """The request for an article that the list does not show any more."""
        url = self.collector.seen.kept("pages", native_id)[0]
        return self.ask_article(url, native_id, None, priority=1, dont_filter=True)

    def own_id(self, url: str) -> str:
        """The id of the article at an address: where it has moved, that which it had before."""
        return self.collector.seen.own_id(self.native_id(url))

    def read_list(self, response: Response, first: str, page: int) -> Listing:
        """What a list page gives. Raises BrokenListError where the answer is no list; shapes of lists differ here."""
        text, rules = decode(response.body, content_type(response))[0], self.source.list
        if rules.leads_to is not None and not looks_like_json(text):
            return Listing((), lists=lists_named(text, response.url, rules.leads_to))
        if rules.json_rows is not None:
            found = json_links(text, response.url, rules.json_rows)
            listing = Listing(list(dict.fromkeys(link for link in found if self.wanted(link[0]))))
        else:
            root = parse_page(text)
            links = list(dict.fromkeys(self.links(root, response.url)))
            listing = Listing(links, self.next_page(root, response.url, first, page))
        if not listing.links and page == 1:
            raise BrokenListError(why_no_links(parse_page(text), self.source, response.body))
        return listing

    def wanted(self, url: str) -> bool:
        """Whether an address that a list gives is an article on the source's own hosts."""
        pattern = self.source.list.article
        return self.on_hosts(url) and (pattern is None or re.search(pattern, url) is not None)

    def _further(self, first: str, lists: Sequence[str]) -> Iterator[Request]:
        """Ask for the lists that a list names, each once; it then is no list of articles itself."""
        for url in lists:
            if url in self._named:
                continue
            self._named.add(url)
            if not self.on_hosts(url):
                self.collector.refuse("list page: not on a host of the source", {"url": url})
            elif len(self._named) > self.source.walk.most:
                self.collector.refuse(f"list page: more than {self.source.walk.most} lists (walk.most)", {"url": url})
            else:
                self._heads.add(url)
                yield self.ask_list(url, self.parse_list, priority=-1, cb_kwargs={"first": url, "page": 1})
        if lists:
            self._heads.discard(first)

    def links(self, root: Any, base: str) -> Iterator[tuple[str, str | None]]:
        """Addresses of articles with the date that the list shows beside them."""
        rules = self.source.list
        if rules.entry is None:
            for link in root.iter("a"):
                url = self._address(link, base)
                if url and len(from_element(link)) >= _SHORTEST_LINK_TEXT and self._is_article(url, base):
                    yield url, None
            return
        for entry in root.cssselect(rules.entry):
            link = entry if entry.tag == "a" else next(iter(entry.cssselect(rules.link)), None)
            url = self._address(link, base) if link is not None else None
            if url and (rules.article is None or re.search(rules.article, url)):
                dates = entry.cssselect(rules.date) if rules.date else []
                yield url, from_element(dates[0]) if dates else None

    def next_page(self, root: Any, url: str, first: str, page: int) -> str | None:
        """Address of the list page after ``page`` (from 1)."""
        paging = self.source.paging
        if paging.by != "link":
            return counted_page(paging, root, first, page)
        found = root.cssselect(paging.css)[:1] if paging.css else []
        following = self._address(found[0], url) if found else None
        return following if following != url else None

    def native_id(self, url: str) -> str:
        """The source's own id of an article: the groups of the pattern in source.yml, else host and path."""
        pattern = self.source.native_id
        found = re.search(pattern, url) if pattern else None
        if found:
            return "-".join(group for group in found.groups() if group)
        parts = urlsplit(url)
        return f"{parts.hostname}{parts.path}" + (f"?{parts.query}" if parts.query else "")

    def parse_article(self, response: Response, native_id: str, shown_date: str | None) -> Iterator[Request]:
        """Hand one article to the collector. What the list shows stands in for a time the page does not give."""
        self.collector.seen.keep("failed", native_id, None)
        if response.status == again.NOT_MODIFIED:
            self.collector.unchanged(native_id)
        elif again.leads_away(response):
            self._not_there(native_id, f"页面转到 {response.url[:200]}", response.url)
        elif no_page(response.body) is not None:
            self.collector.refuse(why_no_text(self.source, response.body), {"url": response.url}, native_id)
        else:
            self._take(response, native_id, shown_date)
        yield from ()

    def _take(self, response: Response, native_id: str, shown_date: str | None) -> None:
        # Here, not above: a run with nothing new reads no article, and need not load what reads one.
        from crawlers.base import article

        found = article.read(response, self.source, self.collector.now)
        raw = {"url": response.url, "title": found.title, "text": found.text[:500]}
        if not found.text:
            why = f"text: {found.why}" if found.why else why_no_text(self.source, response.body)
            self.collector.refuse(why, raw, native_id)
            return
        # The first may have been asked for before it was known that the post has moved.
        native_id, moved = again.identity(
            self.collector.seen.own_id(native_id), self.native_id(response.url), response, self.collector
        )
        item = article.row(found, response, native_id, shown_date, self.collector.now)
        taken = self.collector.take(item, raw, moved)
        if taken != "refused" and self.collector.seen.kept("pages", native_id) is not None:
            again.keep_tags(response, self.collector)

    def article_failed(self, failure: Failure) -> None:
        """An article that did not come is put aside with its reason; the walk goes on."""
        request, error = failure.request, failure.value  # type: ignore[attr-defined]
        native_id = request.cb_kwargs["native_id"]
        if self.collector.stop_reason is not None:
            return
        if isinstance(error, HttpError) and error.response.status in again.GONE:
            self._not_there(native_id, self.why(failure), request.url)
        else:
            self.did_not_come(failure, native_id, request.cb_kwargs["shown_date"])
            self.memory.unclear(native_id)

    def _not_there(self, native_id: str, why: str, url: str) -> None:
        """An article that was read and that no list shows any more is deleted; any other is put aside."""
        if native_id not in self.memory.shown and self.collector.seen.read_before(native_id):
            self.collector.gone(native_id, why)
        else:
            self.collector.refuse(why, {"url": url}, native_id)

    def _settled(self, native_id: str) -> bool:
        if failed.waits(self.collector.seen, native_id, self.collector.now):
            return True
        recheck = timedelta(hours=self.source.walk.recheck_hours)
        return self.collector.seen.settled(native_id, self.collector.now, recheck)

    def _address(self, link: Any, base: str) -> str | None:
        href = (link.get("href") or "").strip()
        if not href or href.startswith(("#", "javascript:", "mailto:")):
            return None
        try:
            url = urldefrag(TextResponse(base, encoding="utf-8").urljoin(href))[0]
        except ValueError:
            return None
        return url if self.on_hosts(url) else None

    def _is_article(self, url: str, base: str) -> bool:
        if self.source.list.article is not None:
            return re.search(self.source.list.article, url) is not None
        return url != base and _LOOKS_LIKE_ARTICLE.search(urlsplit(url).path) is not None
