package io.github.tornadovit.engine.probe;

import io.github.tornadovit.base.Precision;
import io.github.tornadovit.base.file.Sha256;
import io.github.tornadovit.engine.Feature;
import io.github.tornadovit.engine.Pooling;
import io.github.tornadovit.fuzz.FuzzTarget;
import io.github.tornadovit.weights.config.VisionConfig.Extent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A cached feature of {@value #WIDTH} numbers, as it is and with its checksum and name corrected:
 * then it must be found, and else it must not. In the package of the cache, which alone reads it.
 */
public final class FeatureCacheTarget implements FuzzTarget {
  private static final int WIDTH = 4;
  private static final int DIGEST_BYTES = 32;
  private static final int HEAD_BYTES = 3 * DIGEST_BYTES;
  private static final String IMAGE = "ab".repeat(DIGEST_BYTES);

  private final FeatureCache.Entries entries;
  private final Path file;
  private final byte[] stored;

  /** A target with a cache of its own. */
  public FeatureCacheTarget() {
    FeatureSource source =
        new FeatureSource(
            "vit", "0".repeat(64), new Extent(4, 4), true, Precision.F32, Feature.of(Pooling.CLS));
    try {
      Path folder = Files.createTempDirectory("tornado-vit-fuzz");
      entries = FeatureCache.in(folder).entries(source, "cpu", WIDTH);
      entries.store(IMAGE, new float[WIDTH]);
      try (Stream<Path> files = Files.walk(folder)) {
        file = files.filter(path -> path.toString().endsWith(".feature")).findFirst().orElseThrow();
      }
      stored = Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void read(byte[] input) throws IOException {
    byte[] corrected = corrected(input);
    Files.write(file, input);
    if (entries.find(IMAGE).isPresent()
        != (input.length == stored.length && Arrays.equals(input, corrected))) {
      throw new AssertionError("took a damaged entry for a whole one, or the other way round");
    }
    Files.write(file, corrected);
    Optional<float[]> found = entries.find(IMAGE);
    if (found.isPresent() != (input.length == stored.length)) {
      throw new AssertionError("took an entry of another length for a whole one");
    }
  }

  /** The numbers of the input under the name of the entry, and their checksum. */
  private byte[] corrected(byte[] input) {
    byte[] entry = input.clone();
    if (entry.length > HEAD_BYTES) {
      System.arraycopy(stored, DIGEST_BYTES, entry, DIGEST_BYTES, HEAD_BYTES - DIGEST_BYTES);
      byte[] rest = Arrays.copyOfRange(entry, DIGEST_BYTES, entry.length);
      byte[] digest = HexFormat.of().parseHex(Sha256.of(MemorySegment.ofArray(rest)));
      System.arraycopy(digest, 0, entry, 0, DIGEST_BYTES);
    }
    return entry;
  }
}
