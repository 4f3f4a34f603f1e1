"""How do two people at the desk carry a case to its end? Sato, an agent, with the keyboard alone; Mori, a lead."""

import re
import time
from dataclasses import dataclass
from typing import Any

import httpx
from playwright.sync_api import Browser, Locator, Page, expect

from takeback.demo.customer import CODE, Customer
from takeback.demo.mailbox import text_of
from takeback.words import say
from tests.browser.keyboard import Stop, tab_to
from tests.browser.people import Person
from tests.browser.pictures import SHARPNESS, Camera
from tests.browser.seen import Seen
from tests.browser.story import MOST, WORDS
from tests.browser.town import Night
from tests.web.desk.doors import code_for

SCREEN: dict[str, Any] = {
    "viewport": {"width": 1280, "height": 900},
    "device_scale_factor": SHARPNESS,
    "reduced_motion": "reduce",
}
PERIOD = 30  # seconds that a code of an app is good for


class Member:
    """One member of staff at her own browser. `keyboard`: her hands never leave it."""

    def __init__(self, night: Night, browser: Browser, name: str, role: str, language: str, *, keyboard: bool) -> None:
        self.night, self.name, self.role, self.language, self.keyboard = night, name, role, language, keyboard
        self.context = browser.new_context(**SCREEN, locale=language)
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(MOST)
        self.page.set_default_navigation_timeout(MOST)
        self.seen, self.camera = Seen(), Camera(language, "desk")
        self.seen.listen(self.context)
        self.stops: list[Stop] = []
        self.password = f"{name} counts four slow rivers"
        self.secret = ""
        self.recovery: list[str] = []

    def words(self, key: str) -> str:
        """The words of a key, in her language."""
        return say(self.language, key)

    def press(self, wanted: Locator) -> None:
        """Press a button or follow a link, and wait for where it leads."""
        if self.keyboard:
            self.stops += tab_to(self.page, wanted, most=400)
        with self.page.expect_navigation():
            if self.keyboard:
                self.page.keyboard.press("Enter")
            else:
                wanted.click()

    def choose(self, wanted: Locator) -> None:
        """Choose one of several."""
        if self.keyboard:
            self.stops += tab_to(self.page, wanted, most=400)
            self.page.keyboard.press("Space")
        else:
            wanted.check()

    def write(self, wanted: Locator, text: str) -> None:
        """Write into a field."""
        if not self.keyboard:
            wanted.fill(text)
            return
        if not wanted.evaluate("one => one === document.activeElement"):
            self.stops += tab_to(self.page, wanted, most=400)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(text)

    def button(self, key: str) -> Locator:
        """The first button or link whose words begin so."""
        name = re.compile("^" + re.escape(self.words(key)))
        return self.page.get_by_role("button", name=name).or_(self.page.get_by_role("link", name=name)).first

    def go(self, path: str) -> None:
        """Type an address."""
        self.page.goto(f"{self.night.town.takeback_url}{path}")

    def look(self, name: str, at: str = "body") -> None:
        """Look closely at the page as it is now."""
        self.camera.take(self.page, name, at)
        self.seen.look(self.page, name)

    def begin(self) -> None:
        """The link of an admin's: a password, and an app for codes. These, and those of the book and of the rules, are
        looked at closely in tests of their own (tests/web/desk).
        """
        page = self.page
        page.goto(self.night.hire(self.name, self.role))
        self.write(page.locator("#password"), self.password)
        self.write(page.locator("#again"), self.password)
        self.press(self.button("desk_door.password_set"))
        self.press(self.button("desk_door.app_add"))
        self.secret = page.locator("#secret").inner_text()
        self.write(page.locator("#code"), code_for(self.secret))
        self.press(self.button("desk_door.app_on"))
        page.wait_for_url("**/desk/me/factors**")

    def sign_in(self) -> None:
        """Out, and in again by the door itself."""
        page = self.page
        self.press(self.button("desk_door.sign_out"))
        self.go("/desk/")
        self.camera.take(page, "sign-in")
        self.write(page.locator("#login"), self.name)
        self.write(page.locator("#password"), self.password)
        self.press(self.button("desk_door.go_on"))
        time.sleep(PERIOD - time.time() % PERIOD)  # a code is good once, and one was used a moment ago
        self.write(page.locator("#code"), code_for(self.secret))
        self.press(self.button("desk_door.sign_in"))
        expect(page.locator("h1")).to_have_text(self.words("desk_work.queue_title"))


@dataclass
class Told:
    """What the tests hold the desk to."""

    queue: str = ""
    before: str = ""  # the plan's hash as the question was open
    after: str = ""
    moved: str = ""
    stale: str = ""
    waits: str = ""
    held: str = ""
    number: str = ""
    called: str = ""
    audit: str = ""
    verified: str = ""


class Desk:
    """The whole of one case at the desk."""

    def __init__(self, night: Night, browser: Browser, person: Person) -> None:
        self.night, self.person, self.told = night, person, Told()
        self.sato = Member(night, browser, "sato", "agent", "en", keyboard=True)
        self.mori = Member(night, browser, "mori", "lead", "ja", keyboard=False)
        self.audit = Member(night, browser, "endo", "auditor", "ja", keyboard=False)
        self.customer = Customer(night.town.takeback_url, night.mailbox)
        self.case = ""

    def close(self) -> None:
        """Close the browsers."""
        self.customer.close()
        for member in (self.sato, self.mori, self.audit):
            member.context.close()

    def tell(self) -> None:
        """The whole of it."""
        for member in (self.sato, self.mori, self.audit):
            member.begin()
        self.report()
        self.sato.sign_in()
        self.queue()
        self.question()
        self.approve()
        self.call()
        self.book()

    def report(self) -> None:
        """She reports, reads the mail, and asks to be called."""
        mails = self.customer.mails()
        self.customer.report(WORDS["en"])
        self.customer.read_frozen_mail(mails)
        httpx.post(f"{self.customer.page}/person", data={"when": "now", "because": "asked"}, trust_env=False)

    def queue(self) -> None:
        """The case comes up in the queue by itself; Sato takes it."""
        sato = self.sato
        link = sato.page.locator(".work-queue tbody th a").first
        expect(link).to_be_visible(timeout=MOST)
        self.case = link.inner_text()
        why = sato.page.locator(".work-queue tbody tr").first
        expect(why).to_contain_text(sato.words("stage.undo"), timeout=MOST)
        self.told.queue = why.inner_text()
        sato.look("queue")
        sato.press(sato.page.locator(f"#claim-{self.case}"))
        expect(sato.page.locator("h1")).to_contain_text(self.case[:8])
        sato.look("case")

    def question(self) -> None:
        """A visit that may be hers or his: Sato looks at what an answer would move, then gives it."""
        sato, page = self.sato, self.sato.page
        self.mori.go(f"/desk/case/{self.case}")  # a lead who has the page open from before
        self.told.before = page.locator("input[name=plan]").first.get_attribute("value") or ""
        sato.press(page.locator("nav a[href='#work']").first)
        sato.press(page.locator("#work-questions button").nth(1))
        page.wait_for_url("**/try?**")
        self.told.moved = page.locator("main").inner_text()
        sato.look("try")
        sato.press(page.locator("#answer"))
        page.wait_for_url(f"**/desk/case/{self.case}**")
        self.told.after = page.locator("input[name=plan]").first.get_attribute("value") or ""

    def approve(self) -> None:
        """Mori, with the page of before, is refused; then both approve, and it is carried out."""
        sato, mori, page = self.sato, self.mori, self.sato.page
        mori.press(mori.page.locator("#approve"))
        self.told.stale = mori.page.locator("main").inner_text()
        mori.look("stale")
        sato.press(page.locator("nav a[href='#work']").first)
        sato.press(page.locator("#approve"))
        page.wait_for_url(f"**/desk/case/{self.case}**")
        self.told.waits = page.locator("#work-approval").inner_text()
        mori.press(mori.button("desk_work.stale_again"))
        mori.look("case", "#work")
        mori.press(mori.page.locator("#approve"))
        mori.page.wait_for_url(f"**/desk/case/{self.case}**")
        for _ in range(100):
            if mori.page.locator("#work-hold").count():
                break
            mori.page.wait_for_timeout(200)
            mori.page.reload()
        self.told.held = mori.page.locator("#work-hold").inner_text()
        mori.camera.take(mori.page, "done", "#plan")

    def call(self) -> None:
        """Sato calls the number of before the takeover; a code that was mailed is read back to him."""
        sato, page = self.sato, self.sato.page
        sato.press(page.locator("nav a[href='/desk/calls']").first)
        sato.press(sato.button("desk_work.to_call"))
        sato.press(page.locator("#numbers form button").first)
        self.told.number = page.locator(".work-number").inner_text()
        sato.look("call")
        mails = self.customer.mails()
        sato.press(page.locator("#proof form button").first)
        _, mail = self.night.mailbox.wait_for(self.person.email, CODE.pattern, after=mails)
        found = CODE.search(text_of(mail))
        assert found is not None
        sato.write(page.locator("#code"), " ".join(found.groups()))
        sato.press(sato.button("desk_work.code_do"))
        basis = page.locator("input[name=basis][value=code]")
        if not basis.is_checked():
            sato.choose(basis)
        sato.press(sato.button("desk_work.outcome_proven_do"))
        page.wait_for_load_state()
        sato.go("/desk/calls")
        self.told.called = page.locator("main").inner_text()

    def book(self) -> None:
        """The auditor reads what was done, and has it verified; rules are looked at."""
        endo = self.audit
        endo.go("/desk/audit")
        endo.camera.take(endo.page, "audit")
        self.told.audit = endo.page.locator("main").inner_text()
        endo.press(endo.button("desk_book.check_now"))
        self.told.verified = endo.page.locator(".note.good").inner_text()
        endo.go("/desk/rules")
        endo.camera.take(endo.page, "rules")
        endo.go(f"/desk/case/{self.case}/print?lang=ja")
        endo.look("print")
