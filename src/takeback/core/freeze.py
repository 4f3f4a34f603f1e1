"""Stage 3 of 7. What must stop now? Everything, on every service: destroyed rather than suspended (rule 5)."""

from collections.abc import Iterable

from takeback.core.service import AccountSnapshot, Capabilities
from takeback.core.undo.plan import CONTAINMENT, ActionKind


def missing(capabilities: Capabilities) -> tuple[ActionKind, ...]:
    """What a service cannot do of the containment; each becomes a task for staff. `freeze` and `end_sessions` are never
    optional.
    """
    return tuple(kind for kind in CONTAINMENT if kind not in capabilities.actions)


def frozen_everywhere(snapshots: Iterable[AccountSnapshot | None]) -> bool:
    """True when every service that has the account reads back frozen with no session left. A service without it has
    nothing to freeze.
    """
    return all(snapshot is None or (snapshot.frozen and snapshot.sessions == 0) for snapshot in snapshots)
