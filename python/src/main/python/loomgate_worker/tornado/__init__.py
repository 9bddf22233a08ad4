"""Tornado applications as ASGI's: what a handler writes becomes messages of ASGI, and what comes is given to it.

Nothing here imports Tornado: only a program that has done so has such an application. Nothing here knows a frame.
"""
