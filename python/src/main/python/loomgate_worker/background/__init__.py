"""Processes that answer no requests: what they have in common (`process`), and a module for each kind of them.

Nothing here knows how a process is forked, or what a request is.
"""
