"""How is a service asked without being run over? Each call waits for its turn; meets `casework.ports.Service`."""

from takeback.casework.pace import Pace, urgently
from takeback.casework.ports import Service
from takeback.core.service import AccountSnapshot, ActionAnswer, ActionRequest, Capabilities
from takeback.core.undo.plan import CONTAINMENT


class PacedService:
    """`service`, asked within the limits of `pace`. What stops an account never waits behind what does not."""

    def __init__(self, service: Service, pace: Pace) -> None:
        self._service, self._pace = service, pace

    @property
    def source(self) -> str:
        """The `source` of its events."""
        return self._service.source

    def close(self) -> None:
        """Let go of what the service holds."""
        close = getattr(self._service, "close", None)
        if close is not None:
            close()

    def capabilities(self) -> Capabilities:
        """What it can do."""
        with self._pace.turn():
            return self._service.capabilities()

    def account(self, account: str) -> AccountSnapshot | None:
        """The account as it now is, or None where it has no such account."""
        with self._pace.turn():
            return self._service.account(account)

    def act(self, request: ActionRequest) -> ActionAnswer:
        """Carry out one action, once per id."""
        if request.action in CONTAINMENT:
            with urgently(), self._pace.turn():
                return self._service.act(request)
        with self._pace.turn():
            return self._service.act(request)

    def outcome(self, action_id: str) -> ActionAnswer:
        """What became of an action that was `accepted`."""
        with self._pace.turn():
            return self._service.outcome(action_id)
