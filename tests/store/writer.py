"""What writes events in a process of its own, for tests that end it or let several write at once."""

import sys
import threading

from takeback.bootstrap import build_event_log
from takeback.configuration import load_configuration
from takeback.core.events import parse_event
from tests.conftest import event_text

_saying = threading.Lock()


def say(line: str) -> None:
    with _saying:
        print(line, flush=True)


def for_ever(thread: int) -> None:
    """Event after event, each named when it is acknowledged."""
    number = 0
    while True:
        text = event_text(id=f"{thread}-{number}")
        log.append([(parse_event(text), text)])
        say(f"{thread}-{number}")
        number += 1


def the_same(backwards: bool) -> None:
    """Batches that another process writes too, in this order or the other; how many were new and how many not."""
    stored = repeated = 0
    for start in range(0, 600, 25):
        names = range(start, start + 50)
        texts = [event_text(id=str(name), subject=f"a{name % 7}") for name in (reversed(names) if backwards else names)]
        accepted = log.append([(parse_event(text), text) for text in texts])
        stored, repeated = stored + accepted.stored, repeated + accepted.repeated
    say(f"{stored} {repeated}")


if __name__ == "__main__":
    log = build_event_log(load_configuration())
    if sys.argv[1] == "for ever":
        for thread in range(4):
            threading.Thread(target=for_ever, args=(thread,)).start()
    else:
        say("ready")
        sys.stdin.readline()
        the_same(sys.argv[1] == "backwards")
        log.close()
