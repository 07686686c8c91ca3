package io.github.tornadovit.fuzz;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A temporary folder for readers that read files, of one target in one process. */
final class Scratch {
  private final Path folder;

  private Scratch(Path folder) {
    this.folder = folder;
  }

  /** An empty folder below {@code java.io.tmpdir}. */
  static Scratch create() {
    try {
      return new Scratch(Files.createTempDirectory("tornado-vit-fuzz"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path folder() {
    return folder;
  }

  Path file(String name) {
    return folder.resolve(name);
  }

  /** Writes a file, or replaces it. */
  Path write(String name, byte[] content) throws IOException {
    Files.deleteIfExists(file(name)); // Some file systems flush a file that is written over.
    return Files.write(file(name), content);
  }

  /** Copies resources that lie beside this class below a folder's name. */
  Scratch with(String place, String... names) {
    for (String name : names) {
      try {
        write(name, resource(place + "/" + name));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return this;
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream content = Scratch.class.getResourceAsStream(name)) {
      if (content == null) {
        throw new IOException("no resource " + name);
      }
      return content.readAllBytes();
    }
  }
}
