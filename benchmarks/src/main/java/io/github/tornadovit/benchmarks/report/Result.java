package io.github.tornadovit.benchmarks.report;

import io.github.tornadovit.benchmarks.Median;
import io.github.tornadovit.benchmarks.peers.Comparison;
import io.github.tornadovit.benchmarks.peers.MeasuringOptions;
import io.github.tornadovit.benchmarks.peers.Turn;
import io.github.tornadovit.engine.evaluation.Agreement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Everything that one run measured, as {@code report.json} holds it. What can be computed from it
 * (medians, speed-ups, rates of kernels) is not in it twice.
 *
 * @param format of this file, {@value #FORMAT}
 * @param conditions of the run, in the order in which a report shows them
 * @param machine processor and system; trends are drawn for one machine
 * @param devices every device of TornadoVM
 * @param tornadoProblem why TornadoVM cannot be used; empty if it can
 */
record Result(
    int format,
    String date,
    String commit,
    String machine,
    Map<String, String> conditions,
    Protocol protocol,
    Peak peak,
    List<Device> devices,
    String tornadoProblem,
    List<Model> models) {
  static final int FORMAT = 1;
  private static final int PROFILE_PASSES = 5;

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .build();

  Result {
    Required.present(date, commit, machine, conditions, protocol, peak, tornadoProblem);
    conditions.forEach(Required::present);
    devices = Required.list(devices);
    models = Required.list(models);
  }

  /** The measuring protocol. */
  record Protocol(
      int rounds,
      double turnSeconds,
      double warmUpSeconds,
      int warmUpPasses,
      int starts,
      int threads,
      int profilePasses) {

    /** As the command line says. */
    static Protocol of(MeasuringOptions options) {
      return new Protocol(
          options.rounds(),
          options.turn(),
          options.warmUp(),
          Comparison.WARM_UP_PASSES,
          options.starts(),
          options.threads(),
          PROFILE_PASSES);
    }

    /** Whether what came first, and compiles and sets clocks, was left out of the times. */
    boolean warm() {
      return warmUpSeconds >= 1 && warmUpPasses >= 3;
    }
  }

  /** The peak rates of the host's cores, measured in the same run. */
  record Peak(double gigaflops, double gigabytesPerSecond) {
    Peak {
      Required.positive(gigaflops, gigabytesPerSecond);
    }

    /** The most GFLOP/s at an arithmetic intensity in FLOP per byte. */
    double roof(double intensity) {
      return Math.min(gigaflops, gigabytesPerSecond * intensity);
    }
  }

  /** The precision of an engine that ran, by its id; of one that is not known any more, float32. */
  static String precision(String id) {
    return io.github.tornadovit.benchmarks.peers.Engine.of(id.replaceAll(":.*", ""))
        .map(io.github.tornadovit.benchmarks.peers.Engine::precision)
        .orElse("f32");
  }

  /**
   * A device of TornadoVM.
   *
   * @param tornadoBackend through which TornadoVM reaches it
   */
  record Device(
      int index,
      String name,
      Processor processor,
      String platform,
      String tornadoBackend,
      int computeUnits,
      long memoryBytes) {
    Device {
      Required.present(name, processor, platform, tornadoBackend);
    }
  }

  /**
   * One checkpoint.
   *
   * @param architecture in words
   * @param published what its model card says, or null if it is of no published size
   * @param images what the full pipeline read, in words
   * @param engines that ran
   */
  record Model(
      String name,
      String architecture,
      long flopsPerImage,
      @Nullable Published published,
      String images,
      List<Engine> engines,
      List<Row> rows,
      List<Profile> profiles,
      List<Skipped> skipped) {
    Model {
      Required.present(name, architecture, images);
      Required.notNegative((double) flopsPerImage);
      engines = Required.list(engines);
      rows = Required.list(rows);
      profiles = Required.list(profiles);
      skipped = Required.list(skipped);
      for (Row row : rows) {
        if (engines.stream().noneMatch(engine -> engine.id().equals(row.engine()))) {
          throw notListed("row", row.engine());
        }
      }
      for (Profile profile : profiles) {
        if (engines.stream().noneMatch(engine -> engine.id().equals(profile.engine()))) {
          throw notListed("profile", profile.engine());
        }
      }
    }

    private static IllegalArgumentException notListed(String what, String engine) {
      return new IllegalArgumentException(
          "a %s is of engine '%s', which is not listed".formatted(what, engine));
    }

    Optional<Engine> engine(String id) {
      return engines.stream().filter(engine -> engine.id().equals(id)).findFirst();
    }

    /** The engine of a row. */
    Engine engineOf(Row row) {
      return engine(row.engine()).orElseThrow();
    }

    /** Those of a mode and batch size. */
    List<Row> rows(Mode mode, int batch) {
      return rows.stream().filter(row -> row.mode() == mode && row.batch() == batch).toList();
    }

    /** The fastest of a precision that is not ours; in float32 it computes the same. */
    Optional<Row> bestOther(Mode mode, int batch, String precision) {
      return rows(mode, batch).stream()
          .filter(row -> !engineOf(row).ours() && row.precision().equals(precision))
          .filter(row -> row.agreement().equal() || !row.isFloat32())
          .max(Comparator.comparingDouble(Row::imagesPerSecond));
    }

    Optional<Row> row(String engine, Mode mode, int batch) {
      return rows.stream()
          .filter(row -> row.engine().equals(engine) && row.mode() == mode && row.batch() == batch)
          .findFirst();
    }

    List<Integer> batches() {
      return rows.stream().map(Row::batch).distinct().sorted().toList();
    }
  }

  /** A published rate of evaluation; on which hardware it was reached is not said. */
  record Published(String card, double samplesPerSecond) {
    Published {
      Required.present(card);
      Required.positive(samplesPerSecond);
    }
  }

  /**
   * An engine that ran.
   *
   * @param id unique among the engines of a run
   * @param ours whether it is tornado-vit
   * @param device what it says it ran on, asked after it had run
   * @param launches of kernels that were seen in a profiled pass; null for what is not ours
   * @param kernelNanos that they took
   * @param firstLabelMillis from the start of its process to the first label, the median of starts
   * @param coldStart where that time goes; empty for what is not ours
   */
  record Engine(
      String id,
      String name,
      String version,
      boolean ours,
      Processor processor,
      String device,
      @Nullable Integer launches,
      @Nullable Long kernelNanos,
      double firstLabelMillis,
      List<Phase> coldStart) {
    private static final Pattern DEVICE = Pattern.compile(":device-(\\d+)$");

    Engine {
      Required.present(id, name, version, processor, device);
      Required.notNegative(firstLabelMillis);
      coldStart = Required.list(coldStart);
    }

    /** Name and processor, so that nobody takes one for the other. */
    String label() {
      return ours ? name + ", " + processor.label() + number() : name;
    }

    private String number() {
      return deviceNumber().map(number -> " (device " + number + ")").orElse("");
    }

    /** The number that {@code --device} takes; none on the CPU. */
    Optional<String> deviceNumber() {
      Matcher device = DEVICE.matcher(id);
      return device.find() ? Optional.of(device.group(1)) : Optional.empty();
    }
  }

  /**
   * A part of the cold start.
   *
   * @param note how it was told apart; empty if it was simply measured
   */
  record Phase(String name, double millis, String note) {
    Phase {
      Required.present(name, note);
      Required.notNegative(millis);
    }
  }

  /**
   * An engine in a mode at a batch size.
   *
   * @param agreement of its logits with ours on the CPU, before anything was timed
   * @param readMillis of a batch, decoding and preprocessing; of the full pipeline only
   * @param maxResidentBytes of the process so far
   * @param deviceBytes that plans hold on the device
   */
  record Row(
      String engine,
      Mode mode,
      int batch,
      Agreement agreement,
      @Nullable Double readMillis,
      @Nullable Long maxResidentBytes,
      @Nullable Long deviceBytes,
      List<Turn> turns) {
    Row {
      Required.present(engine, mode, agreement);
      Required.positive(batch);
      turns = Required.list(turns);
      if (turns.isEmpty()) {
        throw new IllegalArgumentException("a row has no turns, expected one per round");
      }
      for (Turn turn : turns) {
        Required.positive(turn.millis(), turn.peakGigaflops());
        Required.notNegative(turn.round(), turn.othersShare());
      }
    }

    /** Of the engine's products. */
    String precision() {
      return Result.precision(engine);
    }

    /** Whether its answers have to be those of our CPU backend. */
    boolean isFloat32() {
      return precision().equals("f32");
    }

    /** Of a batch, the median over rounds. */
    double millis() {
      return Median.of(turns.stream().map(Turn::millis).toList());
    }

    double imagesPerSecond() {
      return 1000 * batch / millis();
    }

    double fastestMillis() {
      return turns.stream().mapToDouble(Turn::millis).min().orElse(Double.NaN);
    }

    double slowestMillis() {
      return turns.stream().mapToDouble(Turn::millis).max().orElse(Double.NaN);
    }

    /** Half the range of the rounds as a part of their median: the noise of this measurement. */
    double noise() {
      return (slowestMillis() - fastestMillis()) / (2 * millis());
    }

    /** Whether the rounds differ so much that a ratio of medians means nothing. */
    boolean noisy() {
      return noise() > 0.5;
    }

    /** The part of the FMA peak around each turn, the median over rounds. */
    double fractionOfPeak(long flopsPerImage) {
      double gigaflops = flopsPerImage * 1e-9 * batch;
      return Median.of(
          turns.stream()
              .map(turn -> gigaflops * 1000 / turn.millis() / turn.peakGigaflops())
              .toList());
    }

    /** How many times as fast as another, round by round, then the median. */
    double ratioTo(Row other) {
      return Median.of(
          turns.stream()
              .filter(turn -> turn.round() < other.turns.size())
              .map(turn -> other.turns.get(turn.round()).millis() / turn.millis())
              .toList());
    }
  }

  /** The kernels of one forward pass. */
  record Profile(String engine, int batch, List<Kernel> kernels) {
    Profile {
      Required.present(engine);
      kernels = Required.list(kernels);
    }

    long nanos() {
      return kernels.stream().mapToLong(Kernel::nanos).sum();
    }
  }

  /**
   * Launches of equal work, summed.
   *
   * @param writes the buffer that they write
   * @param nanos of all launches
   * @param flops of all launches
   * @param bytes of inputs, weights and outputs of all launches, each counted once per launch
   */
  record Kernel(
      String kernel, String writes, String grid, int launches, long nanos, long flops, long bytes) {
    Kernel {
      Required.present(kernel, writes, grid);
      Required.notNegative(launches, (double) nanos, (double) flops, (double) bytes);
    }

    double gigaflops() {
      return (double) flops / Math.max(nanos, 1);
    }

    double gigabytesPerSecond() {
      return (double) bytes / Math.max(nanos, 1);
    }

    /** FLOP per byte. */
    double intensity() {
      return (double) flops / Math.max(bytes, 1);
    }
  }

  /** A measurement that was skipped. */
  record Skipped(String engine, String what, String reason) {
    Skipped {
      Required.present(engine, what, reason);
    }
  }

  /** Reads {@code report.json}. */
  static Result read(Path file) throws IOException {
    try {
      @Nullable Result result = JSON.readValue(Files.readString(file), Result.class);
      if (result == null) {
        throw new IllegalArgumentException(file + ": is null, expected the result of a report");
      }
      if (result.format() != FORMAT) {
        throw new IllegalArgumentException(
            "%s: format is %d, expected %d".formatted(file, result.format(), FORMAT));
      }
      return result;
    } catch (JacksonException malformed) {
      throw new IllegalArgumentException(
          file + ": is no result of a report: " + malformed.getOriginalMessage(), malformed);
    }
  }

  String json() {
    return JSON.writeValueAsString(this) + "\n";
  }
}
