"""The process that imports the application once and forks the workers, and what a worker begins with: commands and events,
children and their output.

Nothing here is imported by another folder: it is on top of them.
"""
