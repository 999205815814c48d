from django.urls import path

from .views import budget, covering, criteria, demands, exits, phases, programmes, selection, timing

app_name = "programmes"
urlpatterns = [
    path("", programmes.programmes, name="list"),
    path("new/", programmes.create, name="create"),
    path("<uuid:programme>/", programmes.programme, name="programme"),
    path("<uuid:programme>/change/", programmes.change, name="change"),
    path("<uuid:programme>/close/", programmes.close, name="close"),
    path("<uuid:programme>/phases/", phases.phases, name="phases"),
    path("<uuid:programme>/criteria/", criteria.criteria, name="criteria"),
    path("<uuid:programme>/criteria/<uuid:requirement>/leave-out/", criteria.leave_out, name="leave_out"),
    path("<uuid:programme>/criteria/<uuid:requirement>/take-in/", criteria.take_in, name="take_in"),
    path("<uuid:programme>/timing/", timing.timing, name="timing"),
    path("<uuid:programme>/timing/pace/", timing.change_pace, name="pace"),
    path("<uuid:programme>/exits/", exits.exits, name="exits"),
    path("<uuid:programme>/selection/", selection.selection, name="selection"),
    path("<uuid:programme>/selection/write/", selection.write, name="write_selection"),
    path("<uuid:programme>/selection/approve/", selection.approve, name="approve_selection"),
    path("<uuid:programme>/demands/add/", demands.add, name="add_demand"),
    path("<uuid:programme>/demands/<uuid:demand>/change/", demands.change, name="change_demand"),
    path("<uuid:programme>/demands/<uuid:demand>/remove/", demands.remove, name="remove_demand"),
    path("<uuid:programme>/budget/", budget.budget, name="budget"),
    path("<uuid:programme>/budget/add/", budget.add, name="add_budget_line"),
    path("<uuid:programme>/budget/<uuid:budget_line>/change/", budget.change, name="change_budget_line"),
    path("<uuid:programme>/budget/<uuid:budget_line>/remove/", budget.remove, name="remove_budget_line"),
    path("<uuid:programme>/services/", covering.covered, name="services"),
    path("<uuid:programme>/services/choose/", covering.cover, name="cover"),
]
