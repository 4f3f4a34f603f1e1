"""How does an owner get back in, and put right what she finds? Much as an intruder would: passwords, orders, addresses.

Bursztein et al. (2014) and Onaolapo et al. (2016) describe how victims come back: by the reset link where their contact
points still stand, by staff where they do not.
"""

from benchmarks.world.account import Side, Status
from benchmarks.world.story import Story
from benchmarks.world.timeline import DAY, HOUR, MINUTE, Process
from benchmarks.world.visits import Visit


def sign_in(story: Story, one: Visit, method: str | None = None) -> None:
    """The owner's way of signing in; a second factor is asked where the browser is new, and now and then."""
    owner, account = story.owner, story.account
    asked = one.browser.cookie not in account.seen_cookies or one.chance.odds(0.15)
    second = account.two_step if asked else None
    method = method or owner.method
    if one.device not in owner.devices and method in {"passkey", "sso"}:
        method = "password"  # somebody else of the household, or a borrowed device
    one.sign_in(method, second=second, credential=owner.credential if method == owner.method else None)


def reset_password(story: Story, one: Visit) -> Process:
    """The owner asks for a link, waits for the mail and sets a new password."""
    chance = one.chance
    one.ask_reset("sms" if chance.odds(0.2) else "mail")
    yield chance.log_within(40, 15 * MINUTE)
    if chance.odds(0.15):
        one.ask_reset()
        yield chance.log_within(40, 10 * MINUTE)
    sign_in(story, one, "link")
    yield chance.within(2, 60)
    one.set_field("password")
    yield chance.within(5, 90)


def locked_out(story: Story, one: Visit) -> Process:
    """The password does not fit: try again, ask for a link; if that goes to somebody else, call the shop."""
    chance = one.chance
    for _ in range(chance.between(1, 5)):
        one.fail()
        yield chance.within(8, 70)
    if Side.OWNER in story.account.email_of:
        yield from reset_password(story, one)
        if not story.noticed:
            yield from repair(story, one)
    else:
        if chance.odds(0.6):
            one.ask_reset()
            yield chance.within(60, 600)
        if not story.noticed:
            story.noticed = True
            story.timeline.begin(_by_staff(story))


def repair(story: Story, one: Visit) -> Process:
    """The owner puts right what she sees, as far as she thinks of it; then the shop is told, mostly."""
    chance, account = one.chance, story.account
    story.noticed = True
    yield chance.within(5, 60)
    one.view("orders")
    for order in story.orders_of(Side.INTRUDER)[-3:]:
        if order.status is Status.PLACED and chance.odds(0.5):
            yield chance.within(5, 60)
            one.cancel(order)
    if chance.odds(0.5) and Side.INTRUDER in account.password_of:
        yield chance.within(20, 4 * MINUTE)
        one.set_field("password")
    key = account.keys.get(Side.INTRUDER)
    if key in account.of("passkeys") and chance.odds(0.3):
        yield chance.within(20, 90)
        one.remove_item("passkeys", str(key))
    addresses = account.of("addresses")
    if len(addresses) > 1 and chance.odds(0.3):
        yield chance.within(20, 90)
        one.view("addresses")
        one.remove_item("addresses", list(addresses)[-1])
    if account.fields.get("notifications") == "off" and chance.odds(0.3):
        yield chance.within(20, 90)
        one.set_field("notifications", "on")
    if chance.odds(0.12) and account.two_step is None:
        yield chance.within(20, 90)
        one.set_field("two_step", "sms")
    ends_soon(story)


def _by_staff(story: Story) -> Process:
    """On the telephone: staff set the old mail address again, perhaps cancel an order, and send a link."""
    chance = story.chance.branch("staff")
    yield chance.log_within(1, 60) * HOUR
    if chance.odds(0.5):
        ends_soon(story)
        return
    first = next(
        (entry.data["before"] for entry in story.journal.entries
         if entry.side is Side.INTRUDER and entry.data.get("field") == "email"), None,
    )  # fmt: skip
    story.set_by_staff("email", first or story.account.fields.get("email"))
    story.account.email_of = {Side.OWNER}
    for order in story.orders_of(Side.INTRUDER)[-2:]:
        if order.status is Status.PLACED and chance.odds(0.5):
            order.status = Status.CANCELLED
            story.staff("order.cancelled", order=order.id)
    ends_soon(story)
    yield chance.log_within(0.2, 20) * HOUR
    device, browser, line = story.owner.choose(story.now)
    one = Visit(story, Side.OWNER, device, browser, line, story.owner.chance)
    yield from reset_password(story, one)
    one.view("orders")


def ends_soon(story: Story) -> None:
    """The account is looked at within hours or days of the complaint, seldom later."""
    chance = story.chance.branch("end")
    if chance.odds(0.85):
        story.timeline.end = min(story.timeline.end, story.now + int(chance.log_within(HOUR, 4 * DAY)))
