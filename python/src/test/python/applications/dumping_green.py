"""The same in a program that has made its threads greenlets."""

from gevent import monkey

monkey.patch_all()

from dumping import application  # noqa: E402, F401
