"""An import that fails."""


def deep():
    raise RuntimeError("the database is on fire")


deep()
