package io.github.tornadovit.benchmarks.report;

import io.github.tornadovit.base.file.WholeFile;
import io.github.tornadovit.benchmarks.model.TornadoVitEngine.Facts;
import io.github.tornadovit.benchmarks.peers.Engine;
import io.github.tornadovit.benchmarks.peers.MeasuringOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Compares our forward pass with other engines': the same machine, run, checkpoint, pixels and
 * number of threads, in turns. It is {@code report} without devices, modes and pages; {@code
 * README.md} of this module says how to read what it prints.
 */
@Command(
    name = "bench peers",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = "Compare our forward pass with other engines', taking turns in one run.")
public final class PeersCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "CHECKPOINT_DIR", description = "Checkpoint folder.")
  @SuppressWarnings("NullAway.Init") // By picocli, which refuses a command without it.
  private Path checkpoint;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "EXPORTED_DIR",
      description = "What export_peers.py made of it, for the engines that need it.")
  private @Nullable Path exported;

  @Option(
      names = "--engines",
      split = ",",
      paramLabel = "NAME",
      showDefaultValue = CommandLine.Help.Visibility.NEVER,
      description =
          "Peers: ${COMPLETION-CANDIDATES}. One that is named must work; default: all that can.")
  private List<Engine> engines = new ArrayList<>();

  @Mixin private MeasuringOptions measuring = new MeasuringOptions();

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Write every turn here, as report.json of the report does.")
  private @Nullable Path json;

  @Spec private CommandSpec spec;

  private PeersCommand() {}

  /** Runs; exit code 0 on success, 2 on wrong usage, 1 on any other failure. */
  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  static CommandLine commandLine() {
    return Commands.line(new PeersCommand(), "bench peers");
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    measuring.check();
    Facts.of(checkpoint); // Before engines are started.
    Result result =
        new Run(
                Scope.PEERS,
                List.of(measuring.launcher(checkpoint, exported, null)),
                engines.isEmpty() ? Engine.optional() : engines,
                !engines.isEmpty(),
                List.of(),
                measuring.batches(),
                Result.Protocol.of(measuring),
                null,
                null,
                this::note)
            .measure();
    PrintWriter out = spec.commandLine().getOut();
    out.print(MarkdownPage.write(ReportDocument.comparison(result)));
    out.flush();
    if (json != null) {
      WholeFile.write(json, result.json());
    }
    return 0;
  }

  private void note(String text) {
    PrintWriter notes = spec.commandLine().getErr();
    notes.println(text);
    notes.flush();
  }
}
