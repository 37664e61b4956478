"""Who stands where on which sanctions, ceasefire or peace process, read from English news.

>>> import stance
>>> table = stance.extract("Norway will not join the sanctions on Iran, Foreign Minister Kari Lund of Norway said.")
>>> table.loc[0, ["speaker", "speaker_actor", "target"]].tolist()
['Kari Lund', 'NOR', 'sanctions on Iran']
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from stance.api import SPARK_SCHEMA, explain, explain_stance, extract, find_attributions, label, label_frame, load_model
    from stance.model import StanceClassifier
    from stance.records import Article

__all__ = [
    "SPARK_SCHEMA",
    "Article",
    "StanceClassifier",
    "__version__",
    "explain",
    "explain_stance",
    "extract",
    "find_attributions",
    "label",
    "label_frame",
    "load_model",
]
__version__ = "0.1.0"

_PLACES = {
    "SPARK_SCHEMA": "stance.api",
    "Article": "stance.records",
    "StanceClassifier": "stance.model",
    "explain": "stance.api",
    "explain_stance": "stance.api",
    "extract": "stance.api",
    "find_attributions": "stance.api",
    "label": "stance.api",
    "label_frame": "stance.api",
    "load_model": "stance.api",
}


def __getattr__(name: str) -> Any:
    """Import the public names when they are first used, so that ``import stance`` takes no time."""
    if name not in _PLACES:
        msg = f"module 'stance' has no attribute {name!r}"
        raise AttributeError(msg)
    from importlib import import_module

    return getattr(import_module(_PLACES[name]), name)
