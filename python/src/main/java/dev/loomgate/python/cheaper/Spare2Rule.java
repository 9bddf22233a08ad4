package dev.loomgate.python.cheaper;

/// As many workers as the least number are to have nothing to do: more are started before all are busy, and they end
/// slowly. uWSGI's `spare2`.
final class Spare2Rule implements CountRule {
    private final int least;
    private final int step;
    private final int idleCycles;
    private int idleLooks;

    Spare2Rule(int least, int step, int idleCycles) {
        this.least = least;
        this.step = step;
        this.idleCycles = idleCycles;
    }

    @Override
    public int change(Figures figures, boolean mayGrow) {
        int idle = figures.idle();
        if (idle <= least) {
            idleLooks = 0;
            return mayGrow ? figures.room(Math.min(step, least - idle)) : 0;
        }
        if (++idleLooks < idleCycles) {
            return 0;
        }
        idleLooks = 0;
        return -1;
    }
}
