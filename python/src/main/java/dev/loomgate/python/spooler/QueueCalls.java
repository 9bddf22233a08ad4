package dev.loomgate.python.spooler;

import dev.loomgate.python.ProgramQueue;
import dev.loomgate.python.SpoolPlace;
import dev.loomgate.python.uwsgi.CallArguments;
import dev.loomgate.python.uwsgi.UwsgiCalls;
import dev.loomgate.python.wire.MarshalWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// What programs ask of the queues that their tasks are in. Not on the loop side: each call waits.
///
/// @param queues by what programs know them by
/// @param options of each
/// @param setting what messages call the setting that names them
record QueueCalls(Map<String, ProgramQueue> queues, List<SpoolPlace.Queue> options, String setting) {
    private static final int MOST_BYTES = 1 << 20;

    void offerTo(UwsgiCalls calls) {
        calls.offerOutside("spool", this::spool);
        calls.offerOutside("spooler_ids", this::ids);
        calls.offerOutside("spooler_task", this::task);
    }

    private ProgramQueue queue(CallArguments arguments) {
        ProgramQueue queue = queues.get(arguments.text(1));
        if (queue == null) {
            throw new IllegalArgumentException("there is no queue " + arguments.text(1));
        }
        return queue;
    }

    // (name, queue, priority, at in seconds since 1970 or 0, bytes)
    private void spool(CallArguments arguments, MarshalWriter answer) {
        Duration at = arguments.seconds(3);
        String id = queue(arguments)
                .spool(arguments.bytes(4), (int) arguments.number(2), at.isZero() ? null : Instant.EPOCH.plus(at));
        if (id == null) {
            throw new IllegalArgumentException(full(arguments.text(1)));
        }
        answer.text(id);
    }

    private String full(String queue) {
        long length = options.stream()
                .filter(each -> each.toString().equals(queue))
                .findFirst()
                .orElseThrow()
                .length();
        return "%s is full: %d tasks (length of %s)".formatted(queue, length, setting);
    }

    // (name, queue, where it goes on)
    private void ids(CallArguments arguments, MarshalWriter answer) {
        ProgramQueue.Ids found = queue(arguments).ids(arguments.text(2));
        List<String> ids = found.ids();
        answer.beginTuple(2).beginList(ids.size());
        ids.forEach(answer::text);
        answer.text(found.next());
    }

    // (name, queue, id)
    private void task(CallArguments arguments, MarshalWriter answer) {
        byte[] content = queue(arguments).find(arguments.text(2));
        if (content != null && content.length > MOST_BYTES - Long.BYTES) {
            throw new IllegalArgumentException(
                    "the task has %d bytes, and an answer has room for %d".formatted(content.length, MOST_BYTES));
        }
        answer.bytesOrNone(content);
    }
}
