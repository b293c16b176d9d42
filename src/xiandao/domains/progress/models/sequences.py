"""Numbers without gaps: of results, problems and letters, year by year."""

from django.db import models


class Sequence(models.Model):
    """The last number given in a year. Its row is locked until the transaction that takes a number ends."""

    name = models.CharField(max_length=30)
    year = models.PositiveIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "year"], name="one_sequence_a_year")]

    def __str__(self) -> str:
        return f"{self.name} {self.year}: {self.last}"

    @classmethod
    def hold(cls, name: str, year: int) -> "Sequence":
        """Return a sequence locked until the transaction ends."""
        cls.objects.get_or_create(name=name, year=year)
        return cls.objects.select_for_update().get(name=name, year=year)

    @classmethod
    def take(cls, name: str, year: int, count: int = 1) -> int:
        """Take `count` numbers and return the first. Must be called inside the transaction that uses them."""
        row = cls.hold(name, year)
        first = row.last + 1
        row.last += count
        row.save(update_fields=["last"])
        return first
