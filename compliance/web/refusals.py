"""What a service refused, put beside the fields of the form that asked for it."""

from django.core.exceptions import ValidationError
from django.forms import BaseForm


def show_refusal(form: BaseForm, error: ValidationError) -> None:
    """Add a service's ValidationError to a form: by field where the form has it, else for the form as a whole."""
    by_field = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    for name, messages in by_field.items():
        for message in messages:
            form.add_error(name if name in form.fields else None, message)
