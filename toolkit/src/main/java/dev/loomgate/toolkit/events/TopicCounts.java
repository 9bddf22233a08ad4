package dev.loomgate.toolkit.events;

/// A topic's figures, for operators.
///
/// @param subscribers that listen now
/// @param published events since its beginning
/// @param dropped events that were left out for a slow subscriber ([WhenFull#DROP_OLDEST]), once for each
/// @param ended subscribers that were ended because they were too slow ([WhenFull#END])
/// @param refused subscribers for whom there was no place (maxSubscribers)
public record TopicCounts(int subscribers, long published, long dropped, long ended, long refused) {}
