package dev.loomgate.python;

/// The layer of one server alone.
final class ChannelLayerContractTest extends ChannelLayerContract {
    @Override
    protected void settle(PythonOptions.Builder program) {
        // Nothing is to be said.
    }
}
