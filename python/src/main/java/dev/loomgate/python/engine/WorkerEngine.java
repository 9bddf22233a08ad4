package dev.loomgate.python.engine;

import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.StartResponse;
import dev.loomgate.gateway.direct.DirectApplication;
import dev.loomgate.gateway.direct.DirectLimits;
import dev.loomgate.gateway.direct.DirectSeries;
import dev.loomgate.gateway.direct.SharedSocket;
import dev.loomgate.loop.Loop;
import dev.loomgate.loop.LoopGroup;
import dev.loomgate.loop.Microthread;
import dev.loomgate.loop.settings.Transport;
import dev.loomgate.python.AsgiOptions;
import dev.loomgate.python.ProgramListener;
import dev.loomgate.python.PythonEngine;
import dev.loomgate.python.PythonOptions;
import dev.loomgate.python.PythonSetupException;
import dev.loomgate.python.PythonStartException;
import dev.loomgate.python.WorkerMode;
import dev.loomgate.python.background.BackgroundRole;
import dev.loomgate.python.call.CallQueue;
import dev.loomgate.python.call.Conversation;
import dev.loomgate.python.direct.DirectMode;
import dev.loomgate.python.mules.Mules;
import dev.loomgate.python.requests.RequestRole;
import dev.loomgate.python.script.Scripts;
import dev.loomgate.python.shared.Outside;
import dev.loomgate.python.snapshot.ProgramRequests;
import dev.loomgate.python.snapshot.ProgramSnapshot;
import dev.loomgate.python.snapshot.WorkerSnapshot;
import dev.loomgate.python.spooler.Spoolers;
import dev.loomgate.python.supervision.Fleet;
import dev.loomgate.python.supervision.HomeLoop;
import dev.loomgate.python.supervision.ProcessMemory;
import dev.loomgate.python.supervision.Role;
import dev.loomgate.python.uwsgi.UwsgiCalls;
import dev.loomgate.python.uwsgi.WorkersAnswer;
import dev.loomgate.python.wire.MarshalWriter;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Runs a program in CPython worker processes. [#start] decides on which loop its work is done: that of the
/// microthread that calls it, or else one of its own. Its workers can take connections themselves.
public final class WorkerEngine implements PythonEngine, DirectApplication {
    private static final Logger LOG = System.getLogger("dev.loomgate.python");
    private static final Duration STOP_TIME = Duration.ofSeconds(5);
    private static final Duration KILL_TIME = Duration.ofSeconds(2);

    private final PythonOptions options;
    private @Nullable ProgramListener listener;
    private @Nullable LoopGroup ownLoop;
    private volatile @Nullable Home home;
    private volatile @Nullable DirectMode direct;
    private boolean counts;

    /// Calls to the store wait in microthreads of the program's loop.
    private record StoreLoop(HomeLoop home) implements Outside {
        @Override
        public void run(Runnable waiting, Runnable then) {
            home.loop().start("a call to the store that servers share", () -> {
                waiting.run();
                home.execute(then);
            });
        }

        @Override
        public void onLoopSide(Runnable task) {
            home.execute(task);
        }
    }

    /// What there is once it has been started.
    private record Home(
            HomeLoop homeLoop,
            RequestRole requests,
            @Nullable Spoolers spoolers,
            @Nullable BackgroundRole mules,
            UwsgiCalls calls,
            Fleet fleet) {
        Loop loop() {
            return homeLoop.loop();
        }

        CallQueue queue() {
            return requests.queue();
        }
    }

    public WorkerEngine(PythonOptions options) {
        this.options = options;
    }

    @Override
    public void listen(ProgramListener server) {
        listener = server;
    }

    @Override
    public void start() throws PythonStartException, InterruptedException {
        UwsgiCalls calls = uwsgiCalls();
        Loop loop = loop();
        Home made;
        try {
            made = prepared(() -> started(home(loop, calls)));
        } catch (PythonStartException e) {
            calls.close();
            endLoop();
            throw e;
        }
        CompletableFuture<Void> started = new CompletableFuture<>();
        loop.side().execute(() -> made.fleet().start().whenComplete((nothing, failure) -> {
            if (failure == null) {
                started.complete(null);
            } else {
                started.completeExceptionally(failure.getCause() == null ? failure : failure.getCause());
            }
        }));
        try {
            started.get();
        } catch (ExecutionException e) {
            Throwable reason = e.getCause();
            PythonStartException failure = reason instanceof PythonStartException known
                    ? known
                    : new PythonStartException(String.valueOf(reason), e);
            if (options.needApp() || failure instanceof PythonSetupException) {
                end(made);
                throw failure;
            }
            // Otherwise the fleet has said so, and what it does about it.
        } catch (InterruptedException e) {
            end(made);
            throw e;
        }
        home = made;
    }

    private UwsgiCalls uwsgiCalls() throws PythonStartException, InterruptedException {
        try {
            boolean sharesMore = !options.spooler().queues().isEmpty()
                    || options.signalSources().runs().isAny();
            return prepared(() -> UwsgiCalls.open(options.shared(), sharesMore));
        } catch (IllegalArgumentException e) {
            throw new PythonSetupException(String.valueOf(e.getMessage()), e);
        }
    }

    private Home home(Loop loop, UwsgiCalls calls) throws PythonStartException {
        HomeLoop homeLoop = new HomeLoop(loop);
        calls.begin(new StoreLoop(homeLoop), options.name());
        DirectMode mode = direct;
        if (mode != null && loop.side().transport() != Transport.EPOLL) {
            throw new IllegalStateException(
                    "workers can't hand connections over with " + loop.side().transport());
        }
        if (mode != null && counts) {
            mode.countWork();
        }
        RequestRole requests = new RequestRole(homeLoop, options, calls, mode);
        calls.offer("workers", new WorkersAnswer(requests::snapshot));
        calls.offerLate("listen_queue", (arguments, reply) -> tellQueued(homeLoop, (int) arguments.number(1), reply));
        // No worker answers requests where a script is run.
        Optional<Role> script = Scripts.role(homeLoop, options, calls, this::scriptEnded);
        List<Role> roles = new ArrayList<>(List.of(script.orElse(requests)));
        Spoolers spoolers = Spoolers.open(homeLoop, options, calls).orElse(null);
        if (spoolers != null) {
            roles.add(spoolers.role());
        }
        BackgroundRole mules = Mules.role(homeLoop, options, calls).orElse(null);
        if (mules != null) {
            roles.add(mules);
        }
        Fleet fleet = new Fleet(homeLoop, options, roles, calls, mode == null ? null : mode.boot(), listener);
        if (mode != null) {
            mode.start(homeLoop);
        }
        return new Home(homeLoop, requests, spoolers, mules, calls, fleet);
    }

    private static Home started(Home made) {
        Spoolers spoolers = made.spoolers();
        if (spoolers != null) {
            spoolers.start();
        }
        return made;
    }

    private void scriptEnded(int status) {
        ProgramListener server = listener;
        if (server != null) {
            server.scriptEnded(status);
        }
    }

    /// None for a socket that there isn't. What the kernel says of it is in files, which are read elsewhere.
    private void tellQueued(HomeLoop at, int socket, Consumer<MarshalWriter> reply) {
        ProgramListener server = listener;
        at.loop().start("a look at the server's sockets", () -> {
            MarshalWriter answer = new MarshalWriter(16);
            try {
                List<Integer> queued = server == null ? List.of() : Loop.offload(server::queued);
                if (socket >= 0 && socket < queued.size()) {
                    answer.integer(queued.get(socket));
                } else {
                    answer.none();
                }
            } catch (Exception e) {
                LOG.log(Level.DEBUG, "nobody knows what waits at the server''s sockets", e);
                answer.none();
            }
            at.execute(() -> reply.accept(answer));
        });
    }

    // Its classes, Jackson's among them, take a while to be loaded: not on the loop's thread.
    private static <T> T prepared(Callable<T> made) throws PythonStartException, InterruptedException {
        try {
            return Loop.offload(made);
        } catch (PythonStartException | InterruptedException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private Loop loop() {
        if (Microthread.isCurrent()) {
            return Loop.current();
        }
        LoopGroup own = LoopGroup.builder().loops(1).start();
        ownLoop = own;
        return own.next();
    }

    @Override
    public Body call(Environ environ, StartResponse startResponse) throws Exception {
        Home at = home;
        if (at == null) {
            throw new IllegalStateException("the Python application " + options.name() + " has not been started");
        }
        return new Conversation(at.loop(), at.queue(), options.spool(), environ, options.requestIds())
                .answer(startResponse);
    }

    // ---- direct mode

    @Override
    public Optional<String> whyNotDirect() {
        return options.mode() instanceof WorkerMode.Gevent
                ? Optional.of("workers that run gevent take no connections themselves")
                : Optional.empty();
    }

    @Override
    public Optional<String> whyNotDirectHttp() {
        DirectMode mode = direct;
        return options.asgi().called() == AsgiOptions.Interface.WSGI || (mode != null && mode.isCalledByWsgi())
                ? Optional.of("the program is called by WSGI")
                : Optional.empty();
    }

    @Override
    public void serveDirectly(List<SharedSocket> sockets, DirectLimits limits) {
        direct = new DirectMode(
                sockets,
                limits,
                options.replacement().requestGrace(),
                options.asgi().requests());
    }

    @Override
    public void stopDirect() {
        DirectMode mode = direct;
        if (mode != null) {
            mode.stop();
        }
    }

    @Override
    public void serverHasRoom(boolean room) {
        DirectMode mode = direct;
        if (mode != null) {
            mode.serverHasRoom(room);
        }
    }

    @Override
    public int directRequests() {
        DirectMode mode = direct;
        return mode == null ? 0 : mode.requests();
    }

    @Override
    public int directConnections() {
        DirectMode mode = direct;
        return mode == null ? 0 : mode.connections();
    }

    @Override
    public long directAccepted() {
        DirectMode mode = direct;
        return mode == null ? 0 : mode.accepted();
    }

    @Override
    public List<DirectSeries> directMeasured() {
        DirectMode mode = direct;
        return mode == null ? List.of() : mode.measured();
    }

    // ---- its life

    @Override
    public CompletionStage<Void> reload() {
        Home at = home;
        if (at == null) {
            return CompletableFuture.failedFuture(new PythonStartException("it has not been started"));
        }
        CompletableFuture<Void> reloaded = new CompletableFuture<>();
        // What hangs on it is the caller's, and nothing for the loop side.
        at.loop().side().execute(() -> at.fleet().reload().whenComplete((nothing, failure) -> at.loop()
                .callSoon(() -> {
                    if (failure == null) {
                        reloaded.complete(null);
                    } else {
                        reloaded.completeExceptionally(failure.getCause() == null ? failure : failure.getCause());
                    }
                })));
        return reloaded;
    }

    @Override
    public void replaceWorkers(boolean oneByOne, String why) {
        Home at = home;
        if (at != null) {
            at.loop().side().execute(() -> at.fleet().replaceWorkers(oneByOne, why));
        }
    }

    @Override
    public void replaceProcesses(String role, String why) {
        Home at = home;
        if (at != null) {
            at.homeLoop().execute(() -> at.fleet().replaceProcesses(role, why));
        }
    }

    @Override
    public void raise(int signal, String why) {
        Home at = home;
        if (at != null) {
            at.homeLoop().execute(() -> at.fleet().raise(signal, why));
        }
    }

    @Override
    public void changeWorkers(int by) {
        Home at = home;
        if (at != null) {
            at.homeLoop().execute(() -> at.fleet().changeWorkers(by));
        }
    }

    @Override
    public void endWorkers() {
        Home at = home;
        if (at != null) {
            at.homeLoop().execute(() -> at.fleet().endWorkers());
        }
    }

    // ---- what is to be seen of it

    @Override
    public void countWork() {
        counts = true;
    }

    @Override
    public CompletionStage<ProgramSnapshot> snapshot() {
        CompletableFuture<ProgramSnapshot> taken = new CompletableFuture<>();
        Home at = home;
        if (at == null || !at.homeLoop().execute(() -> take(at, taken))) {
            taken.completeExceptionally(new IllegalStateException(options.name() + " doesn't run"));
        }
        return taken;
    }

    @Override
    public String name() {
        return options.name();
    }

    @Override
    public CompletionStage<ProgramRequests> requests() {
        return asked(RequestRole::running, new ProgramRequests(new IdentityHashMap<>(), List.of()));
    }

    @Override
    public CompletionStage<Optional<String>> stack(Object key) {
        CompletableFuture<Optional<String>> answer = new CompletableFuture<>();
        Home at = home;
        if (at == null || !at.homeLoop().execute(() -> at.requests().stack(key, answer))) {
            answer.complete(Optional.empty());
        }
        return answer;
    }

    @Override
    public CompletionStage<Boolean> cancel(Object key, String why) {
        return asked(requests -> requests.cancel(key, why), false);
    }

    @Override
    public CompletionStage<Boolean> killWorker(long which, String why) {
        return asked(requests -> requests.kill(which, why), false);
    }

    // On the home loop; otherwise where the program doesn't run.
    private <T> CompletionStage<T> asked(Function<RequestRole, T> question, T otherwise) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        Home at = home;
        if (at == null || !at.homeLoop().execute(() -> answer.complete(question.apply(at.requests())))) {
            answer.complete(otherwise);
        }
        return answer;
    }

    // Loop side. Memory and tasks are in files, and in a store, which are looked at elsewhere.
    private void take(Home at, CompletableFuture<ProgramSnapshot> taken) {
        Spoolers spoolers = at.spoolers();
        BackgroundRole mules = at.mules();
        ProgramSnapshot now = new ProgramSnapshot(
                options.name(),
                at.fleet().generation(),
                at.fleet().loadTime(),
                at.requests().waiting(),
                at.fleet().isAsleep(at.requests()),
                at.requests().snapshot(),
                at.calls().caches(),
                at.calls().channels(),
                spoolers == null ? List.of() : spoolers.snapshot(),
                mules == null ? List.of() : mules.snapshot(),
                at.calls().locks());
        at.loop().start("a look at the files of Python workers", () -> {
            try {
                taken.complete(Loop.offload(() -> now.with(
                        withMemory(now.workers()), spoolers == null ? List.of() : spoolers.withTasks(now.spools()))));
            } catch (Exception e) {
                taken.completeExceptionally(e); // interrupted: the loop ends
            }
        });
    }

    private static List<WorkerSnapshot> withMemory(List<WorkerSnapshot> workers) {
        return workers.stream()
                .map(worker -> {
                    ProcessMemory memory = worker.pid() == 0 ? ProcessMemory.NONE : ProcessMemory.of(worker.pid());
                    return worker.withMemory(memory.residentBytes(), memory.addressBytes());
                })
                .toList();
    }

    @Override
    public void dump() {
        Home at = home;
        if (at != null) {
            at.homeLoop().execute(() -> at.fleet().dump());
        }
    }

    @Override
    public void stop() throws InterruptedException {
        Home at = home;
        home = null;
        if (at != null) {
            end(at);
        }
    }

    private void end(Home at) throws InterruptedException {
        Spoolers spoolers = at.spoolers();
        if (spoolers != null) {
            spoolers.leave();
        }
        CompletableFuture<Void> ended = new CompletableFuture<>();
        at.loop().side().execute(() -> at.fleet().stop().whenComplete((nothing, failure) -> ended.complete(null)));
        try {
            if (!ends(ended, STOP_TIME.plus(at.fleet().mercy()))) {
                at.loop().side().execute(at.fleet()::kill);
                if (!ends(ended, KILL_TIME)) {
                    at.loop().side().execute(at.fleet()::destroy);
                    if (!ends(ended, KILL_TIME)) {
                        LOG.log(Level.ERROR, "the processes of {0} have not ended", options.name());
                    }
                }
            }
        } catch (InterruptedException e) {
            // The server's time is over, but nothing may stay behind. This ends in no time.
            LOG.log(Level.WARNING, "{0}: processes that have not ended yet are killed", options.name());
            at.loop().side().execute(at.fleet()::destroy);
            ends(ended, KILL_TIME);
        }
        DirectMode mode = direct;
        if (mode != null) {
            mode.end();
        }
        if (spoolers != null) {
            spoolers.close();
        }
        at.calls().close();
        endLoop();
    }

    private void endLoop() {
        LoopGroup own = ownLoop;
        if (own != null) {
            own.close();
        }
    }

    private static boolean ends(CompletableFuture<Void> ended, Duration limit) throws InterruptedException {
        try {
            ended.get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            return true;
        }
    }
}
