"""He reports as if he were the owner: with his own mailbox, with hers, with his session, and with what he set."""

from datetime import timedelta

import pytest

from takeback.casework.ways import Channel, ways
from takeback.core.case import Language, Stage
from takeback.words import say
from tests.casework.conftest import Town
from tests.casework.life import ACCOUNT, HIS, INTRUDERS, MINE, NIGHT
from tests.stories.intruder.people import (
    HER_PLACE,
    WRONG,
    ask_and_prove,
    at_the_door,
    browser,
    calls,
    codes,
    is_proven,
    page_of,
    read_code,
    report,
)


def test_his_report_with_the_address_he_set_stops_the_account_and_brings_him_no_letter(night: Town) -> None:
    him = browser()
    talk = at_the_door(him, HIS, person="yes")
    for act in ("code", "person"):
        assert him.post(f"{talk}/{act}").status_code == 303
        night.run()
    assert night.shop.account(ACCOUNT).frozen
    assert codes(night)
    assert {letter.to for letter in night.postbox.letters} == {MINE}


def test_with_his_mailbox_alone_he_can_prove_nothing_by_any_way(night: Town) -> None:
    him = browser()
    talk = at_the_door(him, HIS)
    night.run()
    page = page_of(night)  # even where he has come by the case's address
    assert HIS not in him.get(page).content.decode()
    assert him.post(f"{page}/code", {"way": HIS}).status_code == 303
    assert him.post(f"{page}/code").status_code == 303
    night.run()
    for address in (talk, page):
        assert him.post(f"{address}/proof", {"code": WRONG}).status_code == 422
    assert codes(night, HIS) == []
    assert night.case.proven_at is None
    assert night.case.stage is Stage.UNDO


def test_staff_are_never_told_to_call_a_number_that_he_set(night: Town) -> None:
    client = INTRUDERS | {"session": "/shops/oscar-42-night"}
    night.shop.change_field(ACCOUNT, NIGHT + timedelta(minutes=10), client, "phone", "+40799999999")
    night.tell()
    at_the_door(browser(), HIS, person="yes")
    night.run()
    (task,) = calls(night)
    assert [number["to"] for number in task.evidence["numbers"]] == ["***5678"]


def test_who_reads_her_mailbox_is_held_by_her_word_that_it_is_hers_no_more(night: Town) -> None:
    him, her = browser(), browser(HER_PLACE)
    at_the_door(him, MINE)
    night.run()
    page = page_of(night)
    assert ask_and_prove(night, him, page).status_code == 303
    assert is_proven(him, page)  # the limit that is documented: whoever reads her mailbox is she, until she says more
    assert her.post(f"{page}/disown", {"way": _way_of_mail(night)}).status_code == 303
    night.run()
    sent = len(codes(night))
    assert not is_proven(him, page)
    assert him.post(f"{page}/code").status_code == 303
    night.run(until=night.case.hold_until)
    assert him.post(f"{page}/code").status_code == 303
    night.run()
    assert len(codes(night)) == sent
    fields = {"password": "my own new sentence now", "again": "my own new sentence now"}
    assert him.post(f"{page}/password", fields).status_code == 422
    night.run()
    assert night.case.handed_back_at is None
    assert night.shop.account(ACCOUNT).frozen
    assert calls(night)  # a person has been asked to call her


def _way_of_mail(town: Town) -> str:
    return next(way.id for way in ways(town.house, town.case) if way.channel is Channel.MAIL)


def test_to_disown_her_good_mailbox_gets_him_nothing(night: Town) -> None:
    him = browser()
    at_the_door(him, MINE)
    night.run()
    page = page_of(night)
    assert him.post(f"{page}/code").status_code == 303
    night.run()
    code = read_code(night)
    assert him.post(f"{page}/disown", {"way": _way_of_mail(night)}).status_code == 303
    night.run()
    before = len(night.postbox.letters)
    for _ in range(3):
        him.post(f"{page}/code")
        night.clock.turn(timedelta(minutes=1))
        night.run()
    assert him.post(f"{page}/proof", {"code": code}).status_code == 422
    assert [letter for letter in night.postbox.letters[before:] if letter.template == "code"] == []
    assert HIS not in {letter.to for letter in night.postbox.letters}
    assert night.case.proven_at is None
    assert MINE in {letter.to for letter in night.postbox.named("disowned")}  # she hears of it
    assert calls(night)


def test_his_session_at_the_shop_gives_him_nothing_here(night: Town) -> None:
    him = browser()
    at_the_door(him, MINE)
    night.run()
    page = page_of(night)
    before = him.get(page).content
    for name in ("sessionid", "oscar_open_basket", "session", "token"):
        him.cookies[name] = "/shops/oscar-42-night"
    headers = {"authorization": "Bearer /shops/oscar-42-night"}
    assert him.get(page, headers=headers).content == before
    assert him.post(f"{page}/said", {"order": "42-901", "mine": "yes"}, headers=headers).status_code == 422
    assert not is_proven(him, page)


@pytest.mark.parametrize("by", ["the door", "the shop's page"])
def test_a_report_in_another_language_does_not_change_that_of_her_letters(night: Town, by: str) -> None:
    him = browser()
    if by == "the door":
        at_the_door(him, MINE, language="en")
    else:
        assert report(him, MINE, language="en").status_code == 202
    night.run()
    him.post(f"{page_of(night)}/code?lang=en")
    night.run()
    assert night.case.language is Language.JA
    letters = [*night.postbox.named("account_frozen"), *codes(night)]
    assert len(letters) == 2
    for letter in letters:
        assert '<html lang="ja">' in letter.html
        assert "案件番号" in letter.text


def test_a_language_that_he_set_in_the_account_is_not_that_of_her_letters(night: Town) -> None:
    client = INTRUDERS | {"session": "/shops/oscar-42-night"}
    night.shop.change_field(ACCOUNT, NIGHT + timedelta(minutes=10), client, "language", "en")
    night.tell()
    report(browser(), MINE, language="en")
    night.run()
    assert night.case.language is Language.JA
    assert '<html lang="ja">' in night.postbox.named("account_frozen")[0].html


def test_a_letter_says_in_the_other_language_too_where_it_can_be_read(night: Town) -> None:
    report(browser(), MINE)
    night.run()
    (letter,) = night.postbox.named("account_frozen")
    assert say("en", "mail.other_language") in letter.text
    assert f"{page_of(night)}?lang=en" in letter.text
    assert f'{page_of(night)}?lang=en"' in letter.html


def test_the_page_speaks_the_readers_language_whoever_reported_in_which(night: Town) -> None:
    report(browser(), MINE, language="en")
    night.run()
    page, her = page_of(night), browser(HER_PLACE)
    assert '<html lang="ja"' in her.get(page).content.decode()
    assert '<html lang="en"' in her.get(f"{page}?lang=en").content.decode()
    assert '<html lang="en"' in her.get(page).content.decode()
    assert '<html lang="ja"' in browser().get(page).content.decode()


def test_a_contact_that_he_changes_while_the_case_is_open_reaches_nobody(night: Town) -> None:
    client = INTRUDERS | {"session": "/shops/oscar-42-night"}
    for field, value in (("recovery_email", HIS), ("email", "second@evil.example")):
        night.shop.change_field(ACCOUNT, NIGHT + timedelta(minutes=40), client, field, value)
    night.tell()
    him = browser()
    at_the_door(him, "second@evil.example")
    night.run()
    him.post(f"{page_of(night)}/code")
    night.run()
    assert {letter.to for letter in night.postbox.letters} == {MINE}
