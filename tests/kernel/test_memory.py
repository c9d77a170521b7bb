"""What a process sets aside from collections."""

import gc

import pytest

from maiia_pro.kernel import memory

pytestmark = pytest.mark.unit


def test_what_is_loaded_is_set_aside_from_collections():
    try:
        memory.settle()
        assert gc.get_freeze_count() > 0
    finally:
        gc.unfreeze()
