"""How is an account's life put together? A person, a shop, years of visits, and one episode somewhere in them."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from benchmarks.world import errands, honest, intruders, routine, things, turns
from benchmarks.world.account import Account, Side
from benchmarks.world.chance import Chance
from benchmarks.world.journal import Entry, Journal, Life, moment
from benchmarks.world.owner import Owner, owner
from benchmarks.world.shops import shop
from benchmarks.world.story import Story
from benchmarks.world.timeline import DAY, HOUR, Process, Timeline
from benchmarks.world.visits import Visit

ORDINARY = "ordinary"
# an honest episode and how many days it takes
HONEST: dict[str, tuple[Callable[[Story], Process], float]] = {
    "browser_update": (honest.browser_update, 2),
    "carrier_pool": (honest.carrier_pool, 4),
    "holiday": (honest.holiday, 7),
    "forgotten_password": (turns.forgotten_password, 1),
    "new_phone": (honest.new_phone, 3),
    "household_member": (honest.household_member, 8),
    "house_move": (turns.house_move, 4),
    "vpn_habit": (honest.vpn_habit, 4),
    "new_job": (honest.new_job, 3),
    "gift_season": (turns.gift_season, 2),
    "phone_number_change": (turns.phone_number_change, 1),
    "email_change": (turns.email_change, 1),
    "long_absence": (turns.long_absence, 3),
    "cookies_cleared": (honest.cookies_cleared, 1),
    "night_owl_order": (turns.night_owl_order, 1),
}
INTRUDERS = intruders.KINDS
TRAIN_START = datetime(2023, 1, 1, tzinfo=UTC)
TEST_START = datetime(2025, 1, 1, tzinfo=UTC)


def lives(accounts: int, *, seed: int, start: datetime = TRAIN_START) -> Iterator[Life]:
    """`accounts` lives, one after the other; the n-th is the same whatever their number. `start` is when the earliest
    histories begin; the others begin within a year of it.
    """
    for number in range(accounts):
        yield life(number, seed=seed, start=start)


def training(accounts: int) -> Iterator[Life]:
    """The accounts to learn from: they begin in 2023."""
    return lives(accounts, seed=1, start=TRAIN_START)


def test(accounts: int) -> Iterator[Life]:
    """The accounts to measure on: other people, two years and two dozen browser versions later."""
    return lives(accounts, seed=2, start=TEST_START)


def life(number: int, *, seed: int, start: datetime = TRAIN_START) -> Life:
    """The life of account `number` of a seed."""
    chance = Chance(f"{seed}/{number}")
    part = chance.weighted({ORDINARY: 35, "honest": 35, "attacked": 30})
    kind = {"honest": chance.pick(list(HONEST)), "attacked": chance.pick(INTRUDERS)}.get(part, ORDINARY)
    begin = int(start.timestamp()) + chance.below(365 * DAY)
    days = chance.log_within(14, 1095)
    absence = chance.within(280, 560) if kind == "long_absence" else 0.0
    days = min(1095.0, max(days, 45 + absence)) if absence else days
    story = _story(chance, number, seed, begin, begin + int(days * DAY), absence)
    lasting = _lasting(chance, kind, days)
    tail = _tail(chance, days - absence)
    at = begin + max(0.3 * days, days - lasting - tail) * DAY
    if kind == "stolen_cookie":  # it happens to those who stay signed in
        story.owner.signs_out = min(story.owner.signs_out, 0.02)
    if absence:
        story.timeline.begin(_away(story, at), at=at - absence * DAY)
    _begin_episodes(story, kind, chance, begin, at, lasting)
    story.timeline.run()
    wanted = Side.INTRUDER if part == "attacked" else Side.OWNER
    for _ in range(1000):  # an episode that waits for the owner's or intruder's hour is waited for
        if kind == ORDINARY or story.marked(wanted, at):
            break
        story.timeline.end += 12 * HOUR
        story.timeline.run()
    return _told(story, kind, wanted, at)


def _lasting(chance: Chance, kind: str, days: float) -> float:
    """How many days the episode takes, at most a good part of the history."""
    wanted = HONEST[kind][1] if kind in HONEST else 0.2
    if kind == "sleeper":
        wanted = chance.log_within(10, 90)
    elif kind == "slow_buyer" or (kind in INTRUDERS and chance.odds(0.08)):
        wanted = chance.log_within(8, 60)
    return min(wanted, 0.4 * days)


def _tail(chance: Chance, days: float) -> float:
    """How many days the story goes on after the episode: looked at while it is fresh, or found in passing later."""
    if chance.odds(0.55):
        return chance.log_within(1 / 24, 4)
    return chance.log_within(4, max(5.0, min(150.0, days * 0.35)))


def _away(story: Story, until: float) -> Process:
    story.owner.silent_until = until
    yield from ()


def _begin_episodes(story: Story, kind: str, chance: Chance, begin: int, at: float, lasting: float) -> None:
    timeline = story.timeline
    if kind in HONEST:
        timeline.begin(_honest(story, kind, chance.odds(0.12)), at=at)
    elif kind in INTRUDERS:
        timeline.begin(intruders.intrusion(story, kind, max(lasting, 4.0)), at=at)
    if kind not in {ORDINARY, "long_absence"} and chance.odds(0.35):
        before = chance.pick([name for name in HONEST if name != "long_absence"])
        timeline.begin(_earlier(story, before), at=begin + chance.within(0.15, 0.9) * (at - begin))


def _honest(story: Story, kind: str, worries: bool) -> Process:
    story.owner.marks = None  # what an earlier turn left behind
    begun = story.now
    while not story.marked(Side.OWNER, begun):  # a shop that notes few looks may have noted none of it
        yield from HONEST[kind][0](story)
    if worries:
        yield from honest.worry(story)


def _earlier(story: Story, kind: str) -> Process:
    """Another turn in the same life, before the episode: it is not what the account is about."""
    yield from HONEST[kind][0](story)


def _story(chance: Chance, number: int, seed: int, begin: int, end: int, absence: float) -> Story:
    """The stage as it is before the first event."""
    place = shop(chance.branch("shop"))
    who = chance.branch("owner")
    name = things.name(who)
    active = end - begin - absence * DAY
    visits = who.around(30, 0.75)
    interval = min(max((end - begin) / visits, 0.5 * DAY), active / 7)
    person = owner(who, place, name, interval, begin)
    journal = Journal(f"c{seed}-{number + 1}", place, chance.branch("journal"))
    story = Story(number, chance, Timeline(begin, end), place, Account(), journal, person)
    story.timeline.begin(_open(story, who.odds(0.5)))
    story.timeline.begin(story.background())
    return story


def _open(story: Story, from_the_start: bool) -> Process:
    """The account is opened in the log, or was there long before it; then life goes on."""
    person: Owner = story.owner
    who, account = person.chance, story.account
    fields = {"email": things.email(who), "phone": things.phone(who), "name": person.name, "notifications": "on"}
    address, card = things.address(who, person.name), things.card(who)
    two_step = who.weighted({"": 76, "sms": 17, "totp": 7})
    if two_step:
        account.two_step = fields["two_step"] = two_step
    if from_the_start:
        device, browser, line = person.choose(story.now)
        one = Visit(story, Side.OWNER, device, browser, line, who)
        one.sign_in("password")
        for name, value in fields.items():
            yield who.within(2, 40)
            one.set_field(name, value)
        one.add_item("addresses", address)
        yield who.within(20, 90)
        one.add_item("cards", card)
        yield from errands.buy(one)
    else:
        account.fields.update(fields)
        account.of("addresses")[f"ad-{who.letters(7)}"] = address
        account.of("cards")[f"ca-{who.letters(7)}"] = card
        account.balances["points"] = int(who.around(600, 1.2))
        for device in person.devices:
            account.seen_cookies.update(browser.cookie for browser in device.browsers)
    story.timeline.begin(routine.life(story))


def _told(story: Story, kind: str, wanted: Side, at: float) -> Life:
    entries = story.journal.entries
    truth = {entry.id: entry.side.value for entry in entries if entry.side}
    attacked = wanted is Side.INTRUDER
    episode = tuple(story.marked(wanted, at))
    said = _said(story, entries) if attacked else None
    now = moment(story.timeline.end)
    return Life(story.journal.account, story.journal.lines(), truth, kind, attacked, episode, said, now)


def _said(story: Story, entries: list[Entry]) -> dict[str, object] | None:
    """One "not mine": an order of his, else a session that is his alone, else an act of his."""
    chance = story.chance.branch("said")
    orders = story.orders_of(Side.INTRUDER)
    if orders:
        return {"order": chance.pick(orders).id, "mine": False}
    sessions: dict[str, set[Side]] = {}
    for entry in entries:
        client = entry.data.get("client")
        if entry.side and isinstance(client, dict) and "session" in client and entry.type != "account.sign_in_failed":
            sessions.setdefault(client["session"], set()).add(entry.side)
    his = [name for name, sides in sessions.items() if sides == {Side.INTRUDER}]
    if his:
        return {"session": chance.pick(his), "mine": False}
    acts = [entry.id for entry in entries if entry.side is Side.INTRUDER]
    calm = [entry.id for entry in entries if entry.side is Side.INTRUDER and entry.type != "account.sign_in_failed"]
    return {"event": chance.pick(calm or acts), "mine": False} if acts else None
