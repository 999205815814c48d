"""How the story changes a thing of moto's and puts it back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sample.aws.estate import Estate
from sample.base import Planted

if TYPE_CHECKING:
    from sample.aws.world import AwsWorld

Change = Callable[["AwsWorld"], None]


def setting(find: Callable[[], Any], attribute: str, value: Any) -> tuple[Change, Change]:
    """Set an attribute, and set it back to what it was."""
    before: list[Any] = []

    def plant(world: AwsWorld) -> None:
        thing = find()
        before.append(getattr(thing, attribute))
        setattr(thing, attribute, value)

    def mend(world: AwsWorld) -> None:
        setattr(find(), attribute, before.pop())

    return plant, mend


def doing(act: Callable[[], Any], undo: Callable[[], Any] | None = None) -> tuple[Change, Change]:
    """Do something, and undo it."""

    def plant(world: AwsWorld) -> None:
        act()

    def mend(world: AwsWorld) -> None:
        if undo is not None:
            undo()

    return plant, mend


def nothing() -> tuple[Change, Change]:
    """For what happens by itself, or along with another defect's change."""
    return doing(lambda: None)


def defect(
    estate: Estate, id: str, days: tuple[int, int | None], check: str, resources: str | tuple[str, ...], title: str,
    change: tuple[Change, Change],
) -> Planted:  # fmt: skip
    """One defect of an account. `days`: the first on which its check fails, and the first on which it is met again."""
    plant, mend = change
    named = (resources,) if isinstance(resources, str) else resources

    def planting(world: AwsWorld) -> None:
        world.settle()  # the thing to change may have come by itself since anybody looked
        plant(world)
        world.changed()

    def mending(world: AwsWorld) -> None:
        world.settle()
        mend(world)
        world.changed()

    return Planted(
        id=f"{estate.slug}:{id}", connection=estate.slug, day=days[0], until=days[1], check=check, resources=named,
        title=title, plant=planting, mend=mending,
    )  # fmt: skip
