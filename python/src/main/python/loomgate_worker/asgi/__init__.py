"""ASGI 3 (https://asgi.readthedocs.io): what is an application of it, its scopes, its messages as frames, its lifespan.

Nothing here knows when a task begins or how the loop runs: that is mode `tasks`'s matter. Nothing here blocks.
"""
