"""The process and its interpreter, which the program shares and may change: modules, descriptors, signals, forks, the log.

Nothing here knows frames or requests. `isolation` comes first of all: nothing before it may be imported that a program could
have put in its place.
"""
