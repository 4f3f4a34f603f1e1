"""In which language and which form does a client read? What she chose last, else the case's own, else her browser's."""

from django.http import HttpRequest, HttpResponse

from takeback.core.case import Language
from takeback.words import say

COOKIE = "takeback_language"
REMEMBERED = 365 * 24 * 60 * 60  # seconds


class Words:
    """Words of one language for templates: `words.page.title` in a template is `say(language, "page.title")`."""

    def __init__(self, language: Language, table: str = "") -> None:
        self.language, self._table = language, table

    def __getitem__(self, key: str) -> "Words | str":
        """The words of `table.key`, or the table `key`."""
        if not self._table:
            if key in ("language", "other"):  # a template asks here first, then for the attribute
                raise KeyError(key)
            return Words(self.language, key)
        return say(self.language, f"{self._table}.{key}")

    @property
    def other(self) -> str:
        """The other language's tag, for the link to it."""
        return Language.EN.value if self.language is Language.JA else Language.JA.value


def language_of(request: HttpRequest, default: Language | None = None) -> Language:
    """`?lang=`, else what she chose before, else the default, else what the browser prefers, else Japanese."""
    for asked in (request.GET.get("lang", ""), request.COOKIES.get(COOKIE, "")):
        if asked in list(Language):
            return Language(asked)
    if default is not None:
        return default
    first = request.headers.get("Accept-Language", "").strip().lower()
    return Language.EN if first.startswith("en") else Language.JA


def remember_language(request: HttpRequest, response: HttpResponse) -> None:
    """Keep a choice that was made with `?lang=`, or by filling in a form in that language (`language`). The cookie
    holds two letters and identifies nobody.
    """
    asked = request.GET.get("lang", "") or request.POST.get("language", "")
    if asked in list(Language):
        response.set_cookie(
            COOKIE, asked, max_age=REMEMBERED, secure=request.is_secure(), httponly=True, samesite="Lax"
        )


def wants_json(request: HttpRequest) -> bool:
    """True when the client prefers JSON to a page."""
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"
