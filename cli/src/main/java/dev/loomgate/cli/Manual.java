package dev.loomgate.cli;

import dev.loomgate.cli.ctl.CtlCommand;
import dev.loomgate.cli.log.ServerLog;
import dev.loomgate.cli.manual.BashCompletion;
import dev.loomgate.cli.manual.ManualPage;
import dev.loomgate.cli.manual.ZshCompletion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine;

/// Writes the manual page and the completion of shells. `./loomgate package` runs it; the server doesn't know it.
public final class Manual {
    private Manual() {}

    /// @param args the directory `share`: below it the files are where man, bash and zsh look for them
    /// @throws IOException if it can't write there
    public static void main(String[] args) throws IOException {
        CommandLine commands = Main.commands(ServerLog.install());
        Map<String, String> verbs = CtlCommand.verbs();
        Path share = Path.of(args[0]);
        write(share.resolve("man/man1/loomgate.1"), ManualPage.of(commands, verbs, Version.number()));
        write(share.resolve("bash-completion/completions/loomgate"), BashCompletion.of(commands, verbs.keySet()));
        write(share.resolve("zsh/site-functions/_loomgate"), ZshCompletion.of(commands, verbs));
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
