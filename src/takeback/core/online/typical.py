"""Which rules do most shops begin with? Six, all off until somebody has tried them on the past and switched them on.

`docs/reference/rules.md` has them as they stand in `takeback.toml`; a test compares the two.
"""

from takeback.core.online.acts import Act
from takeback.core.online.rules import By, Does, New, Step, StreamRule

TYPICAL = (
    StreamRule(
        name="new-device-contact-order",
        does=Does.ASK,
        within=3_600,
        steps=(
            Step(Act.SIGNED_IN, new=(New.DEVICE,)),
            Step(Act.CONTACT_CHANGED, new=(New.DEVICE,)),
            Step(Act.ORDERED),
        ),
    ),
    StreamRule(
        name="many-accounts-one-device",
        does=Does.LOOK,
        within=600,
        steps=(Step(Act.SIGNED_IN, new=(New.DEVICE,)),),
        accounts=5,
        by=By.DEVICE,
    ),
    StreamRule(
        name="password-and-mail-changed",
        does=Does.ASK,
        within=600,
        steps=(Step(Act.PASSWORD_CHANGED), Step(Act.EMAIL_CHANGED)),
        any_order=True,
    ),
    StreamRule(
        name="large-order-new-address-new-card",
        does=Does.LOOK,
        within=60,
        steps=(Step(Act.ORDERED, new=(New.ADDRESS, New.CARD), over=50_000),),
    ),
    StreamRule(
        name="new-device-export",
        does=Does.ASK,
        within=3_600,
        steps=(Step(Act.SIGNED_IN, new=(New.DEVICE,)), Step(Act.EXPORT_VIEWED, new=(New.DEVICE,))),
    ),
    StreamRule(
        name="guessed-from-abroad",
        does=Does.ASK,
        within=1_800,
        steps=(Step(Act.SIGN_IN_FAILED, times=5), Step(Act.SIGNED_IN, new=(New.COUNTRY,))),
    ),
)
