"""By which address does a request come in? A line gives addresses over time, as its kind of provider does.

A home line keeps its address for months or for good; a carrier puts its customers behind a few shared addresses that
change by the hour; a proxy changes with every few requests; IPv6 keeps a prefix and changes the rest from day to day.
"""

from dataclasses import dataclass, field

from benchmarks.world import networks
from benchmarks.world.chance import Chance
from benchmarks.world.networks import Network, Shares
from benchmarks.world.timeline import DAY, HOUR, MINUTE


@dataclass(frozen=True, slots=True)
class Reach:
    """An address as a shop sees it."""

    ip: str
    asn: int
    country: str


@dataclass(eq=False, slots=True)
class Line:
    """A way into the net. `area` is where its addresses lie: a /16 and a stretch of its /24s, so many hosts of each.
    `hold` is the mean time in seconds that an address stays (0: for good). `v6` is the share of requests that go by
    IPv6 where the shop has it; `roams` says that the IPv6 prefix changes with the address.
    """

    network: Network
    chance: Chance
    areas: tuple[tuple[tuple[int, int], int, int], ...]
    hold: float = 0
    v6: float = 0.0
    roams: bool = False
    v6_network: Network | None = None
    _ip: str = ""
    _block: tuple[int, int] = (0, 0)
    _until: float = 0
    _prefix: str = ""
    _tails: dict[int, str] = field(default_factory=dict)

    def reach(self, now: int, *, dual: bool) -> Reach:
        """The address at `now` at a shop that has IPv6 (`dual`) or not."""
        if not self._ip or (self.hold and now > self._until):
            self._renew(now)
        if dual and self.v6 and self.chance.odds(self.v6):
            day = now // DAY
            tail = self._tails.setdefault(day, ":".join(f"{self.chance.below(65536):x}" for _ in range(4)))
            network = self.v6_network or self.network
            return Reach(f"{network.v6}:{self._prefix}:{tail}", network.asn, network.country)
        return Reach(self._ip, self.network.asn, networks.MISPLACED.get(self._block, self.network.country))

    def _renew(self, now: int) -> None:
        block, first, width = self.chance.pick(self.areas)
        self._block = block
        self._ip = f"{block[0]}.{block[1]}.{first + self.chance.below(width)}.{self.chance.between(1, 254)}"
        self._until = now + self.chance.wait(self.hold) + 30 if self.hold else 0
        if self.roams or not self._prefix:
            self._prefix = f"{self.chance.below(4096):x}:{self.chance.below(65536):x}"
            self._tails.clear()


def _stretch(chance: Chance, network: Network, width: int) -> tuple[tuple[int, int], int, int]:
    return chance.pick(network.blocks), chance.below(256 // width) * width, width


def home(chance: Chance, network: Network | None = None) -> Line:
    """A fixed line: four in ten keep their address for good, the others get a new one every few weeks or months."""
    network = network or chance.weighted(networks.HOME)
    hold = 0.0 if chance.odds(0.4) else chance.log_within(12, 250) * DAY
    other = chance.weighted(networks.HOME) if chance.odds(0.25) else None  # IPv6 through a wholesaler's network
    areas = tuple(_stretch(chance, network, 64) for _ in range(chance.between(1, 2)))
    return Line(network, chance, areas, hold, chance.weighted({0.0: 40, 0.85: 40, 0.6: 20}), v6_network=other)


def mobile(chance: Chance, network: Network | None = None) -> Line:
    """A phone's line: the carrier's shared addresses of a region, a new one every hour or two."""
    network = network or chance.weighted(networks.MOBILE)
    areas = tuple((chance.pick(network.blocks), 4 * chance.below(4), 4) for _ in range(chance.between(1, 3)))
    return Line(network, chance, areas, chance.log_within(0.3, 8) * HOUR, chance.pick((0.0, 0.5, 0.9)), roams=True)


def office(chance: Chance) -> Line:
    """A company's exit: one address for good, or a cloud proxy's few."""
    network = chance.weighted(networks.OFFICE)
    cloud = network.name in {"zscaler", "netskope"}
    return Line(network, chance, (_stretch(chance, network, 8 if cloud else 1),), 6 * HOUR if cloud else 0)


def relay(chance: Chance) -> Line:
    """What the maker of a phone puts between it and the shop: addresses of a content network, new every half hour."""
    network = chance.weighted(networks.RELAY)
    areas = tuple(_stretch(chance, network, 32) for _ in range(2))
    return Line(network, chance, areas, 40 * MINUTE, 0.5, roams=True)


def cafe(chance: Chance) -> Line:
    """A shop's, station's or hotel's free network."""
    network = chance.weighted(networks.CAFE)
    return Line(network, chance, (_stretch(chance, network, 8),), 3 * HOUR)


def abroad(chance: Chance, country: str) -> Line:
    """A household's, hotel's or phone's line in another country."""
    network = chance.weighted(networks.PEOPLE_ABROAD[country])
    areas = (_stretch(chance, network, 64),)
    return Line(network, chance, areas, chance.pick((0.0, 5 * DAY, 3 * HOUR)), chance.pick((0.0, 0.4)), roams=True)


def server(chance: Chance, shares: Shares) -> Line:
    """A rented machine: its address stays."""
    network = chance.weighted(shares)
    return Line(network, chance, (_stretch(chance, network, 1),), chance.pick((0.0, 20 * DAY)))


def vpn(chance: Chance, shares: Shares) -> Line:
    """A VPN provider's exits in a country: another at every connection, of a small range."""
    network = chance.weighted(shares)
    areas = tuple((chance.pick(network.blocks), 2 * chance.below(4), 2) for _ in range(chance.between(1, 3)))
    return Line(network, chance, areas, chance.log_within(0.5, 12) * HOUR)


def proxy(chance: Chance, network: Network) -> Line:
    """Other people's home lines and phones, rented by the minute: all over the provider's addresses."""
    areas = tuple(_stretch(chance, network, 128) for _ in range(4))
    return Line(network, chance, areas, chance.log_within(3, 90) * MINUTE, chance.pick((0.0, 0.0, 0.4)), roams=True)


def near(chance: Chance, line: Line) -> Line:
    """A line of the same provider in the same region: a neighbour's, or a proxy's that was asked for the town."""
    return Line(line.network, chance, line.areas, chance.log_within(5, 600) * MINUTE, line.v6, roams=True)
