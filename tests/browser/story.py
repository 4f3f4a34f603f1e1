"""How does she get her account back? Every turn of her night, on the pages' own buttons: at the door and at the cards
with the keyboard alone, elsewhere with a finger. The tests hold the pages to what was found on the way.
"""

import re
from dataclasses import dataclass, field

from playwright.sync_api import Locator, Page, expect

from takeback.demo.customer import CODE, PAGE
from takeback.demo.mailbox import text_of
from takeback.words import say
from tests.browser.keyboard import Stop, tab_to
from tests.browser.people import Person
from tests.browser.pictures import SHARPNESS, Camera
from tests.browser.seen import Seen
from tests.browser.town import Night

WORDS = {
    "ja": "買っていない商品が勝手に購入されている。ログインもできません。",
    "en": "Somebody bought things that I did not order, and I cannot sign in.",
}
MOST = 30_000  # milliseconds that anything may take to show; nothing waits for what shows at once


@dataclass
class Told:
    """How it went. `stops` are those of the Tab key, `alive` says which news came to an open page by itself."""

    seen: Seen = field(default_factory=Seen)
    address: str = ""
    stops: list[Stop] = field(default_factory=list)
    alive: dict[str, bool] = field(default_factory=dict)
    answers: list[str] = field(default_factory=list)
    taken_back: list[str] = field(default_factory=list)
    not_held: list[str] = field(default_factory=list)
    zone: str = ""
    profile: str = ""


class Story:
    """One customer with a page of her browser. `closely`: every page on the way is looked at closely."""

    def __init__(self, night: Night, person: Person, page: Page, *, closely: bool = True) -> None:
        self.night, self.person, self.page, self.closely = night, person, page, closely
        self.told, self.camera = Told(), Camera(person.language)
        self.mails = len(night.mailbox.to(person.email))
        page.set_default_timeout(MOST)
        page.set_default_navigation_timeout(MOST)
        if closely:
            self.told.seen.listen(page.context)

    def words(self, key: str) -> str:
        """The words of a key, in her language."""
        return say(self.person.language, key)

    def button(self, key: str) -> Locator:
        """The first button or link with these words."""
        name = self.words(key)
        return self.page.get_by_role("button", name=name).or_(self.page.get_by_role("link", name=name)).first

    def tab(self, key: str) -> None:
        """Go to another page of the case."""
        self.page.locator(".tabs").get_by_role("link", name=self.words(key)).click()
        expect(self.page.locator(".tabs [aria-current]")).to_have_text(self.words(key))

    def look(self, name: str, at: str = "body") -> None:
        """Look closely at the page as it is now."""
        if self.closely:
            self.camera.take(self.page, name, at)
            self.told.seen.look(self.page, name)

    def report(self) -> None:
        """The door, by keyboard, and what it answers."""
        page, told = self.page, self.told
        page.goto(f"{self.night.town.takeback_url}/report")
        told.stops += tab_to(page, page.get_by_role("radio").first)
        page.keyboard.press("Space")
        told.stops += tab_to(page, page.get_by_label(self.words("door.account")))
        page.keyboard.type(self.person.email)
        told.stops += tab_to(page, page.get_by_label(self.words("door.text")))
        page.keyboard.insert_text(WORDS[self.person.language])
        told.stops += tab_to(page, self.button("door.send"))
        self.look("door")
        page.keyboard.press("Enter")
        page.wait_for_url("**/talk/*")
        self.look("talk", ".turns")

    def open_case(self) -> None:
        """The mail that says that all is stopped brings the address of her page."""
        _, mail = self.night.mailbox.wait_for(self.person.email, PAGE.pattern, after=self.mails)
        found = PAGE.search(text_of(mail))
        assert found is not None
        self.told.address = found[0]
        self.page.goto(found[0])
        expect(self.page.locator("#services ~ ul .held")).to_have_count(2, timeout=MOST)
        self.told.zone = self.page.locator("footer").inner_text()
        self.look("frozen", "section:has(> #progress)")

    def mistype_a_code(self) -> None:
        """A code that was never sent."""
        self.page.locator("#code").fill("0000 0000")
        self.button("page.confirm").click()
        expect(self.page.locator("#errors")).to_be_focused()
        self.look("code-wrong")

    def enter_code(self, purpose: str = "proof") -> None:
        """Ask for a code, read it in the mailbox of before the takeover, type it in."""
        before = len(self.night.mailbox.to(self.person.email))
        self.page.locator("#turn form button").first.click()
        self.page.wait_for_url("**note=code_sent")
        _, mail = self.night.mailbox.wait_for(self.person.email, CODE.pattern, after=before)
        found = CODE.search(text_of(mail))
        assert found is not None
        self.page.locator("#code").fill(" ".join(found.groups()))
        if self.closely:
            self.camera.take(self.page, "code" if purpose == "proof" else "code-again")
        self.button("page.confirm").click()
        self.page.wait_for_url("**note=code_right")

    def was_this_you(self) -> None:
        """The cards, by keyboard; she says of the first that it was not she."""
        page, told = self.page, self.told
        self.tab("case.tab_cards")
        self.look("cards")
        page.evaluate("window.stillTheSamePage = true")
        first = page.locator("#cards .card form").first
        told.stops += tab_to(page, first.get_by_role("button", name=self.words("page.not_mine")))
        page.keyboard.press("Space")
        expect(page.locator("#said-now")).to_be_focused()
        told.alive["her answer"] = page.evaluate("window.stillTheSamePage === true")
        told.answers = page.locator("#cards button[aria-pressed=true]").all_inner_texts()
        self.look("answered", "#said-now")

    def result(self) -> None:
        """What was taken back, and that the account is held for a while."""
        self.tab("case.tab_status")
        hold = self.page.locator(".stages .current", has_text=self.words("stage.hold"))
        expect(hold).to_be_visible(timeout=MOST)
        done = self.page.locator("#done ~ ul li")
        self.told.taken_back = done.all_inner_texts()
        self.told.not_held = self.page.locator("#done ~ ul li.not_held").all_inner_texts()
        self.look("hold")
        self.camera.take(self.page, "result", "section:has(> #done)")
        self.tab("case.tab_messages")
        self.look("messages")

    def hand_back(self) -> None:
        """When the hold is over (staff end it) the page asks for a second code; then she chooses a password."""
        page = self.page
        self.tab("case.tab_status")
        page.evaluate("window.stillTheSamePage = true")
        case = re.search("[0-9a-f]{16}", page.locator("#head").inner_text())
        assert case is not None
        self.night.end_hold(case[0])
        expect(page.locator("#code")).to_be_visible(timeout=MOST)
        self.told.alive["the end of the hold"] = page.evaluate("window.stillTheSamePage === true")
        self.enter_code("hand-back")
        self.button("back.go").click()
        self.look("hand-back")
        self._choose("password")
        expect(page.locator("#errors")).to_be_focused()
        self.look("hand-back-wrong")
        self._choose(self.person.new_password)
        page.wait_for_url("**note=password_taken")
        self.tab("case.tab_status")
        expect(page.locator("h1")).to_have_text(self.words("headline.closed"), timeout=MOST)
        self.look("back")
        self.button("back.checklist").click()
        self.button("back.ticked").click()
        page.wait_for_url("**note=ticked")
        self.look("checklist")

    def _choose(self, password: str) -> None:
        self.page.locator("#password").fill(password)
        self.page.locator("#again").fill(password)
        self.button("page.set_password").click()

    def other_pages(self) -> None:
        """What else there is: a form sent off empty, the question about a mail, an address that opens nothing."""
        page, takeback = self.page, self.night.town.takeback_url
        for path, send, name in (("report", "door.send", "door-wrong"), ("mail", "mailcheck.check", "mail-wrong")):
            page.goto(f"{takeback}/{path}")
            self.button(send).click()
            expect(page.locator("#errors")).to_be_focused()
            self.look(name)
        page.goto(f"{takeback}/case/no-such-case")
        self.look("not-found")

    def sign_in_at_the_shop(self) -> None:
        """The shop's own page takes the new password."""
        browser = self.page.context.browser
        assert browser is not None
        page = browser.new_page(viewport=self.page.viewport_size, device_scale_factor=SHARPNESS)
        page.goto(f"{self.night.town.shop_url}/accounts/login/")
        page.locator("#id_login-username").fill(self.person.email)
        page.locator("#id_login-password").fill(self.person.new_password)
        page.locator("button[name=login_submit]").click()
        page.goto(f"{self.night.town.shop_url}/accounts/profile/")
        self.told.profile = page.locator("body").inner_text()
        self.camera.take(page, "shop")
        page.close()
