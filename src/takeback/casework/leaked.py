"""Is this password known to have leaked? Every source is asked until one says yes; one that does not answer keeps
nobody out of her account.
"""

from takeback.casework.ports import Entry, House
from takeback.core.case import Case
from takeback.core.errors import OutsideError


def is_leaked(house: House, case: Case, password: str) -> bool:
    """True when any source knows it. A source that cannot say is noted in the case's log, and the others decide."""
    for source in house.leaks:
        try:
            if source.is_leaked(password):
                return True
        except OutsideError:
            evidence = {"source": source.name}
            entry = Entry(case.id, house.clock.now(), "system", "leaks.silent", "others_decide", evidence)
            house.cases.note(entry)
    return False
