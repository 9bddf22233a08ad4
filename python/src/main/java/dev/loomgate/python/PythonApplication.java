package dev.loomgate.python;

import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.Lifecycle;
import dev.loomgate.gateway.StartResponse;
import dev.loomgate.gateway.direct.DirectApplication;
import dev.loomgate.gateway.direct.DirectLimits;
import dev.loomgate.gateway.direct.DirectSeries;
import dev.loomgate.gateway.direct.SharedSocket;
import dev.loomgate.python.engine.WorkerEngine;
import dev.loomgate.python.snapshot.ProgramRequests;
import dev.loomgate.python.snapshot.ProgramSnapshot;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/// A WSGI program in Python as an [Application][dev.loomgate.gateway.Application]: Java middleware wraps it,
/// any gateway server runs it.
///
/// ```java
/// PythonApplication site = PythonApplication.of(PythonOptions.module("mysite.wsgi").processes(2).build());
/// try (Server server = Server.builder(site).listen(ListenAddress.http("127.0.0.1:8000")).start()) { ... }
/// ```
///
/// A server starts and stops it by its hooks, which belong to a loop each: the first to start makes the engine
/// ready, the last to stop ends it. Who calls it without a server (a test) calls [#start] once and [#stop] once.
public final class PythonApplication implements DirectApplication, Lifecycle {
    private final PythonEngine engine;
    private int started; // guarded by this

    private PythonApplication(PythonEngine engine) {
        this.engine = engine;
    }

    /// The program in worker processes.
    ///
    /// @throws IllegalArgumentException if the options name no program
    public static PythonApplication of(PythonOptions options) {
        if (!options.namesProgram()) {
            throw new IllegalArgumentException("a Python application is a module or a file, and none is named");
        }
        return on(new WorkerEngine(options));
    }

    /// The program that an engine has.
    public static PythonApplication on(PythonEngine engine) {
        return new PythonApplication(engine);
    }

    /// Makes the engine ready, unless it is.
    ///
    /// @throws PythonStartException if the program can't be loaded; the message is for the operator
    /// @throws InterruptedException if interrupted meanwhile
    @Override
    public void start() throws PythonStartException, InterruptedException {
        // Hooks run one after the other, so nobody waits for this lock while the program is loaded.
        synchronized (this) {
            if (started++ > 0) {
                return;
            }
        }
        try {
            engine.start();
        } catch (PythonStartException | InterruptedException | RuntimeException e) {
            synchronized (this) {
                started--;
            }
            throw e;
        }
    }

    /// Ends the engine with the last of those who started it; does nothing where nobody has.
    @Override
    public void stop() throws InterruptedException {
        synchronized (this) {
            if (started == 0 || --started > 0) {
                return;
            }
        }
        engine.stop();
    }

    @Override
    public Body call(Environ environ, StartResponse startResponse) throws Exception {
        return engine.call(environ, startResponse);
    }

    // ---- direct mode: up to the engine

    @Override
    public Optional<String> whyNotDirect() {
        return direct().map(DirectApplication::whyNotDirect)
                .orElse(Optional.of("what runs the Python program takes no connections itself"));
    }

    @Override
    public Optional<String> whyNotDirectHttp() {
        return direct().flatMap(DirectApplication::whyNotDirectHttp);
    }

    @Override
    public void serveDirectly(List<SharedSocket> sockets, DirectLimits limits) {
        direct().orElseThrow().serveDirectly(sockets, limits);
    }

    @Override
    public void stopDirect() {
        direct().ifPresent(DirectApplication::stopDirect);
    }

    @Override
    public void serverHasRoom(boolean room) {
        direct().ifPresent(itself -> itself.serverHasRoom(room));
    }

    @Override
    public int directConnections() {
        return direct().map(DirectApplication::directConnections).orElse(0);
    }

    @Override
    public int directRequests() {
        return direct().map(DirectApplication::directRequests).orElse(0);
    }

    @Override
    public long directAccepted() {
        return direct().map(DirectApplication::directAccepted).orElse(0L);
    }

    @Override
    public List<DirectSeries> directMeasured() {
        return direct().map(DirectApplication::directMeasured).orElse(List.of());
    }

    private Optional<DirectApplication> direct() {
        return engine instanceof DirectApplication direct ? Optional.of(direct) : Optional.empty();
    }

    // ---- what else it is asked for

    /// Tells the server of what concerns it; see [PythonEngine#listen].
    public void listen(ProgramListener listener) {
        engine.listen(listener);
    }

    /// Replaces the workers; see [PythonEngine#replaceWorkers]. Any thread.
    public void replaceWorkers(boolean oneByOne, String why) {
        engine.replaceWorkers(oneByOne, why);
    }

    /// Has more workers or fewer; see [PythonEngine#changeWorkers]. Any thread.
    public void changeWorkers(int by) {
        engine.changeWorkers(by);
    }

    /// Kills a worker; see [PythonEngine#killWorker]. Any thread.
    public CompletionStage<Boolean> killWorker(long which, String why) {
        return engine.killWorker(which, why);
    }

    /// Ends all workers until the next request; see [PythonEngine#endWorkers]. Any thread.
    public void endWorkers() {
        engine.endWorkers();
    }

    /// Has more counted of what workers do; see [PythonEngine#countWork]. Before the start.
    public void countWork() {
        engine.countWork();
    }

    /// What is to be seen of the program now; see [PythonEngine#snapshot]. Any thread.
    public CompletionStage<ProgramSnapshot> snapshot() {
        return engine.snapshot();
    }

    /// What people know the program by; see [PythonEngine#name].
    public String name() {
        return engine.name();
    }

    /// The requests of the program that run now; see [PythonEngine#requests]. Any thread.
    public CompletionStage<ProgramRequests> requests() {
        return engine.requests();
    }

    /// Where a request is in the program; see [PythonEngine#stack]. Any thread.
    public CompletionStage<Optional<String>> stack(Object key) {
        return engine.stack(key);
    }

    /// Has a request end; see [PythonEngine#cancel]. Any thread.
    public CompletionStage<Boolean> cancel(Object key, String why) {
        return engine.cancel(key, why);
    }

    /// Has the processes log what runs in them; see [PythonEngine#dump]. Any thread.
    public void dump() {
        engine.dump();
    }

    /// Replaces the processes of another role; see [PythonEngine#replaceProcesses]. Any thread.
    public void replaceProcesses(String role, String why) {
        engine.replaceProcesses(role, why);
    }

    /// Raises a signal of the `uwsgi` module; see [PythonEngine#raise]. Any thread.
    public void raise(int signal, String why) {
        engine.raise(signal, why);
    }

    /// Reloads the program; see [PythonEngine#reload]. Any thread.
    public CompletionStage<Void> reload() {
        return engine.reload();
    }
}
