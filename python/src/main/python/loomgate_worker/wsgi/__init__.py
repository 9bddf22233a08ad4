"""PEP 3333: calls the application, gives it its input, and makes frames of what it answers.

Nothing here decides when a request runs or how it waits: that is the mode's matter.
"""
