"""For what does the text press, and which orders does it name?

A weak sign only: shops press too. Tables of phrases, compared with the text in one spelling (NFKC, lower case, without
the characters nobody sees and, for Japanese, without spaces between).
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Set

from takeback.core.authenticity.facts import Wording
from takeback.mail.authenticity import hosts

TEXT_CHARS = 30_000  # people do not read further either
FEW = 50
SHORT = 4  # a number of fewer signs stands in every text

_PHRASES = {
    Wording.URGENCY: (
        *(
            "至急",
            "緊急",
            "24時間以内",
            "48時間以内",
            "72時間以内",
            "アカウントを停止",
            "アカウントが停止",
            "利用を停止",
            "利用停止",
        ),
        *(
            "利用を制限",
            "利用制限",
            "アカウントを制限",
            "アカウントが制限",
            "ロックされ",
            "凍結",
            "直ちに",
            "ただちに",
            "今すぐ",
            "速やかに",
        ),
        *(
            "本日中",
            "期限が切れ",
            "期限切れ",
            "失効",
            "強制解約",
            "法的措置",
            "不正利用を検知",
            "異常なログイン",
            "不審なログイン",
        ),
        *("urgent", "immediately", "within 24 hours", "within 48 hours", "within 72 hours", "act now", "right away"),
        *(
            "account suspended",
            "account has been suspended",
            "will be suspended",
            "account is locked",
            "has been locked",
        ),
        *(
            "has been limited",
            "account will be closed",
            "will be terminated",
            "final notice",
            "last warning",
            "final warning",
        ),
        *(
            "expires today",
            "will expire",
            "unusual activity",
            "suspicious activity",
            "unauthorized access",
            "legal action",
        ),
    ),
    Wording.SECRET: (
        *(
            "パスワードを入力",
            "パスワードを確認",
            "パスワードの入力",
            "パスワードの確認",
            "暗証番号",
            "カード情報を更新",
            "カード情報の更新",
        ),
        *(
            "カード番号を入力",
            "カード情報を入力",
            "カード情報の確認",
            "お支払い方法を更新",
            "お支払い方法の更新",
            "支払い情報を更新",
        ),
        *(
            "支払い方法の更新",
            "セキュリティコード",
            "認証コードを返信",
            "認証コードを教え",
            "確認コードを教え",
            "ワンタイムパスワードを入力",
        ),
        *(
            "口座情報を入力",
            "口座情報の確認",
            "個人情報を確認",
            "個人情報を更新",
            "本人確認を行",
            "ご本人確認",
            "会員情報の確認",
            "会員情報を更新",
        ),
        *(
            "enter your password",
            "confirm your password",
            "verify your password",
            "verify your account",
            "verify your identity",
        ),
        *(
            "confirm your account",
            "confirm your identity",
            "update your payment",
            "update your billing",
            "payment information",
        ),
        *(
            "card number",
            "credit card details",
            "card details",
            "security code",
            "cvv",
            "social security",
            "pin code",
            "your pin",
        ),
        *("reply with the code", "send us the code", "share the code", "one-time password", "bank account details"),
    ),
    Wording.TRANSFER: (
        *(
            "お振込",
            "振り込み",
            "振込先",
            "銀行振込",
            "送金",
            "ギフトカード",
            "電子マネー",
            "プリペイドカード",
            "ビットコイン",
            "暗号資産",
            "仮想通貨",
        ),
        *("コンビニで購入", "未払い", "未納料金", "口座へ入金", "還付金", "paypayで送", "itunesカード"),
        *(
            "bank transfer",
            "wire transfer",
            "gift card",
            "bitcoin",
            "cryptocurrency",
            "western union",
            "moneygram",
            "prepaid card",
        ),
        *(
            "transfer the",
            "send the money",
            "outstanding balance",
            "overdue payment",
            "google play card",
            "itunes card",
        ),
    ),
    Wording.CALL: (
        *(
            "お電話ください",
            "お電話下さい",
            "電話をかけ",
            "までお電話",
            "電話番号までご連絡",
            "至急ご連絡",
            "折り返しお電話",
            "サポートに電話",
        ),
        *(
            "call us",
            "call now",
            "please call",
            "call this number",
            "call the number",
            "call immediately",
            "toll-free",
            "toll free",
        ),
        *("phone us", "contact us by phone", "call our", "dial "),
    ),
}
_WORD = re.compile(rb"[a-z0-9]+")
_NO_WORD = bytes(sign if chr(sign).isalnum() or sign > 127 else 32 for sign in range(256))
_ENGLISH = {  # each phrase with its longest word: to look that up among the words is quicker than to search the text
    kind: tuple((max(_WORD.findall(phrase.encode()), key=len), phrase) for phrase in phrases if phrase.isascii())
    for kind, phrases in _PHRASES.items()
}
_JAPANESE = {kind: tuple(phrase for phrase in phrases if not phrase.isascii()) for kind, phrases in _PHRASES.items()}
_BETWEEN = re.compile(r"(?<=[\u3040-\u30ff\u3400-\u9fff])\s+(?=[\u3040-\u30ff\u3400-\u9fff])")
_KANA = "のをにはがでしまおくだいてたすへと"  # no Japanese sentence does without one of these; headlines do
_HEADLINE = re.compile("[\u3040-\u30ff\u3400-\u9fff]")
HEADLINE_CHARS = 500
_TOKEN = re.compile(r"[A-Za-z0-9]++(?:[-_][A-Za-z0-9]++){0,8}")
_CALLED = r"(?:[#№]|(?:注文|受注|オーダー|予約)(?:番号|no\.?|id)?[\s:は]{0,5}#?|order (?:number |no\.? ?|id )?[:#]?\s?)"


def normalised(text: str) -> str:
    """The text in one spelling, at most `TEXT_CHARS` long."""
    clear = " ".join(hosts.without_unseen(text[: TEXT_CHARS * 4]).split())[:TEXT_CHARS]
    if not clear.isascii():
        clear = unicodedata.normalize("NFKC", clear)
        if _is_japanese(clear):
            clear = _BETWEEN.sub("", clear)
    return clear.lower()


def wordings(normal: str) -> frozenset[Wording]:
    """For what a text presses. `normal` is `normalised` text."""
    words = frozenset(normal.encode("utf-8", "replace").translate(_NO_WORD).split())
    pressing = {
        kind for kind, phrases in _ENGLISH.items() if any(key in words and text in normal for key, text in phrases)
    }
    if _is_japanese(normal):
        pressing |= {kind for kind, phrases in _JAPANESE.items() if any(phrase in normal for phrase in phrases)}
    return frozenset(pressing)


def _is_japanese(text: str) -> bool:
    return any(sign in text for sign in _KANA) or bool(len(text) < HEADLINE_CHARS and _HEADLINE.search(text))


def orders_named(text: str, known: Collection[str]) -> tuple[str, ...]:
    """Which of these order numbers the text names, each once, in the order of the text.

    A number of fewer than `SHORT` signs counts only behind a word for order or a #.
    """
    if not known:
        return ()
    numbers = known if isinstance(known, Set) else frozenset(known)
    clear = unicodedata.normalize("NFKC", hosts.without_unseen(text[: TEXT_CHARS * 4]))
    tokens = _few(clear, numbers) if len(numbers) <= FEW else dict.fromkeys(_TOKEN.findall(clear))
    found: dict[str, None] = {}
    for token in tokens:
        for spelled in (token, f"#{token}", token.upper()):
            if spelled in numbers and (len(token) >= SHORT or _is_called(token, clear)):
                found.setdefault(spelled)
                break
    return tuple(found)


def _few(text: str, numbers: Set[str]) -> Iterable[str]:
    """The tokens worth a look where few numbers are known: to look for each is quicker than to cut the text up."""
    lower = text.lower()
    there = [number.lstrip("#") for number in numbers if number.lstrip("#").lower() in lower]
    return dict.fromkeys(_TOKEN.findall(text)) if there else ()


def _is_called(token: str, text: str) -> bool:
    """Does a word for order stand before this short number?"""
    return bool(re.search(f"{_CALLED}{re.escape(token)}(?![A-Za-z0-9])", text, re.IGNORECASE))
