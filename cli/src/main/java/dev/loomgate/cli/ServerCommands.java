package dev.loomgate.cli;

import dev.loomgate.cli.live.LiveServer;
import dev.loomgate.cli.live.ServerActions;
import dev.loomgate.cli.process.ServerProcess;
import dev.loomgate.cli.reload.Reloading;
import dev.loomgate.python.PythonApplication;
import java.util.function.Consumer;

/// What operators do to a server, by signals, the master FIFO and the control socket. Any thread.
final class ServerCommands implements ServerActions {
    private final LiveServer live;
    private final ServerProcess process;
    private final Reloading reloading;
    private final Suspension suspension;
    private final Draining draining;
    private final Consumer<Signals.Stop> stop;

    /// @param stop asks for a stop
    ServerCommands(
            LiveServer live,
            ServerProcess process,
            Reloading reloading,
            Suspension suspension,
            Draining draining,
            Consumer<Signals.Stop> stop) {
        this.live = live;
        this.process = process;
        this.reloading = reloading;
        this.suspension = suspension;
        this.draining = draining;
        this.stop = stop;
    }

    LiveServer live() {
        return live;
    }

    ServerProcess process() {
        return process;
    }

    @Override
    public boolean reload(String why) {
        process.reloads();
        return reloading.reload(why);
    }

    @Override
    public void changeWorkers(int by) {
        live.programs().keySet().forEach(application -> application.changeWorkers(by));
    }

    @Override
    public void replaceWorkers(boolean oneByOne, String why) {
        reloading.replaceWorkers(oneByOne, why);
    }

    /// All workers end until the next request.
    void endWorkers() {
        live.programs().keySet().forEach(PythonApplication::endWorkers);
    }

    @Override
    public void suspend(boolean suspended, String why) {
        suspension.set(suspended, why);
    }

    /// Accepts no connections, or accepts them again.
    void toggleSuspension(String why) {
        suspension.toggle(why);
    }

    @Override
    public boolean isSuspended() {
        return suspension.isSuspended();
    }

    @Override
    public void drain(boolean drained, String why) {
        if (drained) {
            draining.begin(why);
        } else {
            draining.end(why);
        }
    }

    @Override
    public boolean isDraining() {
        return draining.isDraining();
    }

    /// Routers hear of the server from now on.
    void subscribe() {
        draining.subscriptions().start();
    }

    /// Has the server announced to routers, or not any more.
    void toggleSubscriptions(String why) {
        draining.toggleSubscriptions(why);
    }

    /// A stop has been asked for: waits until it may begin.
    void beforeStop(Signals.Stop wanted) throws InterruptedException {
        draining.beforeStop(wanted);
    }

    @Override
    public void stop(boolean atOnce, String why) {
        stop.accept(new Signals.Stop(why, atOnce));
    }

    @Override
    public String dump() {
        live.programs().keySet().forEach(PythonApplication::dump);
        return live.server().dump() + (live.programs().isEmpty() ? "" : "what runs in Python is in the server's log\n");
    }
}
