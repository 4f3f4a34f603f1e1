"""Where does an address in a mail lead, as a browser would take it?

The rules are those of the URL standard (WHATWG), which is what opens links: tabs and line ends vanish, a backslash is a
slash, `https:host` and `https:///host` lead to the host, and what stands before an @ is not the host.
"""

import re
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote

from takeback.core.authenticity.facts import LinkTrick
from takeback.mail.authenticity import hosts

URL_CHARS = 8_000
INNER = 3  # redirects inside redirects

# Schemes that run something or open something on the person's own machine. `tel:`, `sms:` and apps' own are none.
HOSTILE = frozenset(
    {
        *("javascript", "vbscript", "data", "file", "blob", "smb", "ldap", "jar", "view-source", "ms-officecmd"),
        *("search-ms", "search", "ms-msdt", "ms-word", "ms-excel", "ms-powerpoint", "ms-settings", "ms-appinstaller"),
        *("mhtml", "mk", "res", "wscript", "shell", "livescript", "about", "filesystem", "feed", "webcal"),
    }
)
SHORTENERS = frozenset(
    {
        *(
            "bit.ly",
            "bitly.com",
            "j.mp",
            "t.co",
            "tinyurl.com",
            "goo.gl",
            "is.gd",
            "v.gd",
            "ow.ly",
            "buff.ly",
            "cutt.ly",
        ),
        *(
            "rebrand.ly",
            "rb.gy",
            "t.ly",
            "x.gd",
            "lnkd.in",
            "s.id",
            "tiny.cc",
            "shorturl.at",
            "bl.ink",
            "qr.ae",
            "u.to",
        ),
        *(
            "clck.ru",
            "urx3.nu",
            "urx.blue",
            "urx2.nu",
            "ux.nu",
            "00m.in",
            "p.asia",
            "onl.tw",
            "onl.bz",
            "onl.sc",
            "onl.la",
        ),
        *(
            "reurl.cc",
            "lihi.cc",
            "lihi1.com",
            "kutt.it",
            "chilp.it",
            "trib.al",
            "dlvr.it",
            "soo.gd",
            "shrtco.de",
            "9qr.de",
        ),
        *("qr.codes", "qrco.de", "me-qr.com", "q-r.to", "scnv.io", "l.ead.me", "tr.ee", "linkr.bio", "surl.li", "u.nu"),
        *(
            "t2m.io",
            "tny.im",
            "adf.ly",
            "ouo.io",
            "shorte.st",
            "bc.vc",
            "po.st",
            "mcaf.ee",
            "tinu.be",
            "rotf.lol",
            "da.gd",
        ),
        *("wa.link", "1url.cz", "gg.gg", "short.gy", "shorter.me", "tiny.one", "hyperurl.co", "snip.ly", "page.link"),
        *(
            "app.link",
            "urlz.fr",
            "t.cn",
            "url.cn",
            "dwz.cn",
            "suo.im",
            "me2.kr",
            "vo.la",
            "han.gl",
            "abre.ai",
            "encurtador.com.br",
        ),
    }
)
# Pages that send on to whatever their address names: host (and what is under it), beginning of the path.
OPEN = (
    *(("google.com", "/url"), ("google.com", "/amp/"), ("google.co.jp", "/url"), ("google.co.jp", "/amp/")),
    *(
        ("googleadservices.com", "/pagead/aclk"),
        ("doubleclick.net", "/"),
        ("bing.com", "/ck/a"),
        ("bing.com", "/aclick"),
    ),
    *(("youtube.com", "/redirect"), ("facebook.com", "/l.php"), ("facebook.com", "/flx/warn"), ("instagram.com", "/l")),
    *(("linkedin.com", "/redir"), ("linkedin.com", "/slink"), ("t.umblr.com", "/redirect"), ("out.reddit.com", "/")),
    *(("slack-redir.net", "/link"), ("steamcommunity.com", "/linkfilter"), ("vk.com", "/away"), ("baidu.com", "/link")),
    *(("r.search.yahoo.com", "/"), ("rd.yahoo.co.jp", "/"), ("ord.yahoo.co.jp", "/"), ("duckduckgo.com", "/l")),
    *(("translate.goog", "/"), ("translate.google.com", "/"), ("web.archive.org", "/"), ("cse.google.com", "/url")),
    *(("pinterest.com", "/offsite"), ("tiktok.com", "/link"), ("disq.us", "/url"), ("medium.com", "/r")),
)
NAMING = frozenset(
    {
        *(
            "url",
            "u",
            "q",
            "to",
            "goto",
            "go",
            "dest",
            "destination",
            "target",
            "link",
            "redirect",
            "redirect_uri",
            "next",
        ),
        *(
            "redirect_url",
            "redirecturl",
            "redir",
            "return",
            "returnurl",
            "return_url",
            "return_to",
            "continue",
            "rurl",
            "ru",
        ),
        *("adurl", "out", "forward", "callback", "jump", "r", "l", "ref_url", "murl", "lurl", "deeplink", "ued", "p"),
    }
)

_AWAY = re.compile(r"[\t\n\r]")
_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]{0,40}):")
_AUTHORITY = re.compile(r"[/\\]*+([^/\\?#]*+)")
_PORT = re.compile(r":([^:\]]*)\Z")
_FORBIDDEN = re.compile(r"[\x00-\x20<>^`{|}\"]")
_EDGES = "".join(map(chr, range(33)))
_INNER_URL = re.compile(r"https?:/{1,2}[^/]", re.IGNORECASE)


class Target(NamedTuple):
    """Where one address leads. `host` is "" where it leads nowhere outside the mail."""

    scheme: str
    host: str
    tricks: frozenset[LinkTrick] = frozenset()
    inner: tuple[str, ...] = ()  # addresses that its query or path names
    other: str = ""  # the host by the other reading, where programs disagree


NOWHERE = Target("", "")


def read_target(spelled: str, base: str = "") -> Target:
    """Take one address apart. `base` is the mail's `<base href>`, for addresses without a scheme."""
    spelled = spelled.strip(_EDGES + "\u3000\u00a0")
    if "\n" in spelled or "\t" in spelled or "\r" in spelled:
        spelled = _AWAY.sub("", spelled)
    if len(spelled) > URL_CHARS:
        spelled = spelled[:URL_CHARS]
    if not spelled.isascii():
        spelled = hosts.without_unseen(spelled)
    found = _SCHEME.match(spelled)
    scheme = found[1].lower() if found else ""
    if scheme in ("http", "https", "ftp", "ws", "wss"):
        return _web(scheme, spelled[len(scheme) + 1 :])
    if scheme == "mailto":
        return _mailto(spelled[7:])
    if scheme in HOSTILE:
        return Target(scheme, "", frozenset({LinkTrick.SCHEME}))
    if spelled[:2] in ("//", "\\\\", "/\\", "\\/"):
        return _web("https", spelled[2:])
    if not scheme and base and spelled and not spelled.startswith("#"):
        return read_target(base)
    return NOWHERE


def _mailto(rest: str) -> Target:
    address = unquote(rest.partition("?")[0][:1000])
    domain = address.rpartition("@")[2].strip(" >")
    return Target("mailto", hosts.normal(domain)) if "@" in address else NOWHERE


def _web(scheme: str, rest: str) -> Target:
    found = _AUTHORITY.match(rest)
    authority = found[1] if found else ""
    tricks: set[LinkTrick] = set()
    _, at, place = authority.rpartition("@")
    if at:
        tricks.add(LinkTrick.USERINFO)
    port = _PORT.search(place)
    if port:
        place = place[: port.start()]
        if not (port[1] == "" or (port[1].isdigit() and len(port[1]) < 6)):
            tricks.add(LinkTrick.MALFORMED)
    host = "" if _FORBIDDEN.search(place) else hosts.normal(place)
    if not host:
        tricks.add(LinkTrick.MALFORMED)
    elif hosts.is_number(host):
        tricks.add(LinkTrick.NUMBER_HOST)
    after = rest[found.end() :] if found else ""
    other = ""
    if after.startswith("\\"):  # where a browser sees a path, some filters see a user name or a part of the host
        tricks.add(LinkTrick.MALFORMED)
        other = hosts.normal(after.partition("@")[2].partition("/")[0].partition("\\")[0]) if "@" in after else ""
    inner = _inner(after) if "http" in after or "HTTP" in after or "%2f" in after or "%2F" in after else ()
    if host and _redirects(host, after, inner):
        tricks.add(LinkTrick.REDIRECTOR)
    return Target(scheme, host, frozenset(tricks), inner, other)


def _redirects(host: str, after: str, inner: tuple[str, ...]) -> bool:
    """Is it a shortener, or a page known to send on?"""
    shortens, opens = _sends_on(host)
    if shortens or not opens:
        return shortens
    path = after.replace("\\", "/") or "/"
    return any(path.startswith(begin) and (bool(inner) or always) for begin, always in opens)


def may_send_on(host: str) -> bool:
    """Is this the host of a shortener, or of a page known to send on?"""
    shortens, opens = _sends_on(host)
    return shortens or bool(opens)


@lru_cache(maxsize=2048)
def _sends_on(host: str) -> tuple[bool, tuple[tuple[str, bool], ...]]:
    """Whether a host is a shortener, and with which paths it sends on (True: always; else to an address it carries)."""
    shortens = host.removeprefix("www.") in SHORTENERS or hosts.organisation(host) in SHORTENERS
    return shortens, tuple(
        (begin, begin in ("/ck/a", "/link") or place in ("doubleclick.net", "translate.goog"))
        for place, begin in OPEN
        if host == place or host.endswith("." + place)
    )


def _inner(after: str) -> tuple[str, ...]:
    """The addresses that a link carries with it: values of a parameter that names a target, or the rest of its path."""
    path, _, query = after.partition("?")
    query = query.partition("#")[0]
    found = []
    for pair in query.split("&", 40)[:40]:
        name, equals, value = pair.partition("=")
        if equals and name.lower() in NAMING:
            clear = _clear(value)
            if _INNER_URL.match(clear):
                found.append(clear)
    whole = _clear(path)
    carried = _INNER_URL.search(whole, 1)
    if carried:
        found.append(whole[carried.start() :])
    return tuple(found[:INNER])


def _clear(value: str) -> str:
    for _ in range(3):
        if "%" not in value:
            break
        value = unquote(value, errors="replace")
    return value
