package io.github.tornadovit.benchmarks.peers;

import io.github.tornadovit.benchmarks.model.ImageShape;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The commands of the workers.
 *
 * @param checkpoint folder
 * @param exported folder of the files that {@code export_peers.py} wrote, or null
 * @param python a Python with the libraries of {@code requirements.txt}, or null
 * @param script {@code pytorch_peer.py}
 * @param threads of every engine
 */
record Launcher(
    Path checkpoint, @Nullable Path exported, @Nullable Path python, Path script, int threads) {

  /** Why an engine cannot take part here; empty if it can. */
  Optional<String> obstacle(Engine engine) {
    if (engine == Engine.PYTHON_PYTORCH) {
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

  /** Starts an engine that has no {@linkplain #obstacle obstacle}. */
  WorkerProcess start(Engine engine, Path pixels, int images, ImageShape shape) {
    List<String> command = new ArrayList<>();
    if (engine == Engine.PYTHON_PYTORCH) {
      command.addAll(List.of(String.valueOf(python), script.toString(), "serve"));
    } else {
      command.addAll(java(engine.workerClass()));
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
            Integer.toString(shape.width())));
    // The libraries that compute with OpenMP read their threads from here.
    return new WorkerProcess(
        engine.option(), command, Map.of("OMP_NUM_THREADS", Integer.toString(threads)));
  }

  /** The process that measures the peak. */
  LineProcess startPeak() {
    List<String> command = java(PeakWorker.class.getName());
    command.add(Integer.toString(threads));
    return new LineProcess("peak", command, Map.of());
  }

  /** The same JVM with the same flags for every engine. */
  private static List<String> java(String main) {
    return new ArrayList<>(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--add-modules=jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED",
            // DJL: download nothing, report nothing, log nothing but errors.
            "-Dai.djl.offline=true",
            "-DOPT_OUT_TRACKING=true",
            "-Dslf4j.internal.verbosity=ERROR",
            "-cp",
            System.getProperty("java.class.path"),
            main));
  }
}
