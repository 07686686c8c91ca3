package io.github.tornadovit.spark;

import io.github.tornadovit.base.CheckpointException;
import io.github.tornadovit.hub.HubModel;
import io.github.tornadovit.weights.checkpoint.Checkpoint;
import io.github.tornadovit.weights.checkpoint.CheckpointSource;
import io.github.tornadovit.weights.demo.DemoCheckpoint;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.spark.SparkEnv;
import org.apache.spark.SparkFiles;
import org.jspecify.annotations.Nullable;

/** Finds a model on the machine of an executor. */
final class ModelLocation {
  private static final String DEMO = "demo:";
  private static final String CONFIG = "config.json";

  private ModelLocation() {}

  /** A checkpoint folder; equal to another of the same path. */
  record Folder(Path path) implements CheckpointSource {
    @Override
    public Checkpoint open() {
      return Checkpoint.open(path);
    }
  }

  /**
   * The model of a name, in this order: an embedded one ({@code demo:vit}, {@code demo:beit}); a
   * folder of this machine, or one that it shares with others; a folder that came with the job, by
   * {@code --archives} or {@code addFile}; one of the hub.
   *
   * @throws CheckpointException if it is none of these
   */
  static CheckpointSource of(String model) {
    if (model.startsWith(DEMO)) {
      return demo(model);
    }
    Path folder = folder(model);
    if (folder != null) {
      return new Folder(folder);
    }
    if (HubModel.isName(model)) {
      return HubModel.of(model);
    }
    throw new CheckpointException(
        model,
        ("is on %s no folder and none that came with the job; put it where every executor sees it,"
                + " send it along (spark-submit --archives vit.tar.gz#vit, then the model is 'vit'), or name a"
                + " model of the hub as organisation/name")
            .formatted(Executor.place()));
  }

  private static CheckpointSource demo(String model) {
    String name = model.substring(DEMO.length()).toUpperCase(Locale.ROOT);
    return Stream.of(DemoCheckpoint.values())
        .filter(demo -> demo.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new CheckpointException(model, "is not embedded, expected demo:vit or demo:beit"));
  }

  private static @Nullable Path folder(String model) {
    try {
      Path local = model.startsWith("file:/") ? Path.of(URI.create(model)) : Path.of(model);
      if (Files.exists(local)) {
        // What came with the job lies where an executor was started.
        return local.isAbsolute() ? local : unpacked(local.toAbsolutePath());
      }
      if (SparkEnv.get() == null || local.isAbsolute() || local.startsWith("..")) {
        return null;
      }
      Path sent = Path.of(SparkFiles.get(model));
      return Files.exists(sent) ? unpacked(sent) : null;
    } catch (InvalidPathException none) {
      return null;
    }
  }

  /** An archive of a folder, and not of its files, has that folder in it. */
  private static Path unpacked(Path sent) {
    if (!Files.isDirectory(sent) || Files.exists(sent.resolve(CONFIG))) {
      return sent;
    }
    try (Stream<Path> entries = Files.list(sent)) {
      List<Path> models = entries.filter(entry -> Files.exists(entry.resolve(CONFIG))).toList();
      return models.size() == 1 ? models.getFirst() : sent;
    } catch (IOException unreadable) {
      throw new CheckpointException(sent.toString(), "cannot be listed: " + unreadable, unreadable);
    }
  }
}
