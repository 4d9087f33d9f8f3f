"""The errors debulk raises. Each is one sentence that names the remedy; none quotes the note."""


class DebulkError(Exception):
    """Base of every error that debulk raises on purpose."""


class InputError(DebulkError):
    """An input could not be read as an operative note or an archive of notes."""


class UsageError(DebulkError):
    """The caller asked for something that does not exist or does not fit together."""


class ModelError(DebulkError):
    """A model folder is missing, altered, or made by an incompatible version."""


class KnowledgeError(DebulkError):
    """A knowledge table has a row that cannot be read."""


class ReferenceFileError(DebulkError):
    """A file of the user's own (NCCI, MUE, fee schedule, descriptors) is not what it should be."""


class CorpusError(DebulkError):
    """A corpus note or its gold breaks the corpus rules."""
