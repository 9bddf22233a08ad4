package dev.loomgate.python.zygote;

import dev.loomgate.python.SpoolPlace;
import dev.loomgate.python.SpoolerOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// What a zygote is told of the places of tasks: docs/worker-protocol.md, `spool`.
///
/// @param places in the order of `uwsgi.spoolers`: directories, without links, and queues
/// @param queues which of them are queues, with the most bytes of a task
public record SpoolBoot(List<String> places, Map<String, Integer> queues, boolean quiet, boolean sync) {
    public SpoolBoot {
        places = List.copyOf(places);
        queues = Map.copyOf(queues);
    }

    /// Blocks for the disk.
    public static SpoolBoot of(SpoolerOptions options) {
        List<String> places = options.all().stream().map(SpoolBoot::shown).toList();
        Map<String, Integer> queues = options.queues().stream()
                .collect(Collectors.toMap(SpoolPlace.Queue::toString, SpoolPlace.Queue::bytes));
        return new SpoolBoot(places, queues, options.quiet(), options.sync());
    }

    private static String shown(SpoolPlace place) {
        return switch (place) {
            case SpoolPlace.Directory(Path path) -> real(path);
            case SpoolPlace.Queue queue -> queue.toString();
        };
    }

    private static String real(Path directory) {
        try {
            return directory.toRealPath().toString();
        } catch (IOException e) {
            return directory.toAbsolutePath().normalize().toString(); // what uses it says why
        }
    }

    Map<String, Object> json() {
        return Map.of("places", places, "queues", queues, "quiet", quiet, "sync", sync);
    }
}
