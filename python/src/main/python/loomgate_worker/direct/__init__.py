"""Direct mode: workers that take connections themselves, read their packets and answer what is plain; the rest is handed over.

Nothing here decides what a bad request is answered: that is the JVM's.
"""
