package dev.loomgate.bench.harness;

/// One round of load on one server. `cpuMicros` is the server's CPU per request.
public record Round(WrkReport report, double cpuMicros, double othersCores) {
    /// Below this a request can't have been answered: somebody else listens on the port.
    private static final double SOMEBODY_ELSE_MICROS = 0.5;

    public boolean answeredBySomebodyElse() {
        return report.requests() > 0 && cpuMicros < SOMEBODY_ELSE_MICROS;
    }
}
