"""Says which words moved the model's label; reads the model while the first page is already being looked at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Lock, Timer
from typing import TYPE_CHECKING, Any

from stance.errors import StanceError
from stance.pipeline import CONTEXT_CHARS
from stance.records import Article, Span
from stance.targets.mentions import Issue, load_issues

if TYPE_CHECKING:
    from stance.model import StanceClassifier

_TOP = 5
# Seconds in which the page that asks first is answered.
_DELAY = 0.2


@dataclass(frozen=True, slots=True)
class Push:
    """A word or sign of the statement and how far it moved the label: towards it above 0, away from it below."""

    name: str
    kind: str
    value: float


@dataclass(frozen=True, slots=True)
class Why:
    """What moved the label: the strongest pushes each way; ``stance`` is what the model says of the row as it stands now."""

    model: str
    stance: str
    chances: Mapping[str, float]
    towards: tuple[Push, ...]
    away: tuple[Push, ...]


class Explainer:
    """Explains stances by a model: a file's, read at once, or the one that comes with stance.

    That is read in a thread of its own as soon as the first page has been answered, which need not wait for it.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._model: tuple[StanceClassifier, str] | None = None
        self._done = Event()
        self.problem = ""
        self._reader = Timer(_DELAY, self._read_quietly)
        self._reader.daemon = True
        self._starting = Lock()
        if path is not None:
            self._read()

    def _read(self) -> None:
        from stance.files.models import read_model

        self._model = read_model(self._path)
        self._done.set()

    def _read_quietly(self) -> None:
        try:
            self._read()
        except StanceError as error:
            self.problem = str(error)
            self._done.set()

    def is_ready(self, timeout: float = 0) -> bool:
        """Return whether the model is read, or cannot be, after waiting so many seconds for it."""
        with self._starting:
            if not self._done.is_set() and self._reader.ident is None:
                self._reader.start()
        return self._done.wait(timeout)

    @property
    def issues(self) -> tuple[Issue, ...]:
        """The issues of the model; before it is read, those that come with stance, which are the same."""
        return self._model[0].issues if self._model is not None else load_issues()

    def explain(self, row: Mapping[str, Any], article: Article | None, place: Span | None) -> Why | None:
        """Return what moved the label of a statement; None without a model or without words."""
        if self._model is None:
            return None
        from stance.evidence import explain_stance

        model, name = self._model
        about = dict(row)
        if article is not None and place is not None:
            about["context"] = article.text[max(0, place.start - CONTEXT_CHARS) : place.start]
        try:
            found = explain_stance(about, model, model_name=name)
        except StanceError:
            return None
        # A word counts for itself and with its issue or side; a reader asks what it did altogether.
        summed: dict[str, Push] = {}
        for one in found.features:
            known = summed.get(one.name, Push(one.name, one.kind, 0.0))
            summed[one.name] = Push(known.name, known.kind, known.value + dict(one.push)[found.stance])
        pushes = sorted(summed.values(), key=lambda push: -abs(push.value))
        return Why(
            model=name,
            stance=found.stance,
            chances=dict(found.probabilities),
            towards=tuple(one for one in pushes if one.value > 0)[:_TOP],
            away=tuple(one for one in pushes if one.value < 0)[:_TOP],
        )
