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
 * @param multiprocessors what computes
 * @param memoryRate GB/s of device memory
 * @param cacheMegabytes size of the second level cache
 * @param busRate GB/s from the host
 */
public record Gpu(
    String name,
    Multiprocessors multiprocessors,
    double memoryRate,
    double cacheMegabytes,
    double busRate) {

  /**
   * Counts, memory rates and sizes are the vendor's (Turing, Ampere, Ada and Hopper white papers);
   * clocks are lower than boost where a power limit is known to hold them (T4, A10), cache and bus
   * rates are what others measured, rounded, and assumed for the RTX 4090. An H100's {@code
   * mma.sync} reaches 62 % of its 2,048 (Luo et al. 2024, "Benchmarking and dissecting the Nvidia
   * Hopper GPU architecture").
   */
  public static final List<Gpu> TABLE =
      List.of(
          new Gpu("T4", new Multiprocessors(7.5, 40, 64, 0, 1.25, 1200, 1024, 64), 320, 4, 12),
          new Gpu("A10", new Multiprocessors(8.6, 72, 128, 512, 1.45, 1800, 1536, 100), 600, 6, 24),
          new Gpu(
              "A100", new Multiprocessors(8.0, 108, 64, 1024, 1.41, 4500, 2048, 164), 1555, 40, 24),
          new Gpu(
              "RTX 4090",
              new Multiprocessors(8.9, 128, 128, 256, 2.52, 4500, 1536, 100),
              1008,
              72,
              24),
          new Gpu(
              "H100",
              new Multiprocessors(9.0, 132, 128, 1280, 1.75, 5500, 2048, 228),
              3350,
              50,
              48));

  private static final List<String> KEYS =
      List.of(
          "name",
          "compute_capability",
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
    Multiprocessors one = multiprocessors;
    if (one.tensorMultiplyAdds() < 0
        || !(Math.min(
                    Math.min(one.count(), one.lanes()),
                    Math.min(one.threads(), one.localKilobytes()))
                > 0
            && Math.min(one.gigahertz(), Math.min(memoryRate, Math.min(one.cacheRate(), busRate)))
                > 0
            && Math.min(one.capability(), cacheMegabytes) > 0)) {
      throw new IllegalArgumentException(
          "GPU '%s' has a figure that is not positive; tensor_multiply_adds alone may be 0"
              .formatted(name));
    }
  }

  /**
   * A GPU of the table by a part of its name in any case, or one's own from a file of properties: a
   * figure for each of its components, in the words of {@code docs/gpu-guide.md}.
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
        new Multiprocessors(
            number(file, figures, "compute_capability"),
            whole(file, figures, "multiprocessors"),
            whole(file, figures, "lanes"),
            whole(file, figures, "tensor_multiply_adds"),
            number(file, figures, "gigahertz"),
            number(file, figures, "cache_rate"),
            whole(file, figures, "threads"),
            whole(file, figures, "local_kilobytes")),
        number(file, figures, "memory_rate"),
        number(file, figures, "cache_megabytes"),
        number(file, figures, "bus_rate"));
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
