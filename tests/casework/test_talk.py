"""The conversation at the door: what is said to whom, what comes of it inside, and what a stranger cannot do there."""

from datetime import timedelta

import pytest

from takeback.casework import talk as talking
from takeback.casework.page import address_of, replace_address, token_now
from takeback.casework.progress import Purpose
from takeback.casework.proof import enter
from takeback.casework.retention import forget
from takeback.casework.talk import MOST_TRIES, MOST_TRIES_OF_CASE
from takeback.casework.talks import Talk, Voice
from takeback.core.case import Language, Stage
from takeback.core.retention import Part
from takeback.core.talk import MOST, Choice, Line
from takeback.core.triage import Need
from takeback.intake.reading import read
from tests.casework.conftest import Town, clean, code_in, town
from tests.casework.life import ACCOUNT, HIS, MINE

__all__ = ["clean", "town"]
ALARM = "買っていない商品が勝手に購入されている"
HARMLESS = "注文した商品はいつ届きますか"


def begin(town: Town, named: str = MINE, text: str = ALARM, choice: Choice = Choice.OTHER) -> Talk:
    """Somebody begins a conversation."""
    token = talking.begin(town.house, named, choice, text, read(text, "ja"), Language.JA)
    found = talking.by_token(town.house, token)
    assert found is not None
    return found


def lines(town: Town, talk: Talk) -> list[Line | None]:
    """What we said."""
    return [turn.line for turn in town.house.talks.turns(talk.id) if turn.voice is Voice.OURS]


def code_of(town: Town, talk: Talk) -> str:
    """Ask for a code in the conversation, and read it in the mail."""
    talking.ask_code(town.house, talk)
    town.run()
    return code_in(town.postbox.named("code")[-1])


def test_words_about_an_account_that_shows_signs_stop_it_at_once(town: Town) -> None:
    begin(town)
    town.run()
    assert town.shop.account(ACCOUNT).frozen
    assert town.case.report_text == ALARM


@pytest.mark.parametrize("text", [ALARM, HARMLESS, "hello", ""])
def test_no_wording_lowers_what_the_account_shows(town: Town, text: str) -> None:
    begin(town, text=text)
    town.run()
    assert town.shop.account(ACCOUNT).frozen


def test_harmless_words_about_a_clean_account_open_nothing(clean: Town) -> None:
    talk = begin(clean, text=HARMLESS)
    clean.run()
    assert clean.case is None
    assert lines(clean, talk) == [Line.HEARD_OWN_ORDER]


def test_alarming_words_about_a_clean_account_send_a_code_and_stop_nothing(clean: Town) -> None:
    begin(clean)
    clean.run()
    assert clean.case.stage is Stage.REPORT
    assert len(clean.postbox.named("code")) == 1
    assert not clean.shop.account(ACCOUNT).frozen


def test_a_later_alarming_turn_raises_and_a_later_calm_one_does_not_lower(clean: Town) -> None:
    talk = begin(clean, text=HARMLESS)
    talking.go_on(clean.house, talk, ALARM, read(ALARM, "ja"))
    after = clean.house.talks.talk(talk.id)
    talking.go_on(clean.house, after, HARMLESS, read(HARMLESS, "ja"))
    clean.run()
    assert clean.house.talks.talk(talk.id).need is Need.TAKEOVER
    assert lines(clean, talk) == [Line.HEARD_OWN_ORDER, Line.RAISED, Line.NOTED]
    assert clean.case is not None


@pytest.mark.parametrize("text", [ALARM, HARMLESS, "why was I sent this mail?", ""])
@pytest.mark.parametrize("choice", list(Choice))
def test_what_we_say_is_the_same_for_every_account(town: Town, text: str, choice: Choice) -> None:
    hers, nobodys = begin(town, MINE, text, choice), begin(town, "nobody@example.jp", text, choice)
    town.run()
    for talk in (hers, nobodys):
        talking.ask_code(town.house, talk)
        talking.ask_person(town.house, talk, "now")
        town.run()
    assert lines(town, hers) == lines(town, nobodys)


def test_for_an_account_that_does_not_exist_nothing_is_opened_and_nothing_sent(town: Town) -> None:
    talk = begin(town, "nobody@example.jp")
    talking.ask_code(town.house, talk)
    talking.ask_person(town.house, talk, "now")
    town.run()
    assert town.house.talks.cases(talk.id) == []
    assert town.postbox.letters == []


def test_a_code_asked_for_in_a_conversation_proves_who_she_is(town: Town) -> None:
    talk = begin(town)
    town.run()
    opened = talking.enter(town.house, talk, code_of(town, talk))
    assert opened is not None
    case, purpose = opened
    assert (case.account, purpose) == (ACCOUNT, Purpose.PROOF)
    town.run()
    assert town.case.stage is Stage.HOLD


def test_a_code_goes_to_the_address_of_before_and_never_to_the_intruders(town: Town) -> None:
    talk = begin(town, HIS)
    town.run()
    code_of(town, talk)
    assert {letter.to for letter in town.postbox.letters} == {MINE}


def test_a_code_of_another_case_opens_nothing(town: Town) -> None:
    talk = begin(town)
    town.run()
    code = code_of(town, talk)
    stranger = begin(town, "nobody@example.jp")
    town.run()
    assert talking.enter(town.house, stranger, code) is None
    assert talking.enter(town.house, talk, code) is not None


def test_a_strangers_guesses_do_not_use_up_the_owners_code(town: Town) -> None:
    talk = begin(town)
    town.run()
    code = code_of(town, talk)
    for _ in range(3):
        stranger = begin(town)
        town.run()
        for _ in range(MOST_TRIES):
            assert talking.enter(town.house, stranger, "00000000") is None
    assert talking.enter(town.house, talk, code) is not None


def test_guessing_in_one_conversation_ends_after_a_few_tries(town: Town) -> None:
    talk = begin(town)
    town.run()
    code = code_of(town, talk)
    for _ in range(MOST_TRIES):
        talking.enter(town.house, talk, "00000000")
    assert talking.enter(town.house, talk, code) is None


def test_guessing_in_many_conversations_ends_too_and_the_cases_page_still_takes_the_code(town: Town) -> None:
    talk = begin(town)
    town.run()
    code = code_of(town, talk)
    for _ in range(MOST_TRIES_OF_CASE // MOST_TRIES + 1):
        stranger = begin(town)
        town.run()
        for _ in range(MOST_TRIES):
            talking.enter(town.house, stranger, "00000000")
    fresh = begin(town)
    town.run()
    assert talking.enter(town.house, fresh, code) is None
    assert enter(town.house, town.case.id, code)


def test_a_conversation_of_yesterday_takes_no_code(town: Town) -> None:
    talk = begin(town)
    town.run()
    town.clock.turn(timedelta(days=1, minutes=1))
    assert talking.enter(town.house, talk, code_of(town, talk)) is None


def test_a_flood_of_requests_at_the_door_leaves_codes_for_the_owner(town: Town) -> None:
    begin(town)
    town.run()
    for _ in range(12):
        stranger = begin(town)
        town.run()
        talking.ask_code(town.house, stranger)
        town.run()
        town.clock.turn(timedelta(seconds=11))
    assert len(town.postbox.named("code")) == 2
    assert len(town.code(town.case, Purpose.PROOF)) == 9
    assert len(town.postbox.named("code")) == 3


def test_the_same_words_once_more_are_one_turn(town: Town) -> None:
    talk = begin(town)
    talking.go_on(town.house, talk, ALARM, read(ALARM, "ja"))
    assert lines(town, talk) == [Line.HEARD_TAKEOVER]


def test_a_very_long_conversation_ends_with_a_person_and_not_with_silence(town: Town) -> None:
    talk = begin(town)
    for number in range(MOST + 5):
        talking.go_on(town.house, talk, f"word {number}", read("word"))
    assert lines(town, talk)[-1] is Line.FULL
    talking.ask_person(town.house, talk, "now")
    assert lines(town, talk)[-1] is Line.PERSON_ASKED


def test_a_person_who_is_asked_for_is_a_task_for_staff(town: Town) -> None:
    talk = begin(town)
    talking.ask_person(town.house, talk, "evening")
    town.run()
    calls = [task for task in town.house.cases.tasks(town.case.id) if task.what == "call.customer"]
    assert [task.evidence["when"] for task in calls] == ["evening"]


@pytest.mark.parametrize("typed", ["4242 4242 4242 4242", "４２４２４２４２４２４２４２４２", "4242-4242-4242-4242"])
def test_a_card_number_is_not_kept(town: Town, typed: str) -> None:
    talk = begin(town, text=f"カードは {typed} です")
    assert town.house.talks.turns(talk.id)[0].text == "カードは …4242 です"


def test_a_conversation_is_kept_for_sixty_days(town: Town) -> None:
    old = begin(town)
    town.clock.turn(timedelta(days=59))
    assert list(forget(town.house, "system")) == []
    town.clock.turn(timedelta(days=2))
    new = begin(town)
    assert [batch.part for batch in forget(town.house, "system")] == [Part.TALK]
    assert town.house.talks.talk(old.id) is None
    assert town.house.talks.talk(new.id) is not None


def test_a_secret_of_an_address_is_not_stored(town: Town) -> None:
    token = talking.begin(town.house, MINE, Choice.ORDERS, "", read(""), Language.JA)
    found = talking.by_token(town.house, token)
    assert found is not None
    assert token not in repr(found)
    assert len(token) >= 43  # 256 bits in base64


def test_an_address_that_was_replaced_opens_nothing_and_mails_bring_the_new_one(town: Town) -> None:
    case = town.report()
    before = token_now(town.house, case)
    fresh = replace_address(town.house, case.id)
    assert fresh != before
    assert address_of(town.house, town.case).endswith(fresh)
    assert town.house.old_links.known(case.token_hash)
    assert [entry.what for entry in town.house.cases.log(case.id)][-1] == "link.replaced"
    again = replace_address(town.house, case.id)
    assert again not in (before, fresh)
