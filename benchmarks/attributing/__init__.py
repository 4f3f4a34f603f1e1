"""How well is it told who did what? The attribution measured on lives whose truth is known, Freeman et al. beside it.

`world` names the lives, `strands` cuts them by the truth, `judging` and `baseline` judge them, `measures` defines what
is counted, `targets` what it is held to, `running` does it on all cores, `report` prints it, `misses` shows the worst.
"""
