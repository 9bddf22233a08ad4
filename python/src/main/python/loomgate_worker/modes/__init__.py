"""How a worker runs its requests: one at a time, in threads, or in greenlets on an event loop.

Nothing here loads an application or forks.
"""
