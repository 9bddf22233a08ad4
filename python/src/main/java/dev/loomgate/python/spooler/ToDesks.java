package dev.loomgate.python.spooler;

import dev.loomgate.python.background.TaskListener;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// Tells the desk of a spooler's queue what becomes of it. Those of directories have none.
///
/// @param desks by the number of a spooler
record ToDesks(IntFunction<@Nullable QueueDesk> desks) implements TaskListener {
    private void tell(int number, Consumer<QueueDesk> what) {
        QueueDesk desk = desks.apply(number);
        if (desk != null) {
            what.accept(desk);
        }
    }

    @Override
    public void begins(int number) {
        tell(number, desk -> desk.begins(number));
    }

    @Override
    public void taskBegins(int number) {
        tell(number, desk -> desk.taskBegins(number));
    }

    @Override
    public void taskEnds(int number, int outcome, String why) {
        tell(number, desk -> desk.taskEnds(number, outcome, why));
    }

    @Override
    public void hasEnough(int number) {
        tell(number, desk -> desk.hasEnough(number));
    }

    @Override
    public void leaves(int number, boolean isAsked) {
        tell(number, desk -> desk.leaves(number, isAsked));
    }

    @Override
    public void ended(int number, String how) {
        tell(number, desk -> desk.ended(number, how));
    }
}
