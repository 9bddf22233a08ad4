package dev.loomgate.cli.loggers;

import dev.loomgate.cli.files.Reasons;
import dev.loomgate.cli.log.ServerLog;
import dev.loomgate.cli.process.OpenDescriptor;
import dev.loomgate.server.ServerStartException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The loggers of a server. They get the server's own log, and requests, in the threads that write these.
///
/// Made when the options are read, opened when the process begins. A file that two loggers name is opened once.
/// Used by the thread that starts the server, except [#reopen].
public final class Loggers {
    private static final Logger LOG = System.getLogger("dev.loomgate.cli");
    private static final Path DEV_LOG = Path.of("/dev/log");

    private final LoggerSettings settings;
    private final LineOutput requests = new LineOutput();
    private final Map<String, Destination> destinations = new LinkedHashMap<>(); // guarded by this

    public Loggers(LoggerSettings settings) {
        this.settings = settings;
    }

    /// Whether there are any, or anything else to be done with lines.
    public boolean isEmpty() {
        return settings.isEmpty();
    }

    /// What takes the lines of requests, if [#isEmpty] says that they don't go to standard output as they are.
    public OutputStream requests() {
        return requests;
    }

    /// Opens them, and sends the log there.
    ///
    /// @throws ServerStartException if one can't be opened
    public void open(ServerLog log) throws ServerStartException {
        if (isEmpty()) {
            return;
        }
        Complaints complaints = new Complaints();
        Destination err = new StreamDestination("standard error", new FileOutputStream(FileDescriptor.err));
        Destination out = new StreamDestination("standard output", new FileOutputStream(FileDescriptor.out));
        List<Opened> ofLog = opened(settings.log().loggers(), err);
        boolean ownRequests = !settings.requests().isEmpty();
        List<Opened> ofRequests = opened((ownRequests ? settings.requests() : settings.log()).loggers(), out);
        if (ownRequests) {
            // A route may name a logger of either kind.
            ofLog.stream().filter(logger -> !logger.name().isEmpty()).forEach(ofRequests::add);
            opened(settings.requests().loggers(), err).stream()
                    .filter(logger -> !logger.name().isEmpty())
                    .forEach(ofLog::add);
        }
        if (!settings.log().isEmpty()) {
            log.sendTo(new Pipeline(settings.log(), ofLog, err, complaints));
        }
        requests.to(new Pipeline(ownRequests ? settings.requests() : settings.log(), ofRequests, out, complaints));
    }

    private List<Opened> opened(List<LoggerText> texts, Destination standard) throws ServerStartException {
        List<Opened> opened = new ArrayList<>();
        for (LoggerText text : texts) {
            try {
                opened.add(new Opened(text.name(), destination(text, standard)));
            } catch (IOException e) {
                throw new ServerStartException(
                        "can't write the log to '%s' (%s): %s".formatted(text, text.option(), Reasons.withFile(e)), e);
            }
        }
        return opened;
    }

    private synchronized Destination destination(LoggerText text, Destination standard) throws IOException {
        if (text.plugin() == LoggerText.Plugin.STDIO) {
            return standard;
        }
        String key = text.plugin() + ":" + text.argument();
        Destination known = destinations.get(key);
        if (known == null) {
            known = open(text);
            destinations.put(key, known);
        }
        return known;
    }

    private Destination open(LoggerText text) throws IOException {
        return switch (text.plugin()) {
            case FILE -> {
                LoggerText.FileText file = text.file(settings.directory());
                yield new FileDestination(
                        file.path(),
                        file.maxBytes(),
                        file.every(),
                        file.backup().orElse(null));
            }
            case FD -> new StreamDestination(text.toString(), OpenDescriptor.output(text.descriptor()));
            case STDIO -> throw new IllegalStateException("it is open");
            case SYSLOG -> {
                LoggerText.Sender sender = text.syslog();
                yield new DatagramDestination(
                        text.toString(),
                        Packets.to(DEV_LOG),
                        PacketForms.syslog(sender.priority(), sender.ident(), settings.maxMessageBytes()));
            }
            case RSYSLOG -> {
                LoggerText.Place place = text.place();
                yield new DatagramDestination(
                        text.toString(),
                        packets(place),
                        PacketForms.rsyslog(
                                text.priority(),
                                place.more().isEmpty()
                                        ? hostName() + " uwsgi"
                                        : place.more().getFirst(),
                                settings.packetBytes(),
                                settings.splitMessages()));
            }
            case SOCKET -> {
                LoggerText.Place place = text.place();
                String prefix = place.more().isEmpty() ? "" : place.more().getFirst();
                yield new DatagramDestination(
                        text.toString(), packets(place), PacketForms.plain(prefix, settings.maxMessageBytes()));
            }
        };
    }

    private static String hostName() throws IOException {
        return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
    }

    private Packets packets(LoggerText.Place place) throws IOException {
        if (place.isSocket()) {
            return Packets.to(settings.directory().resolve(place.host()));
        }
        InetSocketAddress address = new InetSocketAddress(place.host(), place.port());
        if (address.isUnresolved()) {
            throw new IOException("there is no host " + place.host());
        }
        return Packets.to(address);
    }

    /// Opens all files again, by their names. Any thread.
    ///
    /// @param why for the log
    /// @return whether there are any
    public synchronized boolean reopen(String why) {
        boolean any = false;
        for (Map.Entry<String, Destination> each : destinations.entrySet()) {
            try {
                if (each.getValue().reopen()) {
                    any = true;
                    LOG.log(Level.INFO, "{0}: the log is open again: {1} (--logger)", why, each.getValue());
                }
            } catch (IOException e) {
                any = true;
                LOG.log(
                        Level.ERROR,
                        "{0}: the log can''t be opened again (--logger), and goes on to the old file: {1}: {2}",
                        why,
                        each.getValue(),
                        Reasons.withFile(e));
            }
        }
        return any;
    }

    /// Whether there are files, which may have to be opened again.
    public boolean hasFiles() {
        return settings.log().loggers().stream().anyMatch(Loggers::isFile)
                || settings.requests().loggers().stream().anyMatch(Loggers::isFile);
    }

    private static boolean isFile(LoggerText text) {
        return text.plugin() == LoggerText.Plugin.FILE;
    }
}
