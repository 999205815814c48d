"""Searching inside documents. What is asked is told to the database as a setting, because the policy reads it (0022)."""

from __future__ import annotations

from uuid import UUID

from django.db import DatabaseError, connection, transaction
from django.db.models import F, QuerySet, TextField, Value
from django.db.models.functions import Greatest, Lower, StrIndex, Substr

from ..models import Artefact
from .models import Document, Words

_MOST_WORDS, _LONGEST_WORD = 12, 60
_BEFORE, _LENGTH = 70, 240
#: Characters that always fit into one entry of the index, whatever they are.
_CERTAIN = 40_000


def words_of(text: str) -> list[str]:
    """What is looked for: each word, in small letters."""
    plain = text.replace("\0", " ").encode("utf-8", "replace").decode()
    return [each[:_LONGEST_WORD].lower() for each in plain.split()[:_MOST_WORDS]]


def ask(text: str) -> bool:
    """Tell the database what is looked for, until the transaction ends; false where there is no word in it.

    Every word has to be there, or begin one that is.
    """
    terms = " & ".join(_quoted(each) for each in words_of(text) if any(sign.isalnum() for sign in each))
    if not terms:
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.search', to_tsquery('simple', %s)::text, true)", [terms])
        return bool(cursor.fetchone()[0])


def _quoted(word: str) -> str:
    inner = word.replace("\\", "\\\\").replace("'", "''")
    return f"'{inner}':*"


def documents_with(text: str) -> QuerySet[Document]:
    """Documents that hold all the words, the newest first."""
    if not ask(text):
        return Document.objects.none()
    return Document.objects.filter(pk__in=Words.objects.values("document_id")).order_by("-id")


def artefacts_with(text: str) -> QuerySet[Artefact]:
    """Artefacts of which some version holds all the words."""
    return Artefact.objects.filter(pk__in=documents_with(text).order_by().values("version__artefact_id"))


def with_snippets(found: QuerySet[Document], text: str) -> QuerySet[Document]:
    """Each document with `snippet`: what stands about the first of the words."""
    first = next(iter(words_of(text)), "")
    at = StrIndex(Lower("text"), Value(first, output_field=TextField()))
    return found.annotate(snippet=Substr(F("text"), Greatest(at - _BEFORE, 1), _LENGTH)).defer("text")


def snippets_of(artefact_ids: list[UUID], text: str) -> dict[UUID, Document]:
    """Of each artefact the newest document that holds the words, with its version and a snippet. One query."""
    found = with_snippets(documents_with(text).filter(version__artefact_id__in=artefact_ids), text)
    newest = found.select_related("version").order_by("version__artefact_id", "-version__number")
    return {each.version.artefact_id: each for each in newest.distinct("version__artefact_id")}


def keep_words(document: Document) -> None:
    """Make a document that was just read searchable; of one with more words than an index entry may hold, its beginning."""
    for most in (len(document.text), _CERTAIN):
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(_KEEP, [document.pk, most, document.pk])
            return
        except DatabaseError:
            if most == _CERTAIN:
                raise


_KEEP = """
INSERT INTO evidence_reading_words (id, organization_id, document_id, words)
SELECT %s, organization_id, id, to_tsvector('simple', left(text, %s)) || array_to_tsvector(ARRAY[organization_id::text])
FROM evidence_reading_document WHERE id = %s
"""
