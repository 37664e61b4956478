"""One room for each kind of file: bytes in; articles, and reports on what is left out, one after another, out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from stance.errors import InputError
from stance.files.readers.archives import read_archive
from stance.files.readers.pages import read_page
from stance.files.readers.tables import read_rows
from stance.files.readers.text import read_text
from stance.files.readers.warc import read_warc
from stance.files.readers.word import read_word
from stance.files.sources import Finding, Missing, MissingExtraError, Skipped, Source


def _read_web(source: Source) -> Iterator[Finding]:
    from stance.files.readers.web import read_web  # what speaks to servers takes a while to import, and few ask for it

    return read_web(source)


_READERS: Mapping[str, Callable[[Source], Iterator[Finding]]] = {
    "text": read_text,
    "page": read_page,
    "warc": read_warc,
    "web": _read_web,
    "word": read_word,
}


def read_source(source: Source, columns: Mapping[str, str]) -> Iterator[Finding]:
    """Yield what a source holds; where it cannot be read, or not to its end, the last thing is the reason.

    ``columns`` says which column of a table is which field of an article.
    """
    try:
        if source.kind == "zip":
            yield from read_archive(source, lambda member: read_source(member, columns))
        elif source.kind in _READERS:
            yield from _READERS[source.kind](source)
        else:
            yield from read_rows(source, columns)
    except MissingExtraError as error:
        yield Missing(source.name, str(error))
    except InputError as error:
        yield Skipped(source.name, str(error))
    except UnicodeDecodeError as error:
        yield Skipped(source.name, f"damaged {error.encoding}: {error.reason}; the rest of the file is lost")
    except OSError as error:
        yield Skipped(source.name, f"cannot be read: {error.strerror or error}")
