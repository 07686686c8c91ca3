package io.github.tornadovit.benchmarks.peers;

import io.github.tornadovit.base.CheckpointException;
import io.github.tornadovit.base.file.WholeFile;
import io.github.tornadovit.benchmarks.model.LogitsCheck.MismatchException;
import io.github.tornadovit.benchmarks.model.TornadoVitEngine.Facts;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
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
 * number of threads, in turns. {@code README.md} of this module says how to read what it prints.
 */
@Command(
    name = "bench peers",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = "Compare our forward pass with other engines', taking turns in one run.")
public final class PeerComparison implements Callable<Integer> {
  private static final Duration PAUSE = Duration.ofMillis(50);
  private static final int PEAK_MILLIS = 100;

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

  @Option(names = "--json", paramLabel = "FILE", description = "Write every turn here.")
  private @Nullable Path json;

  @Spec private CommandSpec spec;

  private PeerComparison() {}

  /** Runs; exit code 0 on success, 2 on wrong usage, 1 on any other failure. */
  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  static CommandLine commandLine() {
    return new CommandLine(new PeerComparison())
        .registerConverter(Engine.class, PeerComparison::engine)
        .setExecutionExceptionHandler(
            (failure, command, parsed) -> {
              if (failure instanceof PeerException
                  || failure instanceof MismatchException
                  || failure instanceof CheckpointException
                  || failure instanceof IllegalArgumentException) {
                command.getErr().println("bench peers: " + failure.getMessage());
                return command.getCommandSpec().exitCodeOnExecutionException();
              }
              throw failure;
            });
  }

  /** The engine of that name, for picocli. */
  public static Engine engine(String option) {
    for (Engine engine : Engine.values()) {
      if (engine.option().equals(option)) {
        return engine;
      }
    }
    throw new CommandLine.TypeConversionException(
        "'%s', expected one of %s".formatted(option, List.of(Engine.values())));
  }

  @Override
  public Integer call() throws IOException {
    measuring.check();
    PrintWriter notes = spec.commandLine().getErr();
    Launcher launcher = measuring.launcher(checkpoint, exported, null);
    Facts facts = Facts.of(checkpoint);
    List<Engine> chosen = choose(launcher, notes);
    List<Integer> ascending = measuring.batches();
    int images = Collections.max(ascending);
    try (PixelFile pixels = PixelFile.noise(facts.images(), images)) {
      List<Supplier<WorkerProcess>> engineStarts = new ArrayList<>();
      for (Engine engine : chosen) {
        engineStarts.add(
            () -> launcher.start(Entrant.of(engine), pixels.file(), images, facts.images()));
      }
      print(compare(launcher, engineStarts, facts, ascending, notes));
    }
    return 0;
  }

  private Report compare(
      Launcher launcher,
      List<Supplier<WorkerProcess>> engineStarts,
      Facts facts,
      List<Integer> ascending,
      PrintWriter notes) {
    List<Report.Row> rows = new ArrayList<>();
    try (LineProcess peak = launcher.startPeak();
        Startup startup = Startup.of(engineStarts, measuring.starts())) {
      Comparison comparison =
          new Comparison(
              startup.workers(),
              () -> peak.ask("fma " + PEAK_MILLIS).get("value").asDouble(),
              new Comparison.Protocol(
                  measuring.rounds(),
                  seconds(measuring.turn()),
                  seconds(measuring.warmUp()),
                  PAUSE),
              true);
      for (int batch : ascending) {
        notes.println("batch " + batch + " …");
        notes.flush();
        rows.addAll(
            Report.rows(comparison.run(batch), startup.firstLabelMillis(), facts.flopsPerImage()));
      }
      return new Report(
          String.valueOf(checkpoint.toAbsolutePath().normalize().getFileName()),
          facts.flopsPerImage(),
          Conditions.of(
              launcher.threads(),
              "%d rounds of %s s after %s s of warm-up, first label of %d starts"
                  .formatted(
                      measuring.rounds(), measuring.turn(), measuring.warmUp(), measuring.starts()),
              startup.workers()),
          rows);
    }
  }

  /** Ours, then the peers that were named, or all that can take part. */
  private List<Engine> choose(Launcher launcher, PrintWriter notes) {
    List<Engine> chosen = new ArrayList<>(List.of(Engine.TORNADO_VIT));
    List<Engine> candidates = engines.isEmpty() ? List.of(Engine.values()) : engines;
    for (Engine engine : candidates) {
      Optional<String> obstacle = launcher.obstacle(engine);
      if (obstacle.isPresent() && !engines.isEmpty()) {
        throw new PeerException(engine + ": " + obstacle.get());
      }
      if (obstacle.isPresent()) {
        notes.println("without " + engine + ": " + obstacle.get());
      } else if (!chosen.contains(engine)) {
        chosen.add(engine);
      }
    }
    return chosen;
  }

  private void print(Report report) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    out.print(report.table());
    out.flush();
    if (json != null) {
      WholeFile.write(json, report.json() + "\n");
    }
  }

  private static Duration seconds(double seconds) {
    return Duration.ofMillis(Math.round(seconds * 1000));
  }
}
