package io.github.tornadovit.engine.probe;

import io.github.tornadovit.base.file.Sha256;
import io.github.tornadovit.base.file.WholeFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Features on disk, so that an image goes through a model once. Safe for use by several threads and
 * processes.
 *
 * <p>Layout: a folder per source of features, named by the SHA-256 of its description, which is in
 * its {@code source.txt}; in it a file per image, named by the SHA-256 of the image file: {@code
 * ab/abcd….feature}. An entry is the SHA-256 of the rest (32 bytes), then its name (the two digests
 * as 64 bytes), then the feature as float32, little-endian. One that is cut short, damaged or in
 * the wrong place is as good as none. Entries are written under another name and moved.
 *
 * <p>Nothing is ever removed: delete the folder, or one of a source, when it is not needed.
 */
public final class FeatureCache {
  /** To be raised when the engine's features of the same source change. */
  private static final int VERSION = 3;

  private static final int DIGEST_BYTES = 32;

  /** Digests of the rest, of the source and of the image. */
  private static final int HEAD_BYTES = 3 * DIGEST_BYTES;

  private final Path folder;

  private FeatureCache(Path folder) {
    this.folder = folder;
  }

  /** A cache in a folder, which is made when the first feature is stored. */
  public static FeatureCache in(Path folder) {
    return new FeatureCache(folder);
  }

  /** {@code tornado-vit/features} in {@code XDG_CACHE_HOME}, or else in {@code ~/.cache}. */
  public static Path defaultFolder() {
    return defaultFolder(System.getenv(), System.getProperty("user.home"));
  }

  /** As programs do, the home is {@code HOME}; Java's own is what the system has of the user. */
  static Path defaultFolder(Map<String, String> environment, String userHome) {
    String caches = environment.getOrDefault("XDG_CACHE_HOME", "");
    String home = environment.getOrDefault("HOME", "");
    Path parent =
        caches.isBlank() ? Path.of(home.isBlank() ? userHome : home, ".cache") : Path.of(caches);
    return parent.resolve("tornado-vit").resolve("features");
  }

  /**
   * The features of one source.
   *
   * @param backend that computes them: backends agree to a few units of the last place only
   * @param width elements of a feature
   */
  Entries entries(FeatureSource source, String backend, int width) {
    String description =
        "features %d\nbackend: %s\n".formatted(VERSION, backend)
            + source.facts().entrySet().stream()
                .map(fact -> fact.getKey() + ": " + fact.getValue() + "\n")
                .collect(Collectors.joining());
    return new Entries(description, width);
  }

  /** The features of one source, by the SHA-256 of the image file. */
  final class Entries {
    private final Path place;
    private final String description;
    private final String source;
    private final int width;

    private Entries(String description, int width) {
      this.description = description;
      this.width = width;
      MessageDigest digest = Sha256.start();
      digest.update(description.getBytes(StandardCharsets.UTF_8));
      source = Sha256.end(digest);
      place = folder.resolve(source);
    }

    private Path part(String image) {
      return place.resolve(image.substring(0, 2));
    }

    private Path file(String image) {
      return part(image).resolve(image + ".feature");
    }

    /** The feature of an image, if a whole one is there. */
    Optional<float[]> find(String image) throws IOException {
      Path file = file(image);
      int length = HEAD_BYTES + width * Float.BYTES;
      // The size first: a file of another size, which may be of any, is not read.
      if (!Files.isRegularFile(file) || Files.size(file) != length) {
        return Optional.empty();
      }
      byte[] content = Files.readAllBytes(file);
      float[] feature = new float[width];
      if (content.length == length) {
        ByteBuffer.wrap(content, HEAD_BYTES, width * Float.BYTES)
            .slice()
            .order(ByteOrder.LITTLE_ENDIAN)
            .asFloatBuffer()
            .get(feature);
      }
      return Arrays.equals(content, entry(image, feature))
          ? Optional.of(feature)
          : Optional.empty();
    }

    /** Stores the feature of an image; what was there is replaced. */
    void store(String image, float[] feature) throws IOException {
      if (!Files.isDirectory(part(image))) {
        Files.createDirectories(part(image));
        WholeFile.write(
            place.resolve("source.txt"),
            target -> target.write(description.getBytes(StandardCharsets.UTF_8)));
      }
      WholeFile.write(file(image), target -> target.write(entry(image, feature)));
    }

    private byte[] entry(String image, float[] feature) {
      byte[] entry = new byte[HEAD_BYTES + feature.length * Float.BYTES];
      ByteBuffer bytes = ByteBuffer.wrap(entry).order(ByteOrder.LITTLE_ENDIAN);
      bytes.position(DIGEST_BYTES).put(HexFormat.of().parseHex(source + image));
      bytes.slice().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(feature);
      MessageDigest digest = Sha256.start();
      digest.update(entry, DIGEST_BYTES, entry.length - DIGEST_BYTES);
      bytes.put(0, digest.digest());
      return entry;
    }
  }

  @Override
  public String toString() {
    return folder.toString();
  }
}
