"""What migrations add in place is what a step that runs Python finds."""

from __future__ import annotations

from django.db import models
from django.db.migrations.operations import AddField, AlterField, CreateModel, RunPython
from django.db.migrations.state import ProjectState

from compliance.tenancy.growing_states import growing_states


def _grown(state: ProjectState, *operations) -> ProjectState:
    state.apps  # noqa: B018 - built, as between two steps of a migration
    for operation in operations:
        operation.state_forwards("shop", state)
    return state


def _shop() -> ProjectState:
    state, key = ProjectState(), models.BigAutoField(primary_key=True)
    for name, fields in (("Firm", []), ("Order", [("firm", models.ForeignKey("shop.Firm", models.CASCADE))])):
        CreateModel(name, [("id", key), *fields]).state_forwards("shop", state)
    return state


ADDED = (
    CreateModel("Person", [("id", models.BigAutoField(primary_key=True))]),
    AddField("order", "buyer", models.ForeignKey("shop.Person", models.CASCADE, related_name="orders", default=1), preserve_default=False),
    AddField("firm", "name", models.CharField(max_length=10)),
    AlterField("firm", "name", models.CharField(max_length=20)),
)


def test_a_step_of_python_finds_every_model_as_it_is_now_with_its_relations():
    found = []
    with growing_states():
        state = _grown(_shop(), *ADDED)
        state.clear_delayed_apps_cache()  # as RunPython does
        RunPython(lambda apps, _: found.extend(apps.get_models())).code(state.apps, None)
    models_of = {model.__name__: model for model in found}
    firm, order, person = models_of["Firm"], models_of["Order"], models_of["Person"]
    assert firm._meta.get_field("name").max_length == 20
    assert order._meta.get_field("firm").related_model is firm
    assert order._meta.get_field("buyer").related_model is person
    assert [each.name for each in person._meta.related_objects] == ["orders"]
    assert not order._meta.get_field("buyer").has_default()


def test_the_state_after_it_is_the_one_that_django_arrives_at():
    with growing_states():
        ours = _grown(_shop(), *ADDED)
    assert ours == _grown(_shop(), *ADDED)


def test_the_state_before_stays_as_it_was():
    before = _shop()
    before.apps  # noqa: B018
    with growing_states():
        _grown(before.clone(), *ADDED)
    assert [field.name for field in before.apps.get_model("shop", "Firm")._meta.get_fields()] == ["order", "id"]
