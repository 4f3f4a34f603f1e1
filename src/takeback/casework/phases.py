"""What happens next? The whole case on one screen: each stage is a short phase that does its work and starts the next.

A phase may be ended at any point and is then run again from its start: the ledger and the case's row know what is
done. `because` names what started a phase; the same phase for the same reason is one. What only a person can bring
about (a code, an approval, a word, a password) starts its phase from the web side in the same way.
"""

from collections.abc import Callable

from takeback.casework import (
    callback,
    codes,
    handback,
    hold,
    investigate,
    letters,
    online_asking,
    retention,
    talk,
    undo,
)
from takeback.casework import freeze as stopping
from takeback.casework.alone import alone
from takeback.casework.letters import Template
from takeback.casework.ports import House
from takeback.casework.progress import Progress, Purpose, known
from takeback.casework.report import Report, take_in
from takeback.core.case import Language, Stage


def report_(house: House, report: str, account: str, text: str, language: str, by: str = "customer") -> Progress:
    """Stage 2: what does the person say? Evidence opens the case and stops the account, or asks for a code first."""
    for one in take_in(house, Report(report, account, text, Language(language), by)):
        if one.to_stop and one.is_new:
            _stop_now(house, one.case.id)
        elif one.to_stop:  # once, however many report it
            house.starter.start("freeze", one.case.id, because="report")
    return Progress.DONE


def _stop_now(house: House, case: str) -> None:
    """Stage 3 in the same run, which is quicker; what does not come to its end goes on as a phase of its own."""
    with alone(case, house.locks) as is_alone:
        if is_alone and freeze_(house, case) is not Progress.AGAIN:
            return
    house.starter.start("freeze", case, because="report")


def talk_(house: House, conversation: str, what: str) -> Progress:
    """Stage 2, at the door: her words are weighed with the account's evidence, or a code that she asked for is sent."""
    return talk.hear(house, conversation, what)


def freeze_(house: House, case: str) -> Progress:
    """Stage 3: what must stop now? Goes on in the background while one service cannot be reached."""
    progress = stopping.stop_everything(house, case)
    house.starter.start("stopped", case, because="frozen")
    return progress


def stopped_(house: House, case: str) -> Progress:
    """After stage 3: the owner is told, and it is investigated, also while one service is not stopped yet."""
    house.starter.start("investigate", case, because="frozen")
    house.starter.start("letter", case, Template.ACCOUNT_FROZEN, "frozen", because="account_frozen")
    return Progress.DONE


def investigate_(house: House, case: str) -> Progress:
    """Stage 4: who did what? The plan is shown; where it is approved already, it is carried out."""
    progress = investigate.look_into(house, case)
    house.starter.start("undo", case, because=f"plan-{known(house, case).plan_hash}")
    return progress


def undo_(house: House, case: str) -> Progress:
    """Stage 5: what is taken back? Then the owner is told, and the hold begins."""
    progress = undo.take_back(house, case)
    now = known(house, case)
    if now.stage is Stage.HOLD:
        because, left = hold.waiting(house, now)
        house.starter.start("letter", case, Template.RESULT, str(now.approved_hash), because=f"result-{because}")
        house.starter.start("hold", case, because=because, after=left)
    return progress


def hold_(house: House, case: str) -> Progress:
    """Stage 6: how long is it still dangerous? This runs when the time is over."""
    progress = hold.end_hold(house, case)
    if progress is Progress.DONE and known(house, case).stage is Stage.HAND_BACK:
        because, _ = hold.waiting(house, known(house, case))
        house.starter.start("letter", case, Template.HOLD_ENDED, because, because=f"hold_ended-{because}")
    return progress


def hand_back_(house: House, case: str) -> Progress:
    """Stage 7: is this the owner, and is the account clean? If something new came up, it is taken back first."""
    progress = handback.hand_over(house, case)
    if progress is Progress.WAITS:
        house.starter.start("undo", case, because=f"plan-{known(house, case).plan_hash}")
    if progress is Progress.DONE:
        house.starter.start("letter", case, Template.WELCOME_BACK, "back", because="welcome_back")
    return progress


def code_(house: House, case: str, purpose: str, way: str = "", press: str = "") -> Progress:
    """A one-time code to the contact points that may have one, or by the way that was chosen."""
    return codes.send_codes(house, case, Purpose(purpose), way, press)


def disowned_(house: House, case: str, contact: str) -> Progress:
    """A last message to a contact point that is said to be hers no more: if it is, she learns of it there."""
    return letters.say_farewell(house, case, contact)


def call_(house: House, request: str, account: str, language: str, because: str, when: str) -> Progress:
    """Somebody asked for a person: a task for staff, where there is such an account."""
    callback.take_request(house, request, account, Language(language), because, when)
    return Progress.DONE


def letter_(house: House, case: str, template: str, about: str) -> Progress:
    """A letter to the owner, which holds up nothing else."""
    return letters.send_letter(house, case, Template(template), about)


def ask_(house: House, question: str, account: str, session: str) -> Progress:
    """Stage 1, and of no case: was this you? A letter to a customer in whose account somebody else may have been."""
    return online_asking.ask(house, question, account, session)


def forget_(house: House, _retention: str) -> Progress:
    """Every day, and of no case: what is kept no longer? It is erased, and tomorrow it is looked again."""
    retention.forget_today(house)
    return Progress.DONE


PHASES: dict[str, Callable[..., Progress]] = {
    "report": report_,
    "talk": talk_,
    "freeze": freeze_,
    "stopped": stopped_,
    "investigate": investigate_,
    "undo": undo_,
    "hold": hold_,
    "hand_back": hand_back_,
    "code": code_,
    "disowned": disowned_,
    "call": call_,
    "letter": letter_,
    "ask": ask_,
    "forget": forget_,
}

# Where a case that has no phase waiting goes on when a worker starts.
RESUMED = {
    Stage.FREEZE: "freeze",
    Stage.INVESTIGATE: "investigate",
    Stage.UNDO: "undo",
    Stage.HOLD: "undo",
    Stage.HAND_BACK: "hold",
}
