package io.github.tornadovit.kernels.backend;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.stream.Collectors;

/**
 * A GPU as its data sheet describes it, for a model of the time of kernels on it.
 *
 * @param name as in the table, or one's own
 * @param multiprocessors streaming multiprocessors
 * @param lanes float32 multiply-adds of a multiprocessor in a cycle
 * @param tensorMultiplyAdds float16 multiply-adds with float32 sums of a multiprocessor in a cycle,
 *     through {@code mma.sync}; 0 without tensor cores of compute capability 8.0
 * @param gigahertz clock under load
 * @param memoryRate GB/s of device memory
 * @param cacheRate GB/s of the second level cache, to all multiprocessors
 * @param cacheMegabytes size of the second level cache
 * @param busRate GB/s from the host
 * @param threads that are resident on a multiprocessor at most
 * @param localKilobytes memory of a multiprocessor that work-groups share
 */
public record Gpu(
    String name,
    int multiprocessors,
    int lanes,
    int tensorMultiplyAdds,
    double gigahertz,
    double memoryRate,
    double cacheRate,
    double cacheMegabytes,
    double busRate,
    int threads,
    int localKilobytes) {

  /**
   * Counts, memory rates and sizes are the vendor's (Turing, Ampere, Ada and Hopper white papers);
   * clocks are lower than boost where a power limit is known to hold them (T4, A10), cache and bus
   * rates are what others measured, rounded, and assumed for the RTX 4090. An H100's {@code
   * mma.sync} reaches 62 % of its 2,048 (Luo et al. 2024, "Benchmarking and dissecting the Nvidia
   * Hopper GPU architecture").
   */
  public static final List<Gpu> TABLE =
      List.of(
          new Gpu("T4", 40, 64, 0, 1.25, 320, 1200, 4, 12, 1024, 64),
          new Gpu("A10", 72, 128, 512, 1.45, 600, 1800, 6, 24, 1536, 100),
          new Gpu("A100", 108, 64, 1024, 1.41, 1555, 4500, 40, 24, 2048, 164),
          new Gpu("RTX 4090", 128, 128, 256, 2.52, 1008, 4500, 72, 24, 1536, 100),
          new Gpu("H100", 132, 128, 1280, 1.75, 3350, 5500, 50, 48, 2048, 228));

  private static final List<String> KEYS =
      List.of(
          "name",
          "multiprocessors",
          "lanes",
          "tensor_multiply_adds",
          "gigahertz",
          "memory_rate",
          "cache_rate",
          "cache_megabytes",
          "bus_rate",
          "threads",
          "local_kilobytes");

  /**
   * @throws IllegalArgumentException if a figure is not positive
   */
  public Gpu {
    if (tensorMultiplyAdds < 0
        || !(Math.min(Math.min(multiprocessors, lanes), Math.min(threads, localKilobytes)) > 0
            && Math.min(gigahertz, Math.min(memoryRate, Math.min(cacheRate, busRate))) > 0
            && cacheMegabytes > 0)) {
      throw new IllegalArgumentException(
          "GPU '%s' has a figure that is not positive; tensor_multiply_adds alone may be 0"
              .formatted(name));
    }
  }

  /**
   * A GPU of the table by a part of its name in any case, or one's own from a file of properties:
   * one for each component of this record, in the words of {@code docs/gpu-guide.md}.
   *
   * @throws IllegalArgumentException if there is none, or if the file does not say all
   */
  public static Gpu of(String nameOrFile) {
    String asked = plain(nameOrFile);
    List<Gpu> named = TABLE.stream().filter(gpu -> plain(gpu.name()).equals(asked)).toList();
    if (named.isEmpty()) {
      named = TABLE.stream().filter(gpu -> plain(gpu.name()).contains(asked)).toList();
    }
    if (named.size() == 1) {
      return named.getFirst();
    }
    Path file = Path.of(nameOrFile);
    if (Files.isRegularFile(file)) {
      return read(file);
    }
    throw new IllegalArgumentException(
        "'%s' is no GPU of the table (%s) and no file"
            .formatted(
                nameOrFile, TABLE.stream().map(Gpu::name).collect(Collectors.joining(", "))));
  }

  private static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[ _-]", "");
  }

  private static Gpu read(Path file) {
    Properties figures = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      figures.load(reader);
    } catch (IOException failure) {
      throw new UncheckedIOException(file + " cannot be read: " + failure.getMessage(), failure);
    }
    for (String key : KEYS) {
      if (figures.getProperty(key) == null) {
        throw new IllegalArgumentException(
            "%s says no %s, expected %s".formatted(file, key, String.join(", ", KEYS)));
      }
    }
    return new Gpu(
        figures.getProperty("name"),
        whole(file, figures, "multiprocessors"),
        whole(file, figures, "lanes"),
        whole(file, figures, "tensor_multiply_adds"),
        number(file, figures, "gigahertz"),
        number(file, figures, "memory_rate"),
        number(file, figures, "cache_rate"),
        number(file, figures, "cache_megabytes"),
        number(file, figures, "bus_rate"),
        whole(file, figures, "threads"),
        whole(file, figures, "local_kilobytes"));
  }

  private static int whole(Path file, Properties figures, String key) {
    double value = number(file, figures, key);
    if (value != Math.rint(value)) {
      throw new IllegalArgumentException(
          "%s says %s=%s, expected a whole number".formatted(file, key, value));
    }
    return (int) value;
  }

  private static double number(Path file, Properties figures, String key) {
    String text = figures.getProperty(key).strip();
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException malformed) {
      throw new IllegalArgumentException(
          "%s says %s=%s, expected a number".formatted(file, key, text), malformed);
    }
  }
}
