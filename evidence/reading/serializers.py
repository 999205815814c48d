"""What was read and found inside evidence, as the API shows and takes it."""

from __future__ import annotations

from rest_framework import serializers

from compliance.web.serializers import Input, Output, Text

from .models import Document, Level, LintAnswer, LintFinding


class DocumentSerializer(Output):
    """A version as it was read. `facts` are the file's own; `snippet` is what stands about the words that `contains` asks for."""

    version = serializers.UUIDField(source="version_id")
    artefact = serializers.UUIDField(source="version.artefact_id")
    facts = serializers.DictField(help_text="Such as `made`, `changed`, `with`, `pages`, `rows`, `width`, `height`.")
    snippet = serializers.SerializerMethodField()

    class Meta:
        model = Document
        fields = ["id", "version", "artefact", "searchable", "reason", "facts", "snippet", "read_at"]

    def get_snippet(self, document: Document) -> str:
        return str(getattr(document, "snippet", "") or "")


class LintAnswerSerializer(Output):
    """What was answered to a finding, and by whom."""

    class Meta:
        model = LintAnswer
        fields = ["id", "text", "answered_by", "answered_at"]


class LintFindingSerializer(Output):
    """What an auditor would bounce of a version: a finding, a suspicion, or a question that a person has to answer."""

    version = serializers.UUIDField(source="version_id")
    level = serializers.ChoiceField(choices=Level.choices)
    answers = LintAnswerSerializer(many=True)

    class Meta:
        model = LintFinding
        fields = ["id", "version", "rule", "level", "said", "found_at", "answers"]


class LintAnswerInput(Input):
    """Why it is right all the same, or what is seen on it."""

    text = Text(max_length=2_000)
