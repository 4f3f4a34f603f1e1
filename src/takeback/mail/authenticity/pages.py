"""To what does one HTML text lead, and what of it does a person see?

The tree is built by lexbor, which is quick for any page that people write and slow, far beyond minutes, for some that
are made for it: thousands of elements in one another, or of fonts that are never closed. A large page is therefore
looked over first, and one that is out of bounds is read tag by tag without a tree.
"""

import re
from html import unescape
from itertools import islice
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

ELEMENTS = 5_000  # of the kinds that lead somewhere
EASY_TAGS = 1_000  # so many, in all texts of a mail, are built unseen: at worst a tenth of a second
EASY_CHARS = 60_000
TAGS = 60_000  # beyond these nothing is read
DEPTH = 400  # of elements in one another
MISNESTED = 1_000  # end tags that do not fit
LOST = 5  # elements cut off by the end of another, which the standard opens again in every block behind
COMMENTS = 200
TEXTS = 50  # pieces of the text of a link
ATTRIBUTES_CHARS = 8_000  # between the values of one tag
READ_CHARS = 500  # of the text of a link
SHOWN_CHARS = 200_000  # of the text that a person sees

_LEADS = "a,area,form,button,input,base,meta"
_UNSHOWN = frozenset({"style", "script", "title"})
_LOOKED_AT = f"{_LEADS},style,script,title,[hidden]"
_WAYS = ("display:none", "display: none", "visibility:hidden", "opacity:0", "max-height:0", "font-size:0")
_HIDING = re.compile(
    r"display\s*+:\s*+none|visibility\s*+:\s*+hidden|opacity\s*+:\s*+0(?:\.0*+)?\s*+(?:;|!|\Z)|"
    r"max-height\s*+:\s*+0(?:px)?\s*+(?:;|!|\Z)",
    re.IGNORECASE,
)
_NO_SIZE = re.compile(r"font-size\s*+:\s*+0(?:px|pt|em|%)?\s*+(?:;|!|\Z)", re.IGNORECASE)
_REFRESH = re.compile(r"[;,]\s*+(?:url\s*+=\s*+)?['\"]?([^'\"]{1,4000})", re.IGNORECASE)
_TAG = re.compile(r"<(/?+)([a-zA-Z][a-zA-Z0-9]{0,20}+)((?:[^<>\"']|\"[^\"]*+\"|'[^']*+'|[\"'])*+)", re.DOTALL)
_ATTRIBUTE = re.compile(r"([^\s=/\"'<>]{1,60}+)\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s\"'>]++))")
_LEADING_ATTRIBUTE = re.compile(
    r"\b(href|action|formaction)\s*+=\s*+(?:\"([^\"]{0,8000})\"|'([^']{0,8000})'|([^\s\"'>]{1,8000}+))", re.IGNORECASE
)
_VALUE = re.compile(r"\"[^\"]*+\"|'[^']*+'")
_EMPTY = "area base br col embed hr img input link meta param source track wbr"
_ENDING = "p li td th tr dt dd option tbody thead tfoot"
_FORMATTING = "a b big code em font i nobr s small strike strong tt u"
_VOID = frozenset(_EMPTY.split())
_ALONE = frozenset(_ENDING.split())  # they end where the next begins
_AGAIN = frozenset(_FORMATTING.split())  # the standard opens them again in the next block
_LEADING = frozenset(_LEADS.split(","))


class Found(NamedTuple):
    """One address as it stands in the mail, before anything is made of it."""

    address: str
    text: str = ""
    asks: bool = False


class Element(NamedTuple):
    """One element of the tree, its attributes taken out once."""

    node: LexborNode
    tag: str
    attributes: dict[str, str | None]


class Page(NamedTuple):
    """What one HTML text leads to and what it shows."""

    found: list[Found]
    base: str
    shown: str
    whole: bool


class Budget:
    """How much may still be built without a look, over all texts of one mail."""

    def __init__(self) -> None:
        self.tags = EASY_TAGS
        self.chars = EASY_CHARS
        self.built = TAGS

    def builds(self, html: str) -> bool:
        """May this page be built as a tree?"""
        tags = html.count("<")
        self.built -= tags
        if self.built < 0:
            return False
        if tags <= self.tags and len(html) <= self.chars:
            self.tags -= tags
            self.chars -= len(html)
            return True
        return in_bounds(html)


def read_page(html: str, budget: Budget | None = None) -> Page:
    """What one HTML text leads to, and the text of it that a person sees. Never raises."""
    if "\0" in html:
        html = html.replace("\0", "")
    if not (budget or Budget()).builds(html):
        return _by_tag(html)
    try:
        tree = LexborHTMLParser(html.encode("utf-8", "replace"))
    except (ValueError, RuntimeError):
        return _by_tag(html)
    nodes = tree.css(",".join((_LOOKED_AT, *_styles_that_hide(html))))
    elements = [Element(node, node.tag or "", node.attributes) for node in nodes[:ELEMENTS]]
    hiding = [element.node for element in elements if _hides(element)]
    hidden, inside = _outermost(hiding)
    found: list[Found] = []
    late: list[Element] = []  # links whose text is read once the hidden part of it is gone
    base = ""
    for element in elements:
        if element.tag == "base":
            base = base or element.attributes.get("href") or ""
        if inside and element.node.mem_id in inside:
            late.append(element)
        else:
            found += _leads(element.tag, element.attributes, element.node)
    for node in hidden:
        node.decompose()
    for element in late:
        found += _leads(element.tag, element.attributes, element.node)
    if "<!--[if" in html:
        found += _in_comments(html)
    body = tree.body
    shown = body.text() if body is not None else ""
    return Page(found, base, shown[:SHOWN_CHARS], len(nodes) <= ELEMENTS)


def _in_comments(html: str) -> list[Found]:
    """What stands in comments that one mail program reads (`<!--[if mso]>`) and no other."""
    regions: list[str] = []
    at = html.find("<!--[if")
    while at != -1 and len(regions) < COMMENTS:
        end = html.find("-->", at)
        region = html[at + 7 : end if end != -1 else len(html)]
        if "href" in region or "HREF" in region or "action" in region:
            regions.append(region)
        at = html.find("<!--[if", end) if end != -1 else -1
    return _by_tag("\n".join(regions)).found if regions else []


def _styles_that_hide(html: str) -> list[str]:
    """Selectors for the ways to hide an element by its own style that occur: to ask for one that does not costs a walk.

    In style sheets these words stand in most mails, in a tag they do not: the search begins behind the last sheet.
    Whoever hides text before it only has more of it read.
    """
    found = []
    behind = html.rfind("</style>") + 1
    for way in _WAYS:
        at = html.find(way, behind)
        for _ in range(100):
            if at == -1:
                break
            begin = max(0, at - 1_000)
            if html.rfind("<", begin, at) > html.rfind(">", begin, at):
                found.append(f"[style*='{way}' i]")
                break
            at = html.find(way, at + 1)
    return found


def _hides(element: Element) -> bool:
    if element.tag in _UNSHOWN or "hidden" in element.attributes:
        return True
    style = element.attributes.get("style")
    if not style or not any(way in style.lower() for way in _WAYS):
        return False
    return bool(_HIDING.search(style)) or bool(_NO_SIZE.search(style) and "<" not in (element.node.inner_html or ""))


def _outermost(nodes: list[LexborNode]) -> tuple[list[LexborNode], set[int]]:
    """Of hidden elements those that are not inside another, and the links that hold one.

    Only the outermost are taken away: to touch an element whose parent has gone would be to touch freed memory.
    """
    hiding = {node.mem_id: node for node in nodes if node.tag not in ("html", "body")}
    outermost: list[LexborNode] = []
    inside: set[int] = set()
    for node in hiding.values():
        above: LexborNode | None = node.parent
        links: list[int] = []
        steps = 0
        while above is not None and above.mem_id not in hiding and steps <= DEPTH:
            if above.tag == "a":
                links.append(above.mem_id)
            above = above.parent
            steps += 1
        if above is None:
            outermost.append(node)
            inside.update(links)
    return outermost, inside


def _leads(tag: str, attributes: dict[str, str | None], node: LexborNode | None = None, text: str = "") -> list[Found]:
    """Where one element leads. Its text is that of `node`, or `text` where there is no tree."""
    if tag in ("a", "area"):
        href = attributes.get("href") or attributes.get("xlink:href") or ""
        return [Found(href, (node.text() if node is not None else text)[:READ_CHARS])] if href else []
    if tag == "form":
        return [Found(attributes.get("action") or "", "", asks=True)]
    if tag in ("button", "input"):
        action = attributes.get("formaction")
        return [Found(action, "", asks=True)] if action else []
    if tag == "base":
        return [Found(attributes.get("href") or "")]
    if tag == "meta" and (attributes.get("http-equiv") or "").strip().lower() == "refresh":
        found = _REFRESH.search(attributes.get("content") or "")
        return [Found(found[1])] if found else []
    return []


def in_bounds(html: str) -> bool:
    """Will the tree of this page stay small? One pass over its tags."""
    stack: list[str] = []
    misnested = lost = 0
    for tag in _TAG.finditer(html):
        name = tag[2].lower()
        if tag[1]:
            if stack and stack[-1] == name:
                stack.pop()
                continue
            misnested += 1
            if name in stack:
                while (top := stack.pop()) != name:
                    lost += top in _AGAIN
        elif name not in _VOID:
            if name in _ALONE and stack and stack[-1] == name:
                stack.pop()
            stack.append(name)
        if len(stack) > DEPTH or misnested > MISNESTED or lost > LOST:
            return False
        if len(tag[3]) > ATTRIBUTES_CHARS and len(_VALUE.sub("", tag[3])) > ATTRIBUTES_CHARS:
            return False
    return True


def _by_tag(html: str) -> Page:
    """What the tags lead to, without a tree. Nothing is known of what is hidden, and all of it counts as shown."""
    found: list[Found] = []
    shown: list[str] = []
    base = ""
    opened: tuple[dict[str, str | None], int] | None = None
    at = 0
    for tag in islice(_TAG.finditer(html), TAGS):
        name = tag[2].lower()
        shown.append(html[at : tag.start()].lstrip(">"))
        at = tag.end()
        if name not in _LEADING:
            continue
        if name == "a" and opened is not None:
            found += _leads("a", opened[0], None, "".join(shown[opened[1] :][:TEXTS]))
            opened = None
        if tag[1]:
            continue
        attributes = _attributes(tag[3])
        if name == "a":
            opened = (attributes, len(shown))
            continue
        if name == "base":
            base = base or attributes.get("href") or ""
        found += _leads(name, attributes)
    if opened is not None:
        found += _leads("a", opened[0], None, "".join(shown[opened[1] :][:TEXTS]))
    known = {one.address for one in found}
    more = _anywhere(html, known)
    return Page(
        (found + more)[:ELEMENTS], base, unescape("".join(shown)[:SHOWN_CHARS]), len(found) + len(more) <= ELEMENTS
    )


def _anywhere(html: str, known: set[str]) -> list[Found]:
    """Whatever stands behind a `href=`, in a tag or not: what is no tag to this pattern may be one to a browser."""
    more: list[Found] = []
    for one in _LEADING_ATTRIBUTE.finditer(html):
        address = unescape(one[2] or one[3] or one[4] or "")
        if address not in known:
            known.add(address)
            more.append(Found(address, "", asks=one[1].lower() != "href"))
        if len(more) > ELEMENTS:
            break
    return more


def _attributes(spelled: str) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for count, one in enumerate(_ATTRIBUTE.finditer(spelled)):
        found.setdefault(one[1].lower(), unescape(one[2] or one[3] or one[4] or ""))
        if count > 100:
            break
    return found
