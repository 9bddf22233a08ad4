"""Direct mode: the worker takes connections from the server's listening socket itself, and answers what is plain.

Everything else it hands over to the JVM (docs/worker-protocol.md, "Direct mode"): no rule about what is refused, limited or
streamed is written twice. What is here only decides that something is plain, and where it doubts, it isn't.
Nothing here refuses a request, waits for a client, or knows in which mode requests run.
"""
