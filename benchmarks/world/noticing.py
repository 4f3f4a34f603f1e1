"""Does an owner see what was done? Many notice nothing for weeks; some call at once, some set about it themselves."""

from benchmarks.world import recovery, routine
from benchmarks.world.story import Story
from benchmarks.world.timeline import HOUR, Process


def perhaps(story: Story, loud: float) -> Process:
    """After something visible (`loud`: the chance that it is seen at all) the owner may see it, sooner or later."""
    chance = story.chance.branch(f"notice {story.now}")
    if not chance.odds(loud):
        return
    yield chance.around(9, 1.6) * HOUR
    if story.noticed:
        return
    if chance.odds(0.25):  # she calls at once and touches nothing
        story.noticed = True
        recovery.ends_soon(story)
        return
    yield from routine.visit(story, plan=lambda one: recovery.repair(story, one))
