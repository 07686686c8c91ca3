package io.github.tornadovit.benchmarks.peers;

import io.github.tornadovit.benchmarks.kernel.Threads;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** Options of every command that measures in turns. */
public final class MeasuringOptions {
  @Option(names = "--batch", split = ",", paramLabel = "N", description = "Batch sizes.")
  private List<Integer> batches = List.of(1, 8, 32);

  @Option(names = "--rounds", paramLabel = "N", description = "Turns of every engine, at least 5.")
  private int rounds = 7;

  @Option(names = "--turn", paramLabel = "SECONDS", description = "Length of a turn.")
  private double turn = 2;

  @Option(
      names = "--warm-up",
      paramLabel = "SECONDS",
      description = "Of every engine at every batch size; a report shows no speed-up below 1.")
  private double warmUp = 5;

  @Option(
      names = "--starts",
      paramLabel = "N",
      description = "Starts of every engine, for the time to the first label.")
  private int starts = 3;

  @Option(names = "--threads", paramLabel = "N", description = "Threads; 0: one per processor.")
  private int threads;

  @Option(
      names = "--python",
      paramLabel = "PYTHON",
      description = "A Python with the libraries of requirements.txt, for PyTorch in Python.")
  private @Nullable Path python;

  @Option(names = "--script", paramLabel = "FILE", description = "pytorch_peer.py.")
  private Path script = Path.of("benchmarks", "src", "main", "python", "pytorch_peer.py");

  @Spec(Target.MIXEE)
  @SuppressWarnings("NullAway.Init") // By picocli.
  private CommandSpec command;

  /** The defaults, until picocli sets what the command line says. */
  public MeasuringOptions() {}

  /**
   * Refuses what cannot be measured.
   *
   * @throws ParameterException naming the option, what it is and what was expected
   */
  public void check() {
    require(rounds >= 5, "--rounds is " + rounds + ", expected 5 or more");
    require(starts >= 1, "--starts is " + starts + ", expected 1 or more");
    require(threads >= 0, "--threads is " + threads + ", expected 0 or more");
    require(turn > 0 && warmUp >= 0, "--turn and --warm-up must be times");
    require(batches.stream().allMatch(batch -> batch >= 1), "--batch " + batches + ", expected 1+");
  }

  private void require(boolean condition, String problem) {
    if (!condition) {
      throw new ParameterException(command.commandLine(), problem);
    }
  }

  /** Ascending, so that the memory of a batch size is not that of a larger one. */
  public List<Integer> batches() {
    return batches.stream().distinct().sorted().toList();
  }

  /** Turns of every engine. */
  public int rounds() {
    return rounds;
  }

  /** Seconds of a turn. */
  public double turn() {
    return turn;
  }

  /** Seconds of warm-up. */
  public double warmUp() {
    return warmUp;
  }

  /** Starts of every engine. */
  public int starts() {
    return starts;
  }

  /** Threads, at least 1. */
  public int threads() {
    return Threads.resolve(threads);
  }

  /**
   * Starts engines for a checkpoint.
   *
   * @param exported what {@code export_peers.py} made of it
   * @param tornadoFlags a file of JVM flags for TornadoVM, or null to do without
   */
  public Launcher launcher(Path checkpoint, @Nullable Path exported, @Nullable Path tornadoFlags) {
    return new Launcher(checkpoint, exported, python, script, threads(), tornadoFlags);
  }
}
