"""Where does a mail lead, whatever it says that it leads to?"""

import pytest

from takeback.core.authenticity.facts import Link, LinkTrick
from takeback.mail.authenticity.links import in_text, read_links, reads_as
from takeback.mail.authenticity.pages import in_bounds, read_page
from takeback.mail.authenticity.parts import Text
from takeback.mail.authenticity.targets import read_target
from tests.mail.reading.everything import whose


def _links(html: str) -> dict[str, Link]:
    return {one.host: one for one in read_links([Text(html, html=True, shown=True)], whose).links}


def _plain(text: str) -> set[str]:
    return {one.host for one in read_links([Text(text, html=False, shown=True)], whose).links}


@pytest.mark.parametrize(
    ("address", "host", "tricks"),
    [
        ("https://shop.example/a?b#c", "shop.example", set()),
        ("HTTPS://SHOP.EXAMPLE./", "shop.example", set()),
        (" ht\ntps://sh\top.exa\r\nmple/ ", "shop.example", set()),
        ("https:shop.example", "shop.example", set()),
        ("https:///shop.example", "shop.example", set()),
        (r"https:\\shop.example\a", "shop.example", {LinkTrick.MALFORMED}),
        ("//evil.top/x", "evil.top", set()),
        ("https://shop。evil．top/", "shop.evil.top", set()),
        ("https://evil｡top/", "evil.top", set()),
        ("https://sh\u00adop.ev\u200bil.top/", "shop.evil.top", set()),
        ("https://%65vil.top/", "evil.top", set()),
        ("https://аmazon.example/", "xn--mazon-3ve.example", set()),
        ("https://shop.example@evil.top/", "evil.top", {LinkTrick.USERINFO}),
        ("https://shop.example%2f@evil.top/", "evil.top", {LinkTrick.USERINFO}),
        ("https://shop.example:443@evil.top:8443/", "evil.top", {LinkTrick.USERINFO}),
        ("http://192.0.2.1/", "192.0.2.1", {LinkTrick.NUMBER_HOST}),
        ("http://3221225985/", "192.0.2.1", {LinkTrick.NUMBER_HOST}),
        ("http://0xC0000201/", "192.0.2.1", {LinkTrick.NUMBER_HOST}),
        ("http://0300.0.02.1/", "192.0.2.1", {LinkTrick.NUMBER_HOST}),
        ("http://192.513/", "192.0.2.1", {LinkTrick.NUMBER_HOST}),
        ("http://[2001:DB8::1]:80/", "[2001:db8::1]", {LinkTrick.NUMBER_HOST}),
        ("https://bit.ly/x", "bit.ly", {LinkTrick.REDIRECTOR}),
        ("https://www.google.com/url?q=https://evil.top/", "www.google.com", {LinkTrick.REDIRECTOR}),
        ("https://www.google.com/search?q=shop", "www.google.com", set()),
        ("https://r.search.yahoo.com/x/RU=https%3A%2F%2Fevil.top%2F", "r.search.yahoo.com", {LinkTrick.REDIRECTOR}),
        ("javascript:alert(1)", "", {LinkTrick.SCHEME}),
        (" java\nscript:alert(1)", "", {LinkTrick.SCHEME}),
        ("data:text/html,x", "", {LinkTrick.SCHEME}),
        ("file://server/x", "", {LinkTrick.SCHEME}),
        ("search-ms:query=x", "", {LinkTrick.SCHEME}),
        ("http://", "", {LinkTrick.MALFORMED}),
        ("http://a b/", "", {LinkTrick.MALFORMED}),
        ("http://256.1.1.1/", "", {LinkTrick.MALFORMED}),
        ("http://shop.example:x/", "shop.example", {LinkTrick.MALFORMED}),
        ("mailto:info@shop.example?subject=x", "shop.example", set()),
        ("tel:0312345678", "", set()),
        ("cid:picture", "", set()),
        ("#top", "", set()),
        ("", "", set()),
    ],
)
def test_an_address_leads_where_a_browser_would_go(address: str, host: str, tricks: set[LinkTrick]) -> None:
    target = read_target(address)
    assert (target.host, set(target.tricks)) == (host, tricks)


def test_behind_a_backslash_both_hosts_are_named() -> None:
    found = _links(r'<a href="https://shop.example\@evil.top/">x</a>')
    assert set(found) == {"shop.example", "evil.top"}
    assert all(LinkTrick.MALFORMED in one.tricks for one in found.values())


def test_a_link_without_a_scheme_follows_the_base_of_the_mail() -> None:
    assert set(_links('<base href="https://evil.top/x/"><a href="login">x</a>')) == {"evil.top"}


@pytest.mark.parametrize(
    "html",
    [
        '<a href="https://evil.top/">x</a>',
        "<A HREF=https://evil.top>x",
        "<a href='&#104;ttps://e&#x76;il&period;top/'>x</a>",
        '<map><area href="https://evil.top/"></map>',
        '<form action="https://evil.top/"><input name="password"></form>',
        '<form><button formaction="https://evil.top/">x</button></form>',
        '<form><input type="submit" formaction="https://evil.top/"></form>',
        '<meta http-equiv="Refresh" content="0; URL=\'https://evil.top/\'">',
        '<svg><a xlink:href="https://evil.top/">x</a></svg>',
        '<div style="display:none"><a href="https://evil.top/">x</a></div>',
        '<!--[if mso]><![endif]--><a href="https://evil.top/">x</a>',
        '<!--[if mso]><v:roundrect href="https://evil.top/">x</v:roundrect><![endif]-->',
        '<!--[if mso]><a href="https://evil.top/">x</a><![endif]-->',
        "<p>see https://evil.top/ for more</p>",
        "<p>see www.evil.top</p>",
    ],
)
def test_everything_that_leads_somewhere_is_found_in_html(html: str) -> None:
    assert {host.removeprefix("www.") for host in _links(html)} == {"evil.top"}


def test_pictures_and_style_sheets_are_not_links() -> None:
    assert _links('<img src="https://evil.top/x"><link rel=stylesheet href="https://evil.top/x">') == {}


def test_a_form_that_asks_is_told_from_a_link() -> None:
    found = _links('<form action="https://evil.top/"></form><a href="https://shop.example/">x</a>')
    assert (found["evil.top"].asks, found["shop.example"].asks) == (True, False)


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("https://shop.example/login", "shop.example"),
        ("shop.example", "shop.example"),
        (" WWW.Shop.Example ", "www.shop.example"),
        ("（https://shop.example/）", "shop.example"),
        ("https：／／shop．example", "shop.example"),
        ("ｅｘａｍｐｌｅ－ｓｈｏｐ．ｊｐ", "example-shop.jp"),
        ("example‐shop.jp", "example-shop.jp"),
        ("info@shop.example", "shop.example"),
        ("sho\u00adp.exam\u200bple", "shop.example"),
        ("Amazon.co.jp", "amazon.co.jp"),
        ("Click here", ""),
        ("Node.js", ""),
        ("No.1", ""),
        ("e.g. this", ""),
        ("shop.example is here", ""),
        ("3.5", ""),
        ("", ""),
    ],
)
def test_a_text_reads_as_an_address_or_it_does_not(text: str, host: str) -> None:
    assert reads_as(text) == host


def test_a_link_whose_text_shows_another_address_differs() -> None:
    one = _links('<a href="https://evil.top/x">https://shop.example/login</a>')["evil.top"]
    assert one.tricks == {LinkTrick.TEXT_DIFFERS}
    assert one.reads_as == "shop.example"


@pytest.mark.parametrize(
    "html",
    [
        '<a href="https://click.shop.example/x">www.shop.example</a>',
        '<a href="https://evil.top/">Log in</a>',
        '<a href="mailto:info@shop.example">info@shop.example</a>',
        '<a href="https://evil.top/">https://www.evil.top/login</a>',
    ],
)
def test_a_link_whose_text_says_where_it_leads_or_says_nothing_does_not_differ(html: str) -> None:
    assert all(LinkTrick.TEXT_DIFFERS not in one.tricks for one in _links(html).values())


def test_hidden_pieces_of_the_text_of_a_link_are_not_read() -> None:
    html = '<a href="https://evil.top/">shop<span style="display: none">x</span>.example</a>'
    assert _links(html)["evil.top"].reads_as == "shop.example"


def test_hidden_text_is_not_shown_and_its_links_count() -> None:
    html = (
        "<style>p{}</style><title>t</title><p>seen</p><div hidden>a<div hidden>b</div></div>"
        '<div style="DISPLAY:none; display:none">c <a href="//evil.top/">d</a></div><i style="font-size:0">e</i>'
    )
    reading = read_links([Text(html, html=True, shown=True)], whose)
    assert reading.shown.split() == ["seen"]
    assert [one.host for one in reading.links] == ["evil.top"]


def test_the_goal_of_an_open_redirect_is_a_link_too() -> None:
    assert set(_links('<a href="https://www.google.com/url?q=https%3A%2F%2Fevil.top%2Fx">x</a>')) == {
        "www.google.com",
        "evil.top",
    }


def test_links_by_which_the_shop_counts_clicks_are_the_shops_unless_they_carry_an_imitation() -> None:
    assert set(_links('<a href="https://c.shop.example/r?url=https://apps.example/x">x</a>')) == {"c.shop.example"}
    assert set(_links('<a href="https://c.shop.example/r?url=https://shop-login.top/x">x</a>')) == {
        "c.shop.example",
        "shop-login.top",
    }


def test_each_host_with_the_same_tricks_stands_once() -> None:
    html = "".join(f'<a href="https://evil.top/{n}">x</a>' for n in range(20)) + '<a href="https://u@evil.top/">y</a>'
    assert len(read_links([Text(html, html=True, shown=True)], whose).links) == 2


@pytest.mark.parametrize(
    ("text", "hosts"),
    [
        ("こちら→https://evil.top/aからどうぞ。", {"evil.top"}),
        ("詳しくはhttps://evil.topへ", {"evil.top"}),
        ("（https://evil.top）", {"evil.top"}),
        ("https://evil.top。次の文", {"evil.top"}),
        ("https://shop。evil。top/", {"shop.evil.top"}),
        ("<https://evil.top/>", {"evil.top"}),
        ("hxxps://evil.top/", {"evil.top"}),
        ("HTTPS://EVIL.TOP/", {"evil.top"}),
        ("www.evil.top.", {"www.evil.top"}),
        ("https://аmazon.example/", {"xn--mazon-3ve.example"}),
        ("a@www.evil.top xhttpx://y no link", set()),
        ("no link at all", set()),
    ],
)
def test_addresses_in_plain_text_end_where_people_see_them_end(text: str, hosts: set[str]) -> None:
    assert _plain(text) == hosts


def test_a_page_made_to_be_slow_is_read_without_a_tree_and_its_links_are_found() -> None:
    fonts = "".join(f"<font size={n}><p>" for n in range(2_000))
    html = fonts + "<a title='x>y' href='https://evil.top/'>https://shop.example</a><a x=< href=https://evil2.top>z</a>"
    assert not in_bounds(html)
    found = _links(html)
    assert set(found) == {"evil.top", "evil2.top", "shop.example"}
    assert LinkTrick.TEXT_DIFFERS in found["evil.top"].tricks


def test_a_long_page_as_people_write_it_is_built_as_a_tree() -> None:
    row = "<tr><td><p>one<br>two<font color=red><b>three</b></font></td><td><img src=x>&nbsp;</td></tr>"
    html = "<html><body><table>" + row * 400 + "</table></body></html>"
    assert in_bounds(html)
    assert "three" in read_page(html).shown


def test_text_without_a_link_has_none() -> None:
    assert in_text("https:// and www. and ://x") == []
