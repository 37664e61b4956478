"""The errors that stance raises on purpose."""


class StanceError(Exception):
    """Base of every error raised on purpose; the command line prints it and exits."""


class InputError(StanceError, ValueError):
    """What the user handed over cannot be used as it is."""


class ModelError(StanceError):
    """A model file is missing, damaged, or made by something this version cannot read."""


class GateError(StanceError):
    """A new model is worse than the old one, or there is nothing to compare the two on."""


class EngineError(StanceError):
    """A run could not go on: a worker died, or what it resumes is not what it was begun with."""
