package io.github.tornadovit.weights.demo;

import io.github.tornadovit.base.CheckpointException;
import io.github.tornadovit.weights.checkpoint.Checkpoint;
import io.github.tornadovit.weights.checkpoint.CheckpointSource;
import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Path;

/**
 * A checkpoint that comes with the module: a small model, trained on drawn faces, that tells faces
 * with a mask from faces without.
 *
 * {@snippet :
 * try (Checkpoint demo = DemoCheckpoint.VIT.open()) {
 *   demo.config().labels(); // with_mask, without_mask
 * }
 * }
 */
public enum DemoCheckpoint implements CheckpointSource {
  /** A tiny ViT, {@code model.safetensors}. */
  VIT("vit"),
  /** A tiny BEiT, {@code pytorch_model.bin}, with relative position bias and mean pooling. */
  BEIT("beit");

  private final String folder;

  DemoCheckpoint(String folder) {
    this.folder = folder;
  }

  /**
   * Opens the checkpoint; the caller closes it. In a folder of classes the files are mapped, in a
   * jar they are read into memory.
   *
   * @throws CheckpointException if the files were left out of the build or cannot be read
   */
  @Override
  public Checkpoint open() {
    String name = "embedded demo checkpoint '" + folder + "'";
    URL config = DemoCheckpoint.class.getResource(folder + "/config.json");
    if (config == null) {
      throw new CheckpointException(name, "was left out of this build; open a folder instead");
    }
    try {
      if (config.openConnection() instanceof JarURLConnection entry) {
        return openInJar(entry, name);
      }
      return Checkpoint.open(parent(Path.of(config.toURI())), name);
    } catch (IOException | URISyntaxException e) {
      throw new CheckpointException(name, "cannot be read from " + config + ": " + e, e);
    }
  }

  /** The jar's file system can be closed at once: a checkpoint in a jar is read into memory. */
  private static Checkpoint openInJar(JarURLConnection entry, String name)
      throws IOException, URISyntaxException {
    Path jar = Path.of(URI.create(entry.getJarFileURL().toString()));
    try (FileSystem files = FileSystems.newFileSystem(jar)) {
      return Checkpoint.open(parent(files.getPath("/" + entry.getEntryName())), name);
    }
  }

  private static Path parent(Path file) {
    Path parent = file.getParent();
    if (parent == null) {
      throw new IllegalStateException(file + " has no parent");
    }
    return parent;
  }
}
