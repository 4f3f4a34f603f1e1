"""How would the baseline judge a sign-in? By the risk score of Freeman et al., the model that ours is compared with.

Source: D. Freeman, S. Jain, M. Dürmuth, B. Biggio, G. Giacinto, "Who Are You? A Statistical Approach to Measuring User
Authenticity", NDSS 2016; in the form that S. Wiefling, M. Dürmuth, L. Lo Iacono, "What's in Score for Website Users",
FC 2021, use where no data on attacks is at hand:

    S_u(x) = prod_k [ p(x_k) / p(x_k | u, L) ] · p(u | A) / p(u | L)

x is the sign-in, x_k a feature of it, u the account, L "legitimate" and A "attack". A high score is a high risk.
The papers fit their smoothing weights to data that nobody else has; ours are named below and stand fixed.
"""

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

Levels = tuple[str | None, ...]  # one feature, from the narrowest value to the widest; None where it is not known

ADDRESS_WEIGHTS = (0.6, 0.3, 0.1)  # address, network (ASN), country: lambda_l of the linear interpolation
AGENT_WEIGHTS = (0.5, 0.25, 0.15, 0.1)  # whole string, browser and version, browser family, system and device
WEIGHTS = (ADDRESS_WEIGHTS, AGENT_WEIGHTS)
ALPHA = 1.0  # additive (Laplace) smoothing of the population's counts

FAMILIES = (
    ("Edge", re.compile(r"\b(?:EdgA|EdgiOS|Edge|Edg)/([\d.]+)")),
    ("Opera", re.compile(r"\b(?:OPR|Opera)/([\d.]+)")),
    ("Samsung", re.compile(r"\bSamsungBrowser/([\d.]+)")),
    ("Firefox", re.compile(r"\b(?:Firefox|FxiOS)/([\d.]+)")),
    ("Chrome", re.compile(r"\b(?:Chrome|CriOS|HeadlessChrome)/([\d.]+)")),
    ("Safari", re.compile(r"\bVersion/([\d.]+).*\bSafari\b")),
)  # the first that fits: each of the later names also stands in the strings of the earlier
SYSTEMS = ("Windows", "iPhone", "iPad", "Android", "CrOS", "Mac OS X", "Macintosh", "Linux")
FIRST_WORD = re.compile(r"([A-Za-z][\w .-]*?)(?:[/ ]v?(\d[\d.]*))?(?:[\s;(]|$)")


@dataclass(frozen=True, slots=True)
class SignIn:
    """x of the papers: who is asked for, and each feature with what it backs off to."""

    account: str
    features: tuple[Levels, ...]


def sign_in(account: str, ip: str | None, asn: object, country: str | None, user_agent: str | None) -> SignIn:
    """The sign-in with the two features of the papers: the address, and the user agent as read from its string."""
    network = None if asn in (None, "") else str(asn).upper().removeprefix("AS")
    return SignIn(account, ((ip or None, network, country or None), agent(user_agent)))


def agent(text: str | None) -> Levels:
    """The string; browser and version; browser family; system and device. All None for no string."""
    if not text:
        return (None, None, None, None)
    family, version = _browser(text)
    system = next((name for name in SYSTEMS if name in text), "other")
    device = "mobile" if "Mobile" in text or system in ("iPhone", "iPad", "Android") else "desktop"
    return (text, f"{family} {version}", family, f"{system} {device}")


def _browser(text: str) -> tuple[str, str]:
    for name, pattern in FAMILIES:
        if found := pattern.search(text):
            return name, found[1].partition(".")[0]
    found = FIRST_WORD.match(text)
    return (found[1], (found[2] or "").partition(".")[0]) if found else (text, "")


@dataclass(slots=True)
class History:
    """What some sign-ins were, counted: of one account, or of all."""

    sign_ins: int = 0
    counts: dict[tuple[int, int], Counter[str]] = field(default_factory=dict)  # by feature and level
    known: Counter[tuple[int, int]] = field(default_factory=Counter)  # sign-ins in which that level was known

    def learn(self, seen: SignIn) -> None:
        """Count one sign-in."""
        self.sign_ins += 1
        for feature, levels in enumerate(seen.features):
            for level, value in enumerate(levels):
                if value is not None:
                    self.counts.setdefault((feature, level), Counter())[value] += 1
                    self.known[(feature, level)] += 1

    def share(self, feature: int, level: int, value: str) -> float:
        """Maximum-likelihood share of the value among the sign-ins in which the level was known; 0 for none."""
        many = self.known[(feature, level)]
        return self.counts[(feature, level)][value] / many if many else 0.0

    def distinct(self, feature: int, level: int) -> int:
        """How many values were seen."""
        return len(self.counts.get((feature, level), ()))


class Freeman:
    """The model: counts of the population and of each account, learned as sign-ins come."""

    def __init__(self) -> None:
        self.population = History()
        self.accounts: dict[str, History] = {}
        self._users = 0  # |U|, those since forgotten included

    def learn(self, seen: SignIn) -> None:
        """Take a sign-in as the account's own (L): into its history and the population's."""
        self._users += seen.account not in self.accounts
        self.learn_own(seen)
        self.population.learn(seen)

    def learn_own(self, seen: SignIn) -> None:
        """Take a sign-in into the account's history alone, where the population has counted both before."""
        self.accounts.setdefault(seen.account, History()).learn(seen)

    def learn_other(self, seen: SignIn, *, new: bool) -> None:
        """Take a sign-in into the population alone, for an account that will never be scored; `new`: its first."""
        self._users += new
        self.population.learn(seen)

    def forget_accounts(self) -> None:
        """Keep what was learned of the population alone, and of how many accounts it was."""
        self.accounts.clear()

    def score(self, seen: SignIn) -> float:
        """S_u(x) as its logarithm, which keeps the order and does not overflow."""
        return self.likelihood(seen) + math.log(self.user_term(seen.account))

    def likelihood(self, seen: SignIn) -> float:
        """The logarithm of prod_k [ p(x_k) / p(x_k | u, L) ] alone: S where accounts are attacked as they are used,
        p(u | A) = p(u | L), so that an account's age is neither for it nor against it.
        """
        own = self.accounts.get(seen.account, History())
        return sum(math.log(self._ratio(feature, levels, own)) for feature, levels in enumerate(seen.features))

    def user_term(self, account: str) -> float:
        """p(u | A) / p(u | L): every account is attacked alike, 1/|U|; and is itself by its share of all sign-ins.

        Both with one sign-in added for each account, so that a new account is not infinitely suspect.
        """
        history = self.accounts.get(account)
        own, accounts = (history.sign_ins, self._users) if history else (0, self._users + 1)
        legitimate = (own + ALPHA) / (self.population.sign_ins + ALPHA * accounts)
        return (1 / accounts) / legitimate

    def global_probability(self, feature: int, level: int, value: str) -> float:
        """p(x_k) at one level of back-off, additively smoothed: an unseen value has the share of one more value."""
        population = self.population
        counted = population.counts.get((feature, level), Counter())[value]
        return (counted + ALPHA) / (
            population.known[(feature, level)] + ALPHA * (population.distinct(feature, level) + 1)
        )

    def _ratio(self, feature: int, levels: Levels, own: History) -> float:
        """p(x_k) / p(x_k | u, L) with the papers' back-off and linear interpolation.

        p(x|u,L) = (1 - m_u) · sum_l lambda_l · p(x_l|u) · p(x|x_l) + m_u · p(x), x_l being what x backs off to, so that
        p(x|x_l) = p(x)/p(x_l), and p(x) cancels from the ratio. m_u is the mass kept for values that u has not shown
        yet, by Witten and Bell: distinct values over sign-ins and distinct values. With no history m_u is 1 and the
        ratio 1: nothing is known, so nothing is suspect. A level that is not known takes no part.
        """
        known = [(level, value) for level, value in enumerate(levels) if value is not None]
        if not known:
            return 1.0
        narrowest = known[0][0]
        many = own.known[(feature, narrowest)]
        distinct = own.distinct(feature, narrowest)
        unseen = distinct / (many + distinct) if many else 1.0
        weights = normal([WEIGHTS[feature][level] for level, _ in known])
        lift = sum(
            weight * own.share(feature, level, value) / self.global_probability(feature, level, value)
            for weight, (level, value) in zip(weights, known, strict=True)
        )
        return 1 / ((1 - unseen) * lift + unseen)


def normal(weights: Sequence[float]) -> list[float]:
    """The weights, summing to 1."""
    total = sum(weights)
    return [weight / total for weight in weights]
