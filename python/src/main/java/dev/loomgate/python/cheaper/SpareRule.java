package dev.loomgate.python.cheaper;

/// One worker is to have nothing to do. More are started when all have been busy in some looks; one ends when more
/// than one is free in as many. uWSGI's `spare`.
final class SpareRule implements CountRule {
    private final int least;
    private final int step;
    private final int overload;
    private int overloaded;
    private long idleLooks;

    SpareRule(int least, int step, int overload) {
        this.least = least;
        this.step = step;
        this.overload = overload;
    }

    @Override
    public int change(Figures figures, boolean mayGrow) {
        if (figures.idle() > 0) {
            overloaded = Math.max(0, overloaded - 1);
        } else {
            overloaded++;
            idleLooks = 0;
        }
        if (mayGrow && overloaded >= overload) {
            overloaded = 0;
            return figures.room(step);
        }
        if (overloaded > 0 || figures.idle() == 1) {
            return 0;
        }
        idleLooks++;
        return figures.active() > least && idleLooks % overload == 0 ? -1 : 0;
    }
}
