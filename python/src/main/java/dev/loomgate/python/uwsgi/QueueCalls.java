package dev.loomgate.python.uwsgi;

import dev.loomgate.python.shared.SharedQueue;
import dev.loomgate.python.wire.MarshalWriter;
import org.jspecify.annotations.Nullable;

/// The calls whose names begin with `queue_`.
///
/// @param queue null if there is none
record QueueCalls(@Nullable SharedQueue queue) {
    void answer(String name, CallArguments arguments, MarshalWriter answer) {
        if (queue == null) {
            throw new IllegalArgumentException("there is no queue");
        }
        switch (name) {
            case "queue_get" -> answer.bytesOrNone(queue.get(arguments.number(1)));
            case "queue_set" -> answer.bool(queue.set(arguments.number(1), arguments.bytes(2)));
            case "queue_push" -> answer.bool(queue.push(arguments.bytes(1)));
            case "queue_pop" -> answer.bytesOrNone(queue.pop());
            case "queue_pull" -> answer.bytesOrNone(queue.pull());
            case "queue_slot" -> answer.integer(queue.pushSlot());
            case "queue_pull_slot" -> answer.integer(queue.pullSlot());
            default -> throw UwsgiCalls.unknown(name);
        }
    }
}
