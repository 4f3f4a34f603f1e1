"""What can go wrong? One tree, and the docstring of a class is its default message.

TakebackError
├── InputError               what was handed in is wrong; says where (file, line, field); exit status 2
│   └── SecretRefused        it carried a password, a second-factor secret or a full card number
├── SettingsError            the set-up is wrong; exit status 2
├── OutsideError             a service or a mail server failed; `permanent` says whether trying again can help
└── CaseRefused              a rule forbids this act on this case; `key` names the rule
"""


class TakebackError(Exception):
    """Something went wrong in Takeback."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or (type(self).__doc__ or "").strip())


class InputError(TakebackError):
    """The input is not of the expected form."""

    def __init__(
        self, message: str, *, file: str | None = None, line: int | None = None, field: str | None = None
    ) -> None:
        self.message, self.file, self.line, self.field = message, file, line, field
        where = [part for part in (file, f"line {line}" if line is not None else None, field) if part]
        super().__init__(f"{', '.join(where)}: {message}" if where else message)

    def at(self, *, file: str | None = None, line: int | None = None) -> "InputError":
        """The same error, told with the place that only the caller knows."""
        return type(self)(self.message, file=file or self.file, line=line or self.line, field=self.field)


class SecretRefused(InputError):
    """The event carries a secret, which Takeback never stores."""


class SettingsError(TakebackError):
    """The set-up is not complete."""


class OutsideError(TakebackError):
    """A service did not do as it was asked."""

    def __init__(self, message: str, *, permanent: bool, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.permanent = permanent
        self.retry_after = retry_after  # seconds, when the service named them


class CaseRefused(TakebackError):
    """A rule of the case forbids this."""

    def __init__(self, key: str, message: str) -> None:
        super().__init__(message)
        self.key = key
