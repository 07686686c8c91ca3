package io.github.tornadovit.benchmarks.peers;

import io.github.tornadovit.benchmarks.model.ImageShape;
import io.github.tornadovit.kernels.backend.BackendOverview;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * The commands of the workers.
 *
 * @param checkpoint folder
 * @param exported folder of the files that {@code export_peers.py} wrote, or null
 * @param python a Python with the libraries of {@code requirements.txt}, or null
 * @param script {@code pytorch_peer.py}
 * @param threads of every engine
 * @param tornado a file of JVM flags, as {@code tornado-flags.sh} prints them; null without an SDK
 */
public record Launcher(
    Path checkpoint,
    @Nullable Path exported,
    @Nullable Path python,
    Path script,
    int threads,
    @Nullable Path tornado) {

  private static final String SDK_PROBLEM = "tornadovit.sdkProblem";

  /** JVM flags of every worker. */
  public static final List<String> FLAGS =
      List.of(
          "--add-modules=jdk.incubator.vector",
          "--enable-native-access=ALL-UNNAMED",
          // DJL: download nothing, report nothing, log nothing but errors.
          "-Dai.djl.offline=true",
          "-DOPT_OUT_TRACKING=true",
          "-Dslf4j.internal.verbosity=ERROR");

  /** Why an engine cannot take part here; empty if it can. */
  public Optional<String> obstacle(Engine engine) {
    if (engine.isPython()) {
      return python == null
          ? Optional.of("no Python named; --python PYTHON")
          : missing(script, "--script FILE");
    }
    String main = engine.workerClass();
    if (Launcher.class.getResource("/" + main.replace('.', '/') + ".class") == null) {
      return Optional.of("this build has no peers; build with -Ppeers");
    }
    if (engine.file().isEmpty()) {
      return Optional.empty();
    }
    return exported == null
        ? Optional.of("no exported files named; export_peers.py writes them")
        : missing(exported.resolve(engine.file()), "export_peers.py writes it");
  }

  private static Optional<String> missing(Path file, String remedy) {
    return Files.isReadable(file)
        ? Optional.empty()
        : Optional.of("no file " + file + "; " + remedy);
  }

  /** Starts one that has no {@linkplain #obstacle obstacle}. */
  public WorkerProcess start(Entrant entrant, Path pixels, int images, ImageShape shape) {
    Engine engine = entrant.engine();
    List<String> command = new ArrayList<>();
    if (engine.isPython()) {
      command.addAll(List.of(String.valueOf(python), script.toString(), "serve"));
    } else {
      command.addAll(java(engine.workerClass(), entrant.device() != null));
    }
    Path model =
        exported == null || engine.file().isEmpty() ? checkpoint : exported.resolve(engine.file());
    command.addAll(
        List.of(
            model.toString(),
            Integer.toString(threads),
            pixels.toString(),
            Integer.toString(images),
            Integer.toString(shape.channels()),
            Integer.toString(shape.height()),
            Integer.toString(shape.width()),
            engine.precision()));
    if (entrant.device() != null) {
      command.add(entrant.device().toString());
    }
    return new WorkerProcess(entrant.id(), command, threadLimits());
  }

  /** The libraries that start threads of their own read from here how many. */
  private Map<String, String> threadLimits() {
    String count = Integer.toString(threads);
    return Map.of(
        "OMP_NUM_THREADS", count, "POCL_MAX_PTHREAD_COUNT", count, "POCL_CPU_MAX_CU_COUNT", count);
  }

  /** The backends and devices, TornadoVM's included. */
  public BackendOverview devices() {
    try (LineProcess process =
        new LineProcess("devices", java(DevicesWorker.class.getName(), true), threadLimits())) {
      return JsonMapper.shared().treeToValue(process.answer(), BackendOverview.class);
    }
  }

  /** The process that measures the peak. */
  public LineProcess startPeak() {
    List<String> command = java(PeakWorker.class.getName(), false);
    command.add(Integer.toString(threads));
    return new LineProcess("peak", command, Map.of());
  }

  /** The same JVM with the same flags for every engine, and TornadoVM's where they are needed. */
  private List<String> java(String main, boolean onDevice) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    if (onDevice && tornado != null) {
      command.add("@" + tornado);
    }
    String problem = System.getProperty(SDK_PROBLEM);
    if (onDevice && problem != null) {
      command.add("-D" + SDK_PROBLEM + "=" + problem);
    }
    command.addAll(FLAGS);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main));
    return command;
  }
}
