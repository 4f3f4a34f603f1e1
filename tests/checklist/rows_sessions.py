"""Items 10 to 19: what keeps somebody signed in. It ends for everybody; the owner's own way back is a new sign-in."""

from datetime import timedelta

from tests.casework.life import PASSWORD
from tests.checklist.night import HIS_SESSION, Night
from tests.checklist.row import Row, by_password, item_row
from tests.checklist.rows_credentials import CODE, second_step, she_gets_in, with_code


def signs_in_elsewhere(night: Night) -> None:
    night.owner("sign_in", session="hers-2", password=PASSWORD)


def he_is_out(night: Night) -> bool:
    return not night.is_in(HIS_SESSION) and night.refuses(night.intruder, "view", "cards")


def stays_by_machine(night: Night) -> None:
    """A script of his asks for a page every minute, so that the session never grows old."""
    for _ in range(20):
        night.intruder("view", "orders")


def takes_the_app(night: Night) -> None:
    night.intruder("sign_in", session="theirs-app", password=PASSWORD)
    night.intruder("keep_token", "x-app", session="theirs-app")


def takes_her_app(night: Night) -> None:
    night.owner("sign_in", session="hers-app", password=PASSWORD)
    night.owner("keep_token", "o-app", session="hers-app")


def app_works(night: Night) -> bool:
    """Signed in anew, her app gets a token that goes on working."""
    night.owner("sign_in", session="app-again", password=night.password)
    night.owner("keep_token", "o-app-again", session="app-again")
    return not night.refuses(night.owner, "refresh", "o-app-again", session="app-refreshed")


def takes_a_token(night: Night) -> None:
    night.intruder("keep_token", "x-refresh")
    night.intruder("sign_out")
    assert not night.refuses(night.intruder, "refresh", "x-refresh", session="theirs-refreshed")


def takes_offline(night: Night) -> None:
    night.intruder("keep_token", "x-offline")
    night.intruder("refresh", "x-offline", session="theirs-offline")


def takes_access(night: Night) -> None:
    night.kept["token"] = night.intruder("access_token")
    night.kept["soon"] = night.at + timedelta(minutes=5)
    assert night.shop.accepts_offline(night.kept["token"], night.kept["soon"])


def access_is_refused(night: Night) -> bool:
    """By a service that never asks the shop, long before the token expires."""
    return not night.shop.accepts_offline(night.kept["token"], night.kept["soon"])


def she_has_access(night: Night) -> bool:
    night.owner("sign_in", session="for-access", password=night.password)
    token = night.owner("access_token", session="for-access")
    return night.shop.accepts_offline(token, night.at)


def half_way(night: Night) -> None:
    with_code(night)
    night.intruder("begin_sign_in", "x-flow", password=PASSWORD, session="theirs-half")


def backs_up(night: Night) -> None:
    night.kept["rows"] = night.shop.session_rows(night.account)


def nothing_revives(night: Night) -> bool:
    """Stopped and opened again, and with the session store put back from a copy."""
    night.shop.restore_sessions(night.account, night.kept["rows"])
    return not any(night.is_in(session) for session in night.kept["rows"])


def hides(night: Night) -> None:
    night.intruder("sign_in", session="theirs-hidden", password=PASSWORD, listed=False)
    assert night.is_in("theirs-hidden")
    assert "theirs-hidden" not in night.shop.sessions_shown(night.account)


def new_token_works(night: Night) -> bool:
    """Her token is still listed. Its secret ended with all others; one that she makes now works."""
    night.owner("sign_in", session="for-token", password=night.password)
    night.owner("add_item", "api_tokens", "o-new", {"name": "new"}, session="for-token")
    return night.gets_in(night.owner, method="token", credential="o-new")


ROWS = (
    Row(
        10,
        "a live web session",
        plant=lambda night: night.intruder("view", "orders"),
        later=signs_in_elsewhere,
        held=he_is_out,
        gone=he_is_out,
        still_there=she_gets_in,
    ),
    Row(
        11,
        "a session kept alive by machine",
        plant=stays_by_machine,
        later=lambda night: night.owner("view", "orders"),
        held=he_is_out,
        gone=he_is_out,
        still_there=she_gets_in,
        lost=frozenset({"viewed.orders"}),
        says=("viewed.orders",),
    ),
    Row(
        12,
        "a mobile app session",
        plant=takes_the_app,
        later=takes_her_app,
        gone=lambda night: (
            not night.is_in("theirs-app") and night.refuses(night.intruder, "refresh", "x-app", session="theirs-app-2")
        ),
        still_there=app_works,
    ),
    Row(
        13,
        "a refresh token",
        plant=takes_a_token,
        later=lambda night: night.owner("keep_token", "o-refresh"),
        held=lambda night: night.refuses(night.intruder, "refresh", "x-refresh"),
        gone=lambda night: night.refuses(night.intruder, "refresh", "x-refresh"),
        still_there=app_works,
    ),
    Row(
        14,
        "an offline token",
        plant=takes_offline,
        later=lambda night: night.owner("keep_token", "o-offline"),
        held=lambda night: night.refuses(night.intruder, "refresh", "x-offline"),
        gone=lambda night: night.refuses(night.intruder, "refresh", "x-offline"),
        still_there=app_works,
    ),
    Row(
        15,
        "an access token that is checked offline",
        plant=takes_access,
        later=lambda night: night.owner("access_token"),
        held=access_is_refused,
        gone=access_is_refused,
        still_there=she_has_access,
    ),
    Row(
        16,
        "a half finished sign in",
        before=second_step,
        enters=half_way,
        plant=lambda night: night.intruder("view", "orders"),
        later=lambda night: night.owner("sign_in", session="hers-2", password=PASSWORD, code=CODE),
        held=lambda night: night.refuses(night.intruder, "finish_sign_in", "x-flow", code=CODE),
        gone=lambda night: night.refuses(night.intruder, "finish_sign_in", "x-flow", code=CODE),
        still_there=lambda night: night.gets_in(night.owner, password=night.password, code=CODE),
    ),
    Row(
        17,
        "a session that comes back after the stop",
        plant=backs_up,
        enters=by_password,
        later=signs_in_elsewhere,
        gone=nothing_revives,
        still_there=she_gets_in,
    ),
    item_row(
        18,
        "an API token",
        "api_tokens",
        his={"name": "script", "bound_to": HIS_SESSION},
        hers={"name": "her script"},
        gone=lambda night: not night.gets_in(night.intruder, method="token", credential="x"),
        still_there=new_token_works,
    ),
    Row(
        19,
        "a session in no list of devices",
        plant=hides,
        later=signs_in_elsewhere,
        held=lambda night: not night.is_in("theirs-hidden"),
        gone=lambda night: not night.is_in("theirs-hidden"),
        still_there=she_gets_in,
    ),
)
