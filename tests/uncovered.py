"""What coverage does not look at: others do the same under its eyes, where all takes twice as long.

That pytest-cov knows `no_cover` is of no use here: in a worker of xdist, which is a process that another one
started, a second coverage takes over where the first one pauses.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.process import BaseProcess

import pytest
from coverage import Coverage
from coverage.multiproc import original_bootstrap


@contextmanager
def work() -> Iterator[None]:
    """Let what is done meanwhile, here and in the processes that are started, go unmeasured."""
    measuring: list[Coverage] = []
    while one := Coverage.current():
        one.stop()
        measuring.append(one)
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("COVERAGE_PROCESS_CONFIG", raising=False)
        patch.setattr(BaseProcess, "_bootstrap", original_bootstrap)
        try:
            yield
        finally:
            for one in reversed(measuring):
                one.start()
