"""In which world is attribution measured? A simulated one, written from descriptions and not from the model.

`training` and `test` give accounts of different people and years; `README.md` tells the kinds, the rates and what is
not covered.
"""

from benchmarks.world.journal import Life
from benchmarks.world.making import HONEST, INTRUDERS, ORDINARY, life, lives, test, training

__all__ = ["HONEST", "INTRUDERS", "ORDINARY", "Life", "life", "lives", "test", "training"]
