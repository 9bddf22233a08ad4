"""What travels between a worker and the JVM (docs/worker-protocol.md): frames, connections, an exchange as frames.

Nothing here calls an application, or knows which interface it is written for and which mode runs it.
"""
