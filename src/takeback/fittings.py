"""What is the house fitted with where the settings say so? Telephones, and what knows leaked passwords."""

from takeback.casework.leaks import Leaks
from takeback.casework.phones import Phones
from takeback.configuration import LeakSettings, PhoneProvider, PhoneSettings
from takeback.leaks.known import KnownWorst


def build_phones(said: PhoneSettings) -> Phones | None:
    """What sends text messages and calls; None where nothing is set up."""
    if said.provider is PhoneProvider.CONSOLE:
        from takeback.phones.console import ConsolePhones

        return ConsolePhones()
    if said.provider is PhoneProvider.TWILIO:
        from takeback.phones.twilio import TwilioPhones

        return TwilioPhones(
            account=str(said.account),
            key=str(said.key),
            secret=str(said.secret),
            sender=str(said.sender),
            address=said.address,
        )
    return None


def build_leaks(said: LeakSettings) -> tuple[Leaks, ...]:
    """What knows leaked passwords, the nearest first. `SettingsError` for a file or folder that cannot be read."""
    from takeback.leaks.listfile import open_list
    from takeback.leaks.ranges import RangeFolder
    from takeback.leaks.service import RangeService

    return (
        KnownWorst(),
        *(open_list(path) for path in said.lists),
        *(RangeFolder(path) for path in said.ranges),
        *((RangeService(said.service),) if said.service is not None else ()),
    )
