"""Creation and change times from the one clock."""

from typing import TYPE_CHECKING, Any

from django.db import models

from prm import clock

if TYPE_CHECKING:
    _DateTimeField = models.DateTimeField[Any, Any]
else:
    _DateTimeField = models.DateTimeField


class CreatedAtField(_DateTimeField):
    """Set from the clock when the row is first written, unless it was set before."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """Return the value to write; the clock's time for a new row without one."""
        value = getattr(model_instance, self.attname)
        if add and value is None:
            value = clock.now()
            setattr(model_instance, self.attname, value)
        return value


class UpdatedAtField(CreatedAtField):
    """Set from the clock whenever the row is written through `save`."""

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """Return the clock's time."""
        value = clock.now()
        setattr(model_instance, self.attname, value)
        return value


class TimeStamped(models.Model):
    """Adds `created_at` and `updated_at`."""

    created_at = CreatedAtField()
    updated_at = UpdatedAtField()

    class Meta:
        abstract = True

    def change(self, **values: Any) -> None:
        """Set the named fields and write only them, and when."""
        for name, value in values.items():
            setattr(self, name, value)
        self.save(update_fields=[*values, "updated_at"])
