"""What a workspace's whole life leaves on the disk is its owner's alone."""

import os
import stat
from pathlib import Path

import pytest
from conversing import Talk, plan_in, result_in

pytestmark = pytest.mark.terraform


async def test_a_workspaces_life_leaves_nothing_that_others_may_read(
    talk: Talk,
) -> None:
    before = os.umask(0)
    try:
        plan_in(await talk.say("dev workspace dbw-fern-dev for team fern, etl, 1 to 2 workers"))
        assert result_in(await talk.say("yes")).status == "succeeded"
    finally:
        os.umask(before)
    found = [path for path in (talk.home, *talk.home.rglob("*")) if not path.is_symlink()]
    assert len(found) > 20
    assert [f"{path} {_mode(path):o}" for path in found if _mode(path) & 0o077] == []


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)
