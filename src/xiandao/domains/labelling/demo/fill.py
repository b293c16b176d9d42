"""In the making."""


def fill_demo() -> None:
    """Fill nothing yet."""
