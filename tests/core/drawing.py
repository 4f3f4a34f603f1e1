"""What may be drawn? Scenes in which several people lay hands on one thing in turns, many of them going on at once."""

from hypothesis import strategies as st

from takeback.core.events import EventType

OWNER, INTRUDER, UNKNOWN, STAFF, SYSTEM = "owner", "intruder", "unknown", "staff", "system"
PEOPLE = (OWNER, INTRUDER, UNKNOWN)
SOURCES = ("/shops/oscar", "/services/video")
PLAIN, OBJECTS = ("email", "name", "shoe_size"), ("notifications", "never_seen_before")
COLLECTIONS = ("addresses", "passkeys", "contacts", "subscriptions")
KEYS, VALUES = ("line1", "line2", "line3"), ("v0", "v1", "v2", ["a", 1])
STEPS = (EventType.ORDER_SHIPPED, EventType.ORDER_DELIVERED)

Act = tuple[str, str, bool, tuple]  # who, where, whether `before` is told, and what: kind, target, key, value

keys, values = st.sampled_from(KEYS), st.sampled_from((*VALUES, None))
sources = st.sampled_from((SOURCES[0], *SOURCES))
items = st.sampled_from((("addresses", "a"), ("addresses", "b"), *((name, "a") for name in COLLECTIONS[1:])))
fields, objects = st.sampled_from(PLAIN), st.sampled_from(OBJECTS)
things = st.one_of(
    st.tuples(st.just("field"), fields),
    st.tuples(st.just("part"), objects),
    st.tuples(st.just("item"), items),
    st.tuples(st.just("item"), items),
    st.tuples(st.just("secret"), st.sampled_from(("password", "two_step_secret"))),
)
about_orders = st.sampled_from(("move", "move", "cancel", "spend", "spend", "make_good", "look"))


def histories(*people: str) -> st.SearchStrategy[list[Act]]:
    """Scenes, each about one thing that several people lay hands on in turns, all going on at once."""
    who = st.sampled_from(people)
    hands = st.lists(st.tuples(who, st.booleans(), keys, values, st.integers(0, 5)), min_size=2, max_size=7)
    deeds = st.lists(
        st.tuples(who, st.booleans(), about_orders, st.integers(0, 3), keys, values), min_size=2, max_size=9
    )
    on_a_thing = st.tuples(sources, things, hands).map(_scene)
    on_orders = st.tuples(sources, who, st.integers(0, 9), st.sampled_from((0, 0, 0, 1, 2)), deeds).map(_order_scene)
    return st.lists(st.one_of(on_a_thing, on_orders), min_size=2, max_size=7).map(_at_once)


def _scene(drawn: tuple) -> list[Act]:
    source, (kind, name), hands = drawn
    return [(who, source, says, _hand(kind, name, key, value, dice)) for who, says, key, value, dice in hands]


def _hand(kind: str, name: object, key: str, value: object, dice: int) -> tuple:
    if kind == "item" and dice == 0:
        return ("remove", name, None, None)
    if kind == "field":
        return (kind, name, None, value if value is not None else "v3")
    return (kind, name, None, None) if kind == "secret" else (kind, name, key, value)


def _order_scene(drawn: tuple) -> list[Act]:
    source, who, dice, life, deeds = drawn
    acts: list[Act] = [(who, source, True, ("order", dice == 0, None, life))]
    for hand, says, kind, place, key, value in deeds:
        amount = 100 * (place + 1)
        what = {"spend": (kind, place, None, amount), "make_good": (kind, place > 1, None, amount)}
        acts.append((hand, source, says, what.get(kind, (kind, place, key, value))))
    return acts


def _at_once(scenes: list[list[Act]]) -> list[Act]:
    """The acts of all scenes, taken in turns."""
    longest = max((len(scene) for scene in scenes), default=0)
    return [scene[place] for place in range(longest) for scene in scenes if place < len(scene)]


mixed = histories(OWNER, OWNER, INTRUDER, INTRUDER, INTRUDER, UNKNOWN, STAFF, SYSTEM)
of_two = histories(OWNER, INTRUDER)
unlogged = st.lists(
    st.tuples(
        sources,
        st.one_of(
            st.tuples(st.just("field"), fields, st.none(), st.sampled_from(VALUES)),
            st.tuples(st.just("part"), objects, keys, values),
            st.tuples(st.just("item"), items, keys, values),
            st.tuples(st.just("remove"), items, st.none(), st.none()),
            st.tuples(st.just("step"), st.integers(0, 3), st.none(), st.sampled_from(("shipped", "cancelled"))),
        ),
    ),
    min_size=2,
    max_size=12,
)
