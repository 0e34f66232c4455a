"""Does four times as much cost four times the work, or sixteen?"""

import gc
import time
from collections.abc import Callable

TRIALS = 5


def is_a_square(less: Callable[[], object], four_times: Callable[[], object]) -> bool:
    """Whether *four_times* costs more than eight times *less* in every trial: chance may spoil one, never all."""
    return all(cost(four_times) >= 8 * max(cost(less), 0.02) for _ in range(TRIALS))


def cost(work: Callable[[], object]) -> float:
    """The CPU seconds of one trial, without the collector, which walks through whatever other tests left."""
    gc.collect()
    gc.disable()
    try:
        begun = time.process_time()
        work()
        return time.process_time() - begun
    finally:
        gc.enable()
