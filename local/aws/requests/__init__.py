"""requests of the local AWS."""


def install() -> None:
    """Nothing to add to MiniStack yet."""
