package dev.loomgate.gateway;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The hooks of several applications as those of one: started in order, stopped in the reverse one. Used by the
/// threads of all loops at once.
final class AllHooks implements Lifecycle {
    private final List<Lifecycle> all;

    private AllHooks(List<Lifecycle> all) {
        this.all = all;
    }

    /// The hooks of those among these that have any; of each once, however often it is there.
    static AllHooks of(Collection<?> candidates) {
        Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        List<Lifecycle> all = new ArrayList<>();
        for (Object candidate : candidates) {
            if (candidate instanceof Lifecycle hooks && seen.add(hooks)) {
                all.add(hooks);
            }
        }
        return new AllHooks(List.copyOf(all));
    }

    /// Starts them. If one fails, those before it are stopped: only this method knows how far it came.
    ///
    /// @throws Exception what the one that failed threw
    @Override
    public void start() throws Exception {
        for (int i = 0; i < all.size(); i++) {
            try {
                all.get(i).start();
            } catch (Exception | Error failure) {
                stopAfter(failure, i);
                throw failure;
            }
        }
    }

    /// Stops all of them, also when one fails.
    ///
    /// @throws Exception what the first that failed threw, with what others threw attached
    @Override
    public void stop() throws Exception {
        Throwable failure = stopAfter(null, all.size());
        switch (failure) {
            case null -> {}
            case Exception exception -> throw exception;
            case Error error -> throw error;
            default -> throw new IllegalStateException(failure);
        }
    }

    private @Nullable Throwable stopAfter(@Nullable Throwable before, int end) {
        Throwable failure = before;
        for (int i = end - 1; i >= 0; i--) {
            try {
                all.get(i).stop();
            } catch (Exception | Error another) {
                if (failure == null) {
                    failure = another;
                } else if (failure != another) {
                    failure.addSuppressed(another);
                }
            }
        }
        return failure;
    }
}
