"""How does an owner live with a shop? Visit after visit: come in, do an errand or two, go or just close the window."""

from collections.abc import Callable

from benchmarks.world import errands, lines, recovery
from benchmarks.world.account import Session, Side
from benchmarks.world.devices import Browser, Device
from benchmarks.world.lines import Line
from benchmarks.world.owner import forget_cookies
from benchmarks.world.story import Story
from benchmarks.world.timeline import DAY, HOUR, Process, hour_of
from benchmarks.world.visits import Visit, while_open

Plan = Callable[[Visit], Process]


def life(story: Story) -> Process:
    """The owner's visits, one after the other, for as long as the story goes."""
    owner = story.owner
    while True:
        yield owner.next_visit(story.now)
        if story.now < owner.silent_until:
            continue
        yield from visit(story)


def visit(
    story: Story, device: Device | None = None, browser: Browser | None = None, line: Line | None = None,
    *, plan: Plan | None = None, marked: bool = False,
) -> Process:  # fmt: skip
    """One visit of the owner's; what is not given is chosen as the owner would."""
    owner, chance = story.owner, story.owner.chance
    if device is None:
        device, browser, chosen = owner.choose(story.now)
        line = line or chosen
    browser = browser or device.browsers[0]
    line = line or owner.line_for(device, browser, story.now)
    if chance.odds(owner.forgets_cookies):
        forget_cookies(owner, device)
    if owner.private and browser.name != "app":
        browser.cookie, browser.session = f"d-{chance.letters(12)}", None
    marked = marked or bool(owner.marks and owner.marks(device, browser, line))
    one = Visit(story, Side.OWNER, device, browser, line, chance, marked=marked)
    yield from arrive(story, one)
    if one.session is None:
        return
    yield from while_open(one, (plan or errands.errands)(one))
    if story.is_open(one.session) and chance.odds(owner.signs_out):
        yield chance.within(5, 60)
        one.sign_out()


def arrive(story: Story, one: Visit) -> Process:
    """Into the account: on an open session, by the app's token, or by signing in."""
    chance, browser = one.chance, one.browser
    if isinstance(browser.session, Session) and one.resume(browser.session):
        return
    if browser.name == "app" and browser.token and Side.OWNER in story.account.password_of:
        one.sign_in("token", credential=browser.token)
        return
    while chance.odds(story.owner.fails) and story.owner.method == "password":
        one.fail()
        yield chance.within(6, 50)
    if Side.OWNER not in story.account.password_of and story.owner.method == "password":
        yield from recovery.locked_out(story, one)
        return
    if story.owner.method == "link":
        story.message("sign_in_link")
        yield chance.within(20, 240)
    recovery.sign_in(story, one)
    if browser.name == "app":
        browser.token = f"tk-{chance.letters(9)}"
    yield chance.within(3, 25)


def at_own_hour(story: Story) -> float:
    """Seconds until a moment of the owner's day, today or tomorrow."""
    return min(story.owner.next_visit(story.now) % (2 * DAY) + 60, 2 * DAY)


def later(story: Story, low: float, high: float) -> float:
    """Seconds until some time from `low` to `high` hours on, mostly when the owner is awake."""
    owner = story.owner
    for _ in range(8):
        delay = owner.chance.log_within(low, high) * HOUR
        if owner.chance.odds(owner.awake[hour_of(story.now + delay)] / 6):
            break
    return delay


def on_the_road(story: Story) -> Line:
    """The carrier's line, or for a few a free network."""
    return lines.cafe(story.owner.chance) if story.owner.chance.odds(0.1) else story.owner.mobile
