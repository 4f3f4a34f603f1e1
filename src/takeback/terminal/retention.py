"""`takeback forget`: what is kept no longer, and which case is kept because it is disputed?"""

import sys
from argparse import Namespace

from takeback.bootstrap import House, house
from takeback.casework import retention
from takeback.core.errors import InputError
from takeback.terminal.language import chosen
from takeback.terminal.user import who
from takeback.words import say


def run(arguments: Namespace) -> int:
    """Erase what is due, say what would be, or mark a case."""
    here = house()
    if arguments.keep is not None or arguments.let_go is not None:
        return _mark(here, arguments)
    return _forget(here, dry=arguments.dry_run, language=chosen(arguments.language))


def _mark(here: House, arguments: Namespace) -> int:
    why = (arguments.why or "").strip()
    if not why:
        raise InputError("--why is missing: what is the dispute, or how did it end?")
    if arguments.keep is not None:
        retention.keep(here, arguments.keep, who(), why)
        sys.stdout.write(f"All of case {arguments.keep} is kept until `takeback forget --let-go {arguments.keep}`.\n")
    else:
        retention.let_go(here, arguments.let_go, who(), why)
        sys.stdout.write(f"Case {arguments.let_go} is erased when others of its age are.\n")
    return 0


def _forget(here: House, *, dry: bool, language: str) -> int:
    counts: dict[str, int] = {}
    for batch in retention.forget(here, who(), dry=dry):
        for what, times in batch.counts.items():
            counts[what] = counts.get(what, 0) + times
    if not counts:
        sys.stdout.write(say(language, "desk_book.forget.nothing") + "\n")
        return 0
    sys.stdout.write(say(language, "desk_book.forget.would" if dry else "desk_book.forget.done") + "\n")
    for what, times in sorted(counts.items()):
        if times:
            sys.stdout.write(f"  {say(language, f'desk_book.erased.{what}', count=f'{times:,}')}\n")
    if not dry:
        sys.stdout.write(say(language, "desk_book.forget.proof") + "\n")
    return 0
