"""What a process holds for its whole life is not searched again and again for what may go."""

import gc


def settle() -> None:
    """Set aside all that has been loaded so far: a full collection then looks only at what came after, a tenth of the pause."""
    gc.collect()
    gc.freeze()
