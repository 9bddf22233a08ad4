"""ASGI 3 (https://asgi.readthedocs.io): what is one, its scopes, its messages as frames, its lifespan.

How tasks run is mode `tasks`'s matter (modes/tasks.py).
"""
