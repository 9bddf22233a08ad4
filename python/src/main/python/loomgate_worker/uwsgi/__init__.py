"""The module `uwsgi` that applications may import, and its calls to the JVM.

Nothing here is needed by a request that doesn't use it.
"""
