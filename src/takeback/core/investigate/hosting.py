"""Which networks are data centres? Where people rent machines, and seldom live.

Autonomous system numbers of large hosting companies, as the regional registries name them. To come from one is a hint
and no more: offices and commercial VPNs do, too. What is not listed says nothing.
"""

HOSTING = frozenset(
    {
        *("16509", "14618", "8987"),  # Amazon
        *("15169", "396982", "19527"),  # Google
        *("8075", "8068"),  # Microsoft
        "14061",  # DigitalOcean
        *("24940", "213230"),  # Hetzner
        *("16276", "35540"),  # OVH
        "63949",  # Akamai (Linode)
        "20473",  # Vultr
        *("60781", "28753", "16265", "396362"),  # Leaseweb
        *("51167", "40021"),  # Contabo
        "12876",  # Scaleway
        *("9009", "42831"),  # M247, UK Dedicated Servers
        *("45102", "37963", "45090", "132203"),  # Alibaba, Tencent
        *("31898", "36351"),  # Oracle, SoftLayer
        *("60068", "212238"),  # Datacamp
        *("9370", "9371", "7684"),  # SAKURA internet
        "7506",  # GMO Internet
        *("53667", "36352"),  # FranTech, ColoCrossing
        *("49981", "202425", "200019", "57043"),  # WorldStream, IP Volume, AlexHost, Hostkey
        *("62240", "136787", "147049"),  # Clouvider, PacketHub, PacketHub
        *("206092", "209854"),  # Internet Utilities, Cyberzone
        *("25820", "8100", "46606", "26347"),  # IT7, QuadraNet, Unified Layer, DreamHost
        *("197540", "34788", "61317"),  # netcup, Neue Medien Muennich, Hivelocity
    }
)
