"""Flags as rectangles."""

import pytest

from twintowns.flags import HEIGHT, WIDTH, drawn


@pytest.mark.parametrize(
    ("code", "count"),
    [("DE", 3), ("LV", 5), ("FR", 3), ("SE", 3), ("NO", 5), ("PT", 0), ("", 0)],
)
def test_fields(code: str, count: int) -> None:
    """A flag of stripes or a cross is drawn; one with arms is not."""
    assert len(drawn(code)) == count


@pytest.mark.parametrize("code", ["DE", "EE", "FI", "NO", "BE", "LV"])
def test_whole_area(code: str) -> None:
    """The fields cover the flag, and none reaches beyond it."""
    fields = drawn(code)
    assert all(0 <= one.x <= one.x + one.width <= WIDTH for one in fields)
    assert all(0 <= one.y <= one.y + one.height <= HEIGHT + 0.01 for one in fields)
    stripes = [one for one in fields if WIDTH in (one.width, one.x + one.width)]
    assert max(one.y + one.height for one in stripes) == pytest.approx(HEIGHT, abs=0.01)
