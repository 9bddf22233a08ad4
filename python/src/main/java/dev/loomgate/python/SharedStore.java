package dev.loomgate.python;

/// A place outside of this server where programs of several servers keep what they share.
public interface SharedStore extends AutoCloseable {
    /// A cache in it, which is the same one for all servers that ask for its name. Called once for each name.
    ///
    /// Its calls wait, and throw an `IllegalStateException` for the program where the store is gone and
    /// [SharedOptions.WhenGone#FAIL].
    ///
    /// @param cache with `whenGone`
    /// @throws IllegalArgumentException if it can't have such a one; the message says why
    ProgramCache cache(SharedOptions.Cache cache);

    /// A queue of tasks in it, likewise. Called once for each name.
    ///
    /// @throws IllegalArgumentException if it can't have such a one; the message says why
    ProgramQueue queue(SpoolPlace.Queue queue);

    /// Says whose runs of crons and timers are, to one who asks for them: each call makes another one.
    ProgramRuns runs();

    /// A program's channel layer in it, likewise. Called once for each program.
    ///
    /// @param program layers of programs with different names have nothing in common
    /// @param server what addresses of this server's processes begin with
    ProgramChannels channels(String program, String server);

    /// Ends the connection: what is called from now on finds the store gone. Waits for a moment.
    @Override
    void close();
}
