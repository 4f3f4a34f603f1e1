"""How is the story told? Stage by stage in a terminal, with progress; silently when it is told as data."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from email.message import EmailMessage

from rich.console import Console, RenderableType
from rich.panel import Panel
from rich.status import Status
from rich.table import Table
from rich.text import Text

from takeback.demo.mailbox import text_of
from takeback.words import say


class Teller:
    """Prints to standard output; nothing at all when `silent`."""

    def __init__(self, language: str, *, silent: bool) -> None:
        self.language = language
        self.console = Console(highlight=False, quiet=silent)

    def title(self) -> None:
        """The first line."""
        self.console.print(Panel(Text(self.say("title"), style="bold")))

    def stage(self, key: str) -> None:
        """The heading of a stage."""
        self.console.print(Text(f"\n{self.say(key)}", style="bold cyan"))

    def line(self, key: str, *, sign: str = "✓", **values: object) -> None:
        """One line under the heading."""
        self.console.print(Text(f"  {sign} {self.say(key, **values)}"), soft_wrap=True)

    def show(self, part: RenderableType) -> None:
        """Something drawn elsewhere."""
        self.console.print(part)

    @contextmanager
    def waiting(self, key: str, **values: object) -> Iterator[Status]:
        """A spinner while something takes its time; `status.update` changes its words."""
        with self.console.status(self.say(key, **values)) as status:
            yield status

    def mail(self, key: str, mail: EmailMessage, **values: object) -> None:
        """A mail as its reader gets it."""
        head = f"To: {mail['To']}\nSubject: {mail['Subject']}\n\n"
        self.console.print(
            Panel(Text(head + text_of(mail).strip()), title=self.say(key, **values), border_style="blue")
        )

    def table(self, key: str, rows: Mapping[str, tuple[str, bool]]) -> None:
        """A short table: what, how it went, and whether that is as it should be."""
        self.stage(key)
        table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2))
        for what, (how, good) in rows.items():
            table.add_row(Text("✓" if good else "✗", style="green" if good else "bold red"), what, how)
        self.console.print(table)

    def listed(self, items: Iterable[str]) -> str:
        """Several things in one line, with the commas of the language."""
        return ("、" if self.language == "ja" else ", ").join(items)

    def sentences(self, items: Iterable[str]) -> str:
        """Several sentences in one line."""
        return ("" if self.language == "ja" else " ").join(items)

    def say(self, key: str, **values: object) -> str:
        """The demo's words for a key."""
        return say(self.language, f"demo.{key}", **values)
