package dev.loomgate.cli.application;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Lifecycle;
import java.util.List;

/// An application, ready to be served.
///
/// @param application what answers requests
/// @param hooks the hooks that it doesn't bring itself: those of the object that holds it
public record LoadedApplication(Application application, List<Lifecycle> hooks) {}
