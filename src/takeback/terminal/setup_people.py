"""`takeback check`, of what people need: can staff sign in, can customers be reached, would an alteration be found?"""

import os
from collections.abc import Iterator

from takeback.configuration import Configuration, PhoneProvider
from takeback.core.errors import SettingsError
from takeback.core.permission import Role
from takeback.terminal.finding import Finding, State


def looked_at(configuration: Configuration) -> Iterator[Finding]:
    """Desk, anchor, mails that are asked about, telephones, leaked passwords. The tables are there."""
    yield _desk()
    yield _anchor(configuration)
    if configuration.mail.shop_domains:
        yield Finding("mail", State.GOOD, f"Mails are judged for {', '.join(configuration.mail.shop_domains)}.")
    else:
        yield Finding(
            "mail", State.MIND, "mail.shop_domains is empty: nobody can be told whether a mail is the shop's."
        )
    if configuration.phones.provider in (PhoneProvider.NONE, PhoneProvider.CONSOLE):
        yield Finding("phones", State.MIND, "No provider of telephones: codes go by mail, and staff dial by hand.")
    else:
        yield Finding("phones", State.GOOD, f"Text messages and calls go through {configuration.phones.provider}.")
    yield _leaks(configuration)


def _desk() -> Finding:
    from takeback.store.people import DjangoPeople  # its tables are known only once Django has been started
    from takeback.store.start import released_connections

    with released_connections():
        members = [member for member in DjangoPeople().every() if member.active and member.has_factor]
    roles = {role for member in members for role in member.roles}
    if Role.ADMIN not in roles:
        says = "No admin can sign in to the desk. Run `takeback staff add NAME --role admin`."
    elif not roles & {Role.AGENT, Role.LEAD}:
        says = "No agent and no lead can sign in to the desk: tasks, calls and large plans wait for nobody."
    elif Role.LEAD not in roles:
        says = "No lead can sign in to the desk: large plans cannot be approved."
    else:
        return Finding("desk", State.GOOD, f"Members of staff who can sign in: {len(members)}.")
    return Finding("desk", State.MIND, says)


def _anchor(configuration: Configuration) -> Finding:
    path = configuration.anchor_path
    if not os.access(path if path.exists() else path.parent, os.W_OK):
        return Finding(
            "audit", State.WRONG, f"The anchor {path} cannot be written: nobody could tell an older database."
        )
    if configuration.audit.anchor is None:
        says = f"The anchor {path} lies beside the database, and would be put back with it. Set audit.anchor."
        return Finding("audit", State.MIND, says)
    return Finding("audit", State.GOOD, f"The anchor {path} can be written.")


def _leaks(configuration: Configuration) -> Finding:
    from takeback.fittings import build_leaks

    try:
        sources = build_leaks(configuration.leaks)
    except SettingsError as error:
        return Finding("leaks", State.WRONG, str(error))
    for source in sources:
        source.close()
    if len(sources) == 1:  # the worst few thousand, which come with Takeback
        return Finding(
            "leaks", State.MIND, "Only the worst passwords are known as leaked. Set leaks.lists or leaks.service."
        )
    return Finding("leaks", State.GOOD, f"Sources of leaked passwords: {len(sources)}.")
