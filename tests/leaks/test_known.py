"""Does the built-in list refuse what everybody tries first, and nothing that somebody thought of?"""

import pytest

from takeback.leaks.known import KnownWorst

FIRST_TRIED = [
    *("password", "Password2024!", "passwordpassword", "p@ssw0rd p@ssw0rd", "letmeinletmein123", "hellohellohello!!"),
    *("123456789012345", "qwertyuiopasdfghjkl", "1qaz2wsx3edc4rfv", "zxcvbnmasdfghjkl", "poiuytrewqlkjhgf"),
    *("aaaaaaaaaaaaaaa", "abababababababab", "xyz9xyz9xyz9xyz9", "19850412", "iloveyou12345678", "drowssapdrowssap"),
    *("sakurasakurasakura", "tokyo19850412sakura", "arigatouarigatou", "ぱすわーどぱすわーど", "あいうえおかきくけこ"),
    *("パスワード２０２４", "ﾊﾟｽﾜｰﾄﾞ123456", "さくらさくらさくら", "doraemon-1990"),
]
THOUGHT_OF = [
    *(
        "a completely new sentence",
        "correct horse battery",
        "correct horse battery staple",
        "my dog eats oranges in july",
    ),
    *(
        "mikan no ki no shita de",
        "青い自転車と雨の朝の図書館",
        "xK9#mQ2$vL7pR4nT",
        "sunshine over the harbour",
        "雨の日は本を読んで眠る",
    ),
    *("the password of the old lighthouse", "password sandwich in the attic", "8f3e-c1a0-77b2-9d41"),
]


@pytest.mark.parametrize("password", FIRST_TRIED)
def test_what_everybody_tries_first_is_refused(password: str) -> None:
    assert KnownWorst().is_leaked(password)


@pytest.mark.parametrize("password", THOUGHT_OF)
def test_what_somebody_thought_of_is_taken(password: str) -> None:
    assert not KnownWorst().is_leaked(password)


def test_the_list_is_short() -> None:
    from takeback.leaks.known import _words

    assert len(_words()[0]) <= 400  # with the spellings that stand for the same word


@pytest.mark.parametrize("password", ["ab" * 5000, "1qaz" * 5000, "a" * 100_000, "９" * 9999])
def test_a_long_one_is_judged_at_once(password: str) -> None:
    assert KnownWorst().is_leaked(password)
