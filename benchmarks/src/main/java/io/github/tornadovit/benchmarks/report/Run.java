package io.github.tornadovit.benchmarks.report;

import io.github.tornadovit.benchmarks.Median;
import io.github.tornadovit.benchmarks.peers.Conditions;
import io.github.tornadovit.benchmarks.peers.Engine;
import io.github.tornadovit.benchmarks.peers.Entrant;
import io.github.tornadovit.benchmarks.peers.Launcher;
import io.github.tornadovit.benchmarks.peers.LineProcess;
import io.github.tornadovit.benchmarks.peers.PeerException;
import io.github.tornadovit.benchmarks.peers.Turn;
import io.github.tornadovit.kernels.backend.BackendChoice;
import io.github.tornadovit.kernels.backend.BackendOverview;
import io.github.tornadovit.kernels.backend.DeviceDescription;
import io.github.tornadovit.kernels.backend.Unusable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A run over checkpoints on one machine: finds out who can take part, measures, and keeps under
 * which conditions.
 *
 * @param scope how much to measure
 * @param launchers one per checkpoint
 * @param peers that may take part
 * @param named whether the user named them, so that in the scope of peers each must run
 * @param asked numbers of TornadoVM's devices; empty for all
 * @param batches ascending
 * @param images folder for the full pipeline, or null
 * @param tornadoFlags file of JVM flags, or null without an SDK
 */
record Run(
    Scope scope,
    List<Launcher> launchers,
    List<Engine> peers,
    boolean named,
    List<Integer> asked,
    List<Integer> batches,
    Result.Protocol protocol,
    @Nullable Path images,
    @Nullable Path tornadoFlags,
    Consumer<String> notes) {
  private static final int MEMORY_MILLIS = 500;
  private static final int PEAK_MILLIS = 200;

  Result measure() throws InterruptedException {
    Map<String, String> conditions = new LinkedHashMap<>();
    String date = Conditions.date();
    conditions.put("date", date);
    conditions.put("commit", Conditions.commit());
    conditions.put("machine", Conditions.machine());
    conditions.put("load at the start", Conditions.load());
    BackendOverview found = scope == Scope.EVERYTHING ? launchers.getFirst().devices() : null;
    String problem = problem(found);
    List<Result.Device> devices =
        found == null ? List.of() : found.devices().stream().map(Run::device).toList();
    String imagesInWords = images == null ? "" : inWords(images);
    List<Result.Model> models = new ArrayList<>();
    List<Double> bandwidths = new ArrayList<>();
    for (Launcher launcher : launchers) {
      ReportSetting setting = setting(launcher, devices, problem, imagesInWords);
      notes.accept("checkpoint " + launcher.checkpoint().getFileName());
      bandwidths.add(bandwidth(launcher));
      models.add(Measurement.of(setting, notes));
      bandwidths.add(bandwidth(launcher));
    }
    conditions.put("peaks of the processors", peaks(launchers.getFirst()));
    conditions.put("load at the end", Conditions.load());
    conditions.put("java", Conditions.java());
    conditions.put("JVM flags of every engine", String.join(" ", Launcher.FLAGS));
    conditions.put("TornadoVM", tornado(problem));
    conditions.put("threads", Integer.toString(protocol.threads()));
    conditions.put(
        "protocol",
        "%d rounds of %s s after %s s of warm-up, first label of %d starts"
            .formatted(
                protocol.rounds(),
                protocol.turnSeconds(),
                protocol.warmUpSeconds(),
                protocol.starts()));
    conditions.put(
        "other engines",
        models.stream()
            .flatMap(model -> model.engines().stream())
            .filter(engine -> !engine.ours())
            .map(engine -> engine.name() + " " + engine.version())
            .distinct()
            .collect(Collectors.collectingAndThen(Collectors.joining("; "), Run::orNone)));
    return new Result(
        Result.FORMAT,
        date,
        Conditions.commit(),
        Conditions.machine(),
        conditions,
        protocol,
        new Result.Peak(fmaPeak(models), Median.of(bandwidths)),
        devices,
        problem,
        models);
  }

  /** Why no device of TornadoVM is measured; empty if they are. */
  private static String problem(@Nullable BackendOverview found) {
    if (found == null) {
      return "peers measures no device, report does";
    }
    Unusable unusable = found.status(BackendChoice.TORNADO).unusable();
    return unusable == null ? "" : unusable.toString();
  }

  private static String orNone(String names) {
    return names.isEmpty() ? "none" : names;
  }

  private static String peaks(Launcher launcher) {
    try (LineProcess peak = launcher.startPeak()) {
      return peak.ask("all " + PEAK_MILLIS).properties().stream()
          .map(one -> "%s %s".formatted(one.getKey(), Cell.three(one.getValue().asDouble())))
          .collect(Collectors.joining(", ", "", " GFLOP/s or Gop/s"));
    }
  }

  private static double bandwidth(Launcher launcher) {
    try (LineProcess peak = launcher.startPeak()) {
      return peak.ask("memory " + MEMORY_MILLIS).get("value").asDouble();
    }
  }

  private static double fmaPeak(List<Result.Model> models) {
    List<Double> peaks =
        models.stream()
            .flatMap(model -> model.rows().stream())
            .filter(row -> isFloat32(row.engine()))
            .flatMap(row -> row.turns().stream())
            .map(Turn::peakGigaflops)
            .toList();
    if (peaks.isEmpty()) {
      throw new PeerException("nothing was measured");
    }
    return Median.of(peaks);
  }

  private static boolean isFloat32(String id) {
    return Result.precision(id).equals("f32");
  }

  private static Result.Device device(DeviceDescription device) {
    return new Result.Device(
        device.index(),
        device.name(),
        Processor.of(device.kind().name(), device.platform()),
        device.platform(),
        device.tornadoBackend(),
        device.computeUnits(),
        device.memoryBytes());
  }

  private ReportSetting setting(
      Launcher launcher, List<Result.Device> devices, String problem, String imagesInWords) {
    List<Entrant> entrants = new ArrayList<>(List.of(Entrant.of(Engine.TORNADO_VIT)));
    List<Result.Skipped> obstacles = new ArrayList<>();
    if (!problem.isEmpty()) {
      obstacles.add(new Result.Skipped("tornado-vit on TornadoVM", "everything", problem));
    }
    for (Result.Device device : problem.isEmpty() ? devices : List.<Result.Device>of()) {
      Entrant entrant = Entrant.onDevice(device.index());
      if (asked.isEmpty() || asked.contains(device.index())) {
        entrants.add(entrant);
      } else {
        obstacles.add(new Result.Skipped(entrant.id(), "everything", "not asked for"));
      }
    }
    for (Engine peer : peers) {
      if (peer != Engine.TORNADO_VIT) {
        Optional<String> obstacle = launcher.obstacle(peer);
        if (obstacle.isPresent() && named && scope == Scope.PEERS) {
          throw new PeerException(peer + ": " + obstacle.get());
        }
        if (obstacle.isPresent()) {
          notes.accept("without " + peer + ": " + obstacle.get());
          obstacles.add(new Result.Skipped(peer.option(), "everything", obstacle.get()));
        } else {
          entrants.add(Entrant.of(peer));
        }
      }
    }
    return new ReportSetting(
        launcher,
        entrants,
        obstacles,
        named,
        devices,
        scope,
        batches,
        protocol,
        images,
        imagesInWords);
  }

  /** How many files, how large; not where they lie. */
  private static String inWords(Path folder) {
    try (Stream<Path> all = Files.walk(folder)) {
      List<Path> files = all.filter(Files::isRegularFile).toList();
      if (files.isEmpty()) {
        throw new IllegalArgumentException("--images: no file in " + folder);
      }
      long bytes = 0;
      for (Path file : files) {
        bytes += Files.size(file);
      }
      return "%d files of %s KB on average, from the folder '%s'"
          .formatted(files.size(), Cell.three(bytes / 1e3 / files.size()), folder.getFileName());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Version and flags; paths of the machine are nobody's business. */
  private String tornado(String problem) {
    if (!problem.isEmpty() || tornadoFlags == null) {
      return "none: " + problem;
    }
    try (Stream<String> lines = Files.lines(tornadoFlags)) {
      return System.getProperty("tornadovit.tornadoVersion", "version unknown")
          + "; "
          + lines
              .filter(line -> line.startsWith("-XX") || line.startsWith("-Dtornado."))
              .filter(line -> !line.contains(".implementation="))
              .collect(Collectors.joining(" "));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
