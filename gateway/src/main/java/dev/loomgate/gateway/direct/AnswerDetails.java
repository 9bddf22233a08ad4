package dev.loomgate.gateway.direct;

/// What else a process tells of a request that it has answered, where [DirectLimits#details] asks for it.
///
/// @param headBytes of the response's head, as it was sent
/// @param headerCount fields in that head
/// @param worker the process's number, from 1 on
/// @param pid the process's id
/// @param oneAtATime whether it runs one request at a time
public record AnswerDetails(int headBytes, int headerCount, int worker, long pid, boolean oneAtATime) {}
