package dev.loomgate.python.cheaper;

/// More workers while more than so many requests wait, fewer while fewer do. uWSGI's `backlog`.
final class BacklogRule implements CountRule {
    private final int least;
    private final int step;
    private final int overload;

    BacklogRule(int least, int step, int overload) {
        this.least = least;
        this.step = step;
        this.overload = overload;
    }

    @Override
    public int change(Figures figures, boolean mayGrow) {
        if (mayGrow && figures.waiting() > overload) {
            return figures.room(step);
        }
        return figures.waiting() < overload && figures.active() > least ? -1 : 0;
    }
}
