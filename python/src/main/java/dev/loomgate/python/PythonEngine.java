package dev.loomgate.python;

import dev.loomgate.gateway.Application;
import dev.loomgate.python.snapshot.ProgramRequests;
import dev.loomgate.python.snapshot.ProgramSnapshot;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/// What runs a Python program: the seam between [PythonApplication] and the way in which Python is brought in.
///
/// One that is a `DirectApplication` as well can take connections itself. The one that there is does so, and feeds
/// CPython worker processes; docs/decisions/006 says why, and what an engine inside the JVM would have to give up.
public interface PythonEngine extends Application {
    /// Makes it ready to be called. Called once, by a microthread, whose loop then has the engine's work, or by a
    /// plain thread. Waits until the program is loaded.
    ///
    /// @throws PythonStartException if it can't run; the message is for the operator
    /// @throws InterruptedException if interrupted meanwhile
    void start() throws PythonStartException, InterruptedException;

    /// Reloads the program and switches to it, without losing a request. Any thread; a reload that is asked
    /// for while one is under way follows it.
    ///
    /// @return completes when the new program answers; exceptionally, with a [PythonStartException], if it can't
    /// be loaded: then the old one keeps serving
    CompletionStage<Void> reload();

    /// Replaces the workers that there are, without another import of the program where they have it by fork. Does
    /// nothing while none serve. Any thread.
    ///
    /// @param oneByOne whether each only when the one before has been replaced
    /// @param why for the log
    void replaceWorkers(boolean oneByOne, String why);

    /// Has so many more workers or, if it is negative, fewer, at least one and at most as many as
    /// the options say. Does nothing while none serve. Any thread.
    void changeWorkers(int by);

    /// Kills a worker. What runs in it is answered with a 502, and another one takes its place. Any thread.
    ///
    /// @param which its number, or its process's id
    /// @param why for the log
    /// @return false if there is none
    CompletionStage<Boolean> killWorker(long which, String why);

    /// Ends all workers, after their requests; the next request starts some again. Any thread.
    void endWorkers();

    /// Has what workers do by themselves counted, bytes and times, which takes a little of each request's time. Before
    /// the start.
    void countWork();

    /// What is to be seen of the program now. Any thread.
    ///
    /// @return completes soon, but not while the engine's loop is held; exceptionally where the program isn't
    /// started or
    /// has been stopped
    CompletionStage<ProgramSnapshot> snapshot();

    /// What people know the program by: the module or the file.
    String name();

    /// The requests of the program that run now. A walk over them, without a look at what they do. Any
    /// thread.
    ///
    /// @return completes soon, but not while the engine's loop is held; with none where the program
    /// doesn't run
    CompletionStage<ProgramRequests> requests();

    /// Where a request is in the program: its thread, greenlet or task, with lines of the source. Any
    /// thread.
    ///
    /// @param key what the microthread was started for that called the program, or the handle of a
    /// request that a worker has taken itself ([ProgramRequests.Taken#handle])
    /// @return completes within some seconds; empty if no such request runs in the program
    CompletionStage<Optional<String>> stack(Object key);

    /// Has a request end: its greenlet or task is told where it waits, as if its time were over, and a
    /// worker that doesn't let go of it within a second is replaced. One that a worker has taken itself is
    /// answered with a 504; who has called for another one is still to be told, by an interrupt. Any thread.
    ///
    /// @param key as [#stack] takes it
    /// @param why for the log
    /// @return false if no worker has such a request
    CompletionStage<Boolean> cancel(Object key, String why);

    /// Has all processes of the program write to the log what runs in them, with stacks. Doesn't wait. Any thread.
    void dump();

    /// Replaces the processes of a role that answers no requests, as [#replaceWorkers] does for workers. Does
    /// nothing where there is no such role. Any thread.
    ///
    /// @param role what one of them is called: `spooler`
    /// @param why for the log
    void replaceProcesses(String role, String why);

    /// Raises a signal of the `uwsgi` module, if the program has registered it. Does nothing while none serves. Any
    /// thread.
    ///
    /// @param signal 0 to 255
    /// @param why what asks for it, for the log
    void raise(int signal, String why);

    /// Tells from now on of what concerns the server. Without a listener the signal SIGHUP is [#reload], and the others
    /// are logged. Called before the start.
    void listen(ProgramListener listener);

    /// Ends what runs, after the requests that have begun. Called once, after the last call.
    void stop() throws InterruptedException;
}
