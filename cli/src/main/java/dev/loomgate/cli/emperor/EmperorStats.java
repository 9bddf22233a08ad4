package dev.loomgate.cli.emperor;

import dev.loomgate.cli.process.Identity;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// An emperor's state: for programs in uWSGI's form, which `uwsgitop` reads, and for people.
final class EmperorStats {
    private static final JsonFactory JSON = new JsonFactory();

    private EmperorStats() {}

    static String json(String version, List<Monitor> monitors, EmperorSettings settings, List<Vassal> vassals) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartObject();
            json.writeStringProperty("version", version);
            json.writeNumberProperty("pid", ProcessHandle.current().pid());
            json.writeNumberProperty("uid", Identity.uid());
            json.writeNumberProperty("gid", Identity.gid());
            json.writeStringProperty("cwd", Path.of("").toAbsolutePath().toString());
            json.writeArrayPropertyStart("emperor");
            monitors.forEach(monitor -> json.writeString(monitor.toString()));
            json.writeEndArray();
            json.writeNumberProperty("emperor_tyrant", settings.tyrant() == null ? 0 : 1);
            json.writeNumberProperty("throttle_level", 0);
            json.writeArrayPropertyStart("vassals");
            vassals.stream().filter(EmperorStats::isUp).forEach(vassal -> write(json, vassal));
            json.writeEndArray();
            json.writeArrayPropertyStart("blacklist");
            vassals.stream().filter(EmperorStats::isFailing).forEach(vassal -> writeFailures(json, vassal));
            json.writeEndArray();
            json.writeEndObject();
        }
        return text.toString();
    }

    private static boolean isUp(Vassal vassal) {
        return vassal.state() == Vassal.State.RUNNING || vassal.state() == Vassal.State.ON_DEMAND;
    }

    private static boolean isFailing(Vassal vassal) {
        return vassal.failures().count() > 0 && !vassal.serves();
    }

    private static void write(JsonGenerator json, Vassal vassal) {
        int serves = vassal.serves() ? 1 : 0;
        VassalFile file = vassal.file();
        VassalTimes times = vassal.times();
        json.writeStartObject();
        json.writeStringProperty("id", file.name());
        json.writeNumberProperty("pid", vassal.pid());
        json.writeNumberProperty("born", vassal.bornSeconds());
        json.writeNumberProperty("last_mod", file.modifiedSeconds());
        json.writeNumberProperty("last_heartbeat", times.lastHeartbeat());
        json.writeNumberProperty("loyal", serves);
        json.writeNumberProperty("ready", serves);
        json.writeNumberProperty("accepting", serves);
        json.writeNumberProperty("last_loyal", times.lastServed());
        json.writeNumberProperty("last_ready", times.lastServed());
        json.writeNumberProperty("last_accepting", times.lastServed());
        json.writeNumberProperty("first_run", times.firstStarted());
        json.writeNumberProperty("last_run", times.lastStarted());
        json.writeNumberProperty("cursed", vassal.endingSinceSeconds());
        json.writeNumberProperty("zerg", 0);
        json.writeStringProperty("on_demand", vassal.onDemandAddress());
        json.writeNumberProperty("uid", file.uid());
        json.writeNumberProperty("gid", file.gid());
        json.writeStringProperty("monitor", file.monitor());
        json.writeNumberProperty("respawns", times.restarts());
        json.writeEndObject();
    }

    private static void writeFailures(JsonGenerator json, Vassal vassal) {
        Failures failures = vassal.failures();
        json.writeStartObject();
        json.writeStringProperty("id", vassal.file().name());
        json.writeNumberProperty("throttle_level", failures.pause().toMillis());
        json.writeNumberProperty("attempt", failures.count());
        json.writeNumberProperty("first_attempt", failures.first().getEpochSecond());
        json.writeNumberProperty("last_attempt", failures.last().getEpochSecond());
        json.writeEndObject();
    }

    static String text(List<Vassal> vassals) {
        if (vassals.isEmpty()) {
            return "there are no vassals\n";
        }
        StringBuilder text = new StringBuilder();
        for (Vassal vassal : vassals) {
            text.append("%s: %s%s%s%n"
                    .formatted(
                            vassal.file().name(),
                            words(vassal),
                            vassal.pid() < 0 ? "" : ", process " + vassal.pid(),
                            isFailing(vassal)
                                    ? ", has failed " + vassal.failures().count() + " times"
                                    : ""));
        }
        return text.toString();
    }

    private static String words(Vassal vassal) {
        return switch (vassal.state()) {
            case NAMING -> "asks for its socket";
            case WAITING -> "waits for its next start";
            case ON_DEMAND -> "waits for the first connection to " + vassal.onDemandAddress();
            case RUNNING -> vassal.serves() ? "serves" : "starts";
            case REMOVED -> "has gone";
        };
    }
}
