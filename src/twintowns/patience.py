"""How long to wait for another machine, and how often to ask it again.

Source: https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3 (Retry-After).
"""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from secrets import SystemRandom


@dataclass(frozen=True)
class Patience:
    """How long to wait for another machine, and how often.

    Attributes:
        tries: How often a request is sent at most.
        first_s: The longest first wait; each may be twice as long as the one before.
        longest_s: The longest wait of all, also where the other side asks for more.
        connect_s: How long a connection may take.
        answer_s: How long the other side may be silent, or not take what is sent.
        whole_s: How long one request may take, sent and answered.
        sleep: What waits.
    """

    tries: int = 6
    first_s: float = 0.5
    longest_s: float = 60.0
    connect_s: float = 10.0
    answer_s: float = 300.0
    whole_s: float = 3600.0
    sleep: Callable[[float], None] = time.sleep

    def wait_s(self, attempt: int, told: str) -> float | None:
        """Return how long to wait after a failed attempt, counted from 0; None for giving up.

        Args:
            attempt: Which one failed.
            told: The `Retry-After` of the answer, seconds or a date; empty where there is none.
        """
        if attempt + 1 >= self.tries:
            return None
        asked = _seconds(told)
        if asked is not None:
            return asked if asked <= self.longest_s else None
        return SystemRandom().uniform(0, min(self.longest_s, self.first_s * 2**attempt))


def _seconds(told: str) -> float | None:
    """Return the seconds until a `Retry-After`, a number of them or a date; None if it is neither."""
    if re.fullmatch(r"[0-9]{1,9}", told):
        return float(told)
    try:
        when_s = parsedate_to_datetime(told).timestamp()
    except (ValueError, OverflowError, TypeError):
        return None
    return max(0.0, when_s - time.time())
