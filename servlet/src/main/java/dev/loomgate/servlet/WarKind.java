package dev.loomgate.servlet;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.kind.ApplicationKind;
import dev.loomgate.gateway.kind.Program;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/// Finds WAR files by their names, `war:shop.war`, or `war:shop.war:/shop` with a context path. A service; no program
/// needs it.
public final class WarKind implements ApplicationKind {
    @Override
    public String name() {
        return "war";
    }

    @Override
    public Application load(Program program) {
        String name = program.name();
        int context = name.lastIndexOf(":/");
        String file = context < 0 ? name : name.substring(0, context);
        String contextPath = context < 0 ? "" : name.substring(context + 1);
        try {
            return ServletApplication.ofWar(Path.of(file), contextPath);
        } catch (InvalidPathException noPath) {
            throw new IllegalArgumentException("no path of a file: " + file, noPath);
        } catch (NoClassDefFoundError missing) {
            throw new IllegalArgumentException(
                    "Jetty isn't whole on the class path: it lacks " + missing.getMessage(), missing);
        }
    }
}
