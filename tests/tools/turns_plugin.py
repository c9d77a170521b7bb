"""Pytest plugin: keeps the files of one turn, `MAIIA_TEST_TURN=2/3` being the second of three; every file has exactly one."""

import os
from collections import Counter
from collections.abc import Mapping

import pytest


def dealt(sizes: Mapping[str, int], turns: int) -> dict[str, int]:
    """Deal files to turns, the largest first and each to the turn that has least: the turn of each, from 1."""
    load = dict.fromkeys(range(1, turns + 1), 0)
    turn = {}
    for file in sorted(sizes, key=lambda file: (-sizes[file], file)):
        turn[file] = min(load, key=load.__getitem__)
        load[turn[file]] += sizes[file]
    return turn


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deal what is left once marks are chosen: whole files, so that what a file shares is made once."""
    mine, turns = (int(number) for number in os.environ.get("MAIIA_TEST_TURN", "1/1").split("/"))
    turn = dealt(Counter(str(item.path) for item in items), turns)
    config.hook.pytest_deselected(items=[item for item in items if turn[str(item.path)] != mine])
    items[:] = [item for item in items if turn[str(item.path)] == mine]
