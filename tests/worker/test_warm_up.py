"""What the engine does before anybody asks it for something."""

from __future__ import annotations

import gc

from engine.worker.warm_up import keep_out_of_garbage, warm_up


def test_what_stays_for_ever_is_left_out_of_searches_for_garbage() -> None:
    warm_up()
    before = len(gc.get_objects())
    try:
        keep_out_of_garbage()
        assert gc.get_freeze_count() > 100_000
        assert len(gc.get_objects()) < before / 10
    finally:
        gc.unfreeze()
