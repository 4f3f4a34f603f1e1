"""Who gets in, how, and how often does he come? The kinds of intruder, as processes beside the owner's life."""

from benchmarks.world import acts, noticing
from benchmarks.world.account import Session, Side
from benchmarks.world.acts import TEMPERS, Temper
from benchmarks.world.chance import Chance
from benchmarks.world.story import Story
from benchmarks.world.timeline import DAY, HOUR, MINUTE, Process, hour_of
from benchmarks.world.tools import Tools, passer_by, tools
from benchmarks.world.visits import Visit

KINDS = (
    "foreign_datacentre",
    "domestic_datacentre",
    "carrier_proxy",
    "copied_browser",
    "stolen_cookie",
    "stuffing",
    "sleeper",
    "look_only",
    "slow_buyer",
    "account_changer",
    "points_drainer",
)
_TEMPER_OF = {"look_only": "look", "slow_buyer": "slow", "account_changer": "change", "points_drainer": "drain"}
_ANY_TEMPER = {"look": 14.0, "buy": 26.0, "slow": 10.0, "change": 20.0, "drain": 14.0, "mixed": 16.0}


class Intruder:
    """Somebody who got the password, the mailbox or the cookie."""

    def __init__(self, story: Story, kind: str) -> None:
        self.story, self.kind = story, kind
        self.chance = story.chance.branch("intruder")
        self.tools: Tools = tools(self.chance, story, kind)
        wanted = _TEMPER_OF.get(kind) or self.chance.weighted(_ANY_TEMPER)
        self.patient = wanted == "slow"
        self.temper: Temper = acts.bent(self.chance, TEMPERS[wanted])
        self.mailbox = self.chance.odds(0.12)
        # the hours of his day, in Japanese time: a desk in some zone, the Japanese evening, or a machine at any hour
        self.hours = self.chance.weighted({(9, 19): 30, (11, 23): 25, (16, 28): 15, (0, 24): 30})
        self.stolen: Session | None = None
        self.been_in = False

    def awake(self) -> float:
        """Seconds until an hour at which he works."""
        first, last = self.hours
        hour = hour_of(self.story.now)
        if first <= hour < last or first <= hour + 24 < last:
            return self.chance.within(1, 90)
        return (first - hour) % 24 * HOUR + self.chance.within(0, 2 * HOUR)

    def visit(self, temper: Temper | None = None) -> Process:
        """One visit: in, to work, gone; and perhaps the owner sees what was done."""
        kit, story = self.tools, self.story
        yield self.awake()
        one = self.client(kit)
        yield from self._enter(one)
        if one.session is None:
            return
        self.been_in = True
        before = len(story.journal.entries)
        yield from acts.work(one, temper or self.temper, kit.pace)
        loud = self._loudness(before)
        if loud:
            story.timeline.begin(noticing.perhaps(story, loud))

    def _loudness(self, since: int) -> float:
        """The chance that the owner sees what was done in a visit: mails arrive, unless they were turned off."""
        shown = {"order.placed": 0.45, "balance.changed": 0.15, "account.field_changed": 0.3, "account.item_added": 0.1}
        ours = [entry for entry in self.story.journal.entries[since:] if entry.side is Side.INTRUDER]
        hidden = (
            Side.OWNER not in self.story.account.email_of or self.story.account.fields.get("notifications") == "off"
        )
        unseen = 1.0
        for entry in ours:
            unseen *= 1.0 - shown.get(entry.type, 0.0) * (0.35 if hidden else 1.0)
        return 1.0 - unseen

    def client(self, kit: Tools) -> Visit:
        """A visit with some tools."""
        chance = self.chance
        if kit.fresh and self.stolen is None:
            kit.browser.cookie, kit.browser.session = f"d-{chance.letters(12)}", None
        agent = kit.agent(self.story.now) if kit.agent else None
        line = chance.pick(kit.lines)
        return Visit(self.story, Side.INTRUDER, kit.device, kit.browser, line, chance, agent=agent, marked=True)

    def _enter(self, one: Visit) -> Process:
        """By the stolen session, an open one of his own, the password, or a link from the owner's mailbox."""
        chance, account, story = self.chance, self.story.account, self.story
        if self.kind == "stolen_cookie":
            yield from self._by_cookie(one)
            if one.session or chance.odds(0.6):  # else the cookie is dead, and for most nothing else was stolen
                return
        if isinstance(one.browser.session, Session) and one.resume(one.browser.session):
            return
        if not self.been_in:  # what he came with is what works on that day
            account.password_of.add(Side.INTRUDER)
        knows = Side.INTRUDER in account.password_of
        key = account.keys.get(Side.INTRUDER)
        if key in account.of("passkeys") and chance.odds(0.7):
            one.sign_in("passkey", credential=key)
            return
        for _ in range(chance.count(0.45 if knows else 2.2)):
            one.fail()
            yield chance.around(self.tools.pace * 0.6, 0.7)
        reads_mail = self.mailbox or Side.INTRUDER in account.email_of
        if knows and not (self.mailbox and chance.odds(0.4)):
            method = "sso" if story.owner.method == "sso" and chance.odds(0.6) else "password"
            second = account.two_step if chance.odds(0.6) else None  # phished along, or not asked at that door
            credential = story.owner.credential if method == "sso" else None
            one.sign_in(method, second=second, credential=credential)
        elif reads_mail:
            one.ask_reset()
            yield chance.log_within(15, 8 * MINUTE)
            one.sign_in("link", second=account.two_step if chance.odds(0.3) else None)
            if chance.odds(0.7) and self.temper.password > 0:
                yield chance.around(self.tools.pace, 0.7)
                one.set_field("password")

    def _by_cookie(self, one: Visit) -> Process:
        """A session of the owner's that was copied off the device, as a rule with the device's own cookie."""
        story, chance = self.story, self.chance
        if self.stolen is None:
            while not (live := story.live_sessions()):  # stealers send what they find; it is used while it lives
                yield min(story.shop.idle / 2, 6 * HOUR) * chance.within(0.3, 1)
            self.stolen = live[-1]
            if chance.odds(0.75):
                self.tools.browser.cookie = self.stolen.cookie
        one.resume(self.stolen)


def intrusion(story: Story, kind: str, days: float) -> Process:
    """The whole intrusion; `days` is how long the slow kinds take."""
    who = Intruder(story, kind)
    chance = who.chance
    if kind == "stuffing":
        yield from _stuffing(story, chance, who)
    if kind == "sleeper":
        until = story.now + days * DAY * 0.9
        while story.now < until:
            yield from who.visit(acts.bent(chance, TEMPERS["quiet"]))
            gap = chance.log_within(0.15, 0.9) * days * DAY
            yield max(HOUR, min(gap, until - story.now + chance.within(0, 0.1) * days * DAY))
    if kind == "slow_buyer" or who.patient:
        until = story.now + days * DAY
        while story.now < until:
            yield from who.visit()
            yield chance.log_within(0.05, 0.5) * days * DAY
    else:
        for _ in range(chance.pick((1, 1, 1, 2, 2, 3, 5))):
            yield from who.visit()
            yield chance.log_within(0.1, 60) * HOUR
    while not story.marked(Side.INTRUDER, 0):  # what left no trace at all cannot be asked for: he comes again
        yield from who.visit()
        yield chance.log_within(0.2, 3) * DAY


def _stuffing(story: Story, chance: Chance, who: Intruder) -> Process:
    """Tries from many addresses until one fits; the tester or who bought the find comes in later."""
    for _ in range(chance.between(3, 25)):
        one = who.client(passer_by(chance, story))
        one.fail()
        yield chance.log_within(2, 40 * MINUTE)
    one = who.client(passer_by(chance, story))
    story.account.password_of.add(Side.INTRUDER)
    one.sign_in("password", second=story.account.two_step)
    who.been_in = True
    yield chance.log_within(2, 60)
    if chance.odds(0.4):
        one.view(chance.pick(("cards", "orders", "addresses")))
        yield chance.log_within(2, 60)
    yield chance.log_within(0.02, 240) * HOUR
