"""Images as networks want them: float32, from 0 to 1, with a channel axis."""

from __future__ import annotations

import numpy as np

from engine.datasets.spec import Floats, Targets

BRIGHTEST = 255


def scaled_bytes(values: Targets) -> Floats:
    """Bring bytes from 0..255 to 0..1; images (n, h, w) get a channel axis."""
    if values.ndim == 3:
        values = values[..., np.newaxis]
    scaled: Floats = values.astype(np.float32)
    scaled /= BRIGHTEST
    return scaled


def enlarged(images: Floats, size: int) -> Floats:
    """Enlarge gray images (n, h, w) bilinearly to size × size."""
    from PIL import Image

    return np.stack(
        [
            np.asarray(Image.fromarray(image).resize((size, size), Image.Resampling.BILINEAR))
            for image in images
        ]
    )
