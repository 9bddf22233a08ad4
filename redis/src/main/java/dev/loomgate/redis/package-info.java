/// What several servers share, in Redis: [RedisSessions], a [RedisCache], [RedisRateLimits], a
/// [RedisTopic] and a [RedisQueue], each over one [Redis], the connection.
///
/// A call waits in the thread that makes it, which is a microthread in a server: no loop is held. While
/// Redis is gone nobody waits for it: each feature does what its `WhenGone` says. No type of Lettuce is
/// in what applications see.
package dev.loomgate.redis;
