package io.github.tornadovit.engine.bench;

import io.github.tornadovit.base.Precision;
import io.github.tornadovit.kernels.backend.BackendChoice;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Options of a benchmark.
 *
 * @param backends those named; none for the CPU and every usable device of TornadoVM. A named one
 *     that cannot be used is an error
 * @param batches images per forward pass, each from 1 to 1024; sorted, without repetitions
 * @param seconds that all measurements take together, at least 1; loading and compiling come on top
 * @param threads of the CPU backend, 0 for one per available processor
 * @param precisions each measured on every backend that has it, several are not all needed; float32
 *     is added where images are compared
 * @param images to compare the answers of precisions and devices on; none for no comparison
 */
public record BenchOptions(
    List<BackendChoice> backends,
    List<Integer> batches,
    int seconds,
    int threads,
    List<Precision> precisions,
    List<Path> images) {
  private static final BenchOptions DEFAULTS =
      new BenchOptions(
          List.of(), List.of(1, 2, 4, 8, 16, 32), 60, 0, List.of(Precision.F32), List.of());

  /**
   * @throws IllegalArgumentException if a number is out of range, there is no batch, or AUTO is
   *     among the backends
   */
  public BenchOptions {
    backends = backends.stream().distinct().toList();
    images = List.copyOf(images);
    Stream<Precision> compared = images.isEmpty() ? Stream.of() : Stream.of(Precision.F32);
    precisions = Stream.concat(compared, precisions.stream()).distinct().toList();
    batches = batches.stream().distinct().sorted().toList();
    require(
        !backends.contains(BackendChoice.AUTO),
        "backends contain auto, expected cpu, tornado or reference, which are compared");
    require(!precisions.isEmpty(), "precisions are empty, expected at least one");
    require(!batches.isEmpty(), "batches are empty, expected at least one");
    require(
        batches.getFirst() >= 1 && batches.getLast() <= 1024,
        "batches are " + batches + ", expected 1 to 1024 each");
    require(seconds >= 1 && seconds <= 86_400, "seconds is " + seconds + ", expected 1 to 86400");
    require(threads >= 0 && threads <= 1024, "threads is " + threads + ", expected 0 to 1024");
  }

  private static void require(boolean condition, String problem) {
    if (!condition) {
      throw new IllegalArgumentException(problem);
    }
  }

  /** The CPU and every usable device, batches of 1 to 32, a minute, all processors. */
  public static BenchOptions defaults() {
    return DEFAULTS;
  }

  /** These options with the backends named. */
  public BenchOptions withBackends(List<BackendChoice> backends) {
    return new BenchOptions(backends, batches, seconds, threads, precisions, images);
  }

  /** These options with other batches. */
  public BenchOptions withBatches(List<Integer> batches) {
    return new BenchOptions(backends, batches, seconds, threads, precisions, images);
  }

  /** These options with another time. */
  public BenchOptions withSeconds(int seconds) {
    return new BenchOptions(backends, batches, seconds, threads, precisions, images);
  }

  /** These options with another number of CPU threads, 0 for one per available processor. */
  public BenchOptions withThreads(int threads) {
    return new BenchOptions(backends, batches, seconds, threads, precisions, images);
  }

  /** These options with other precisions. */
  public BenchOptions withPrecisions(List<Precision> precisions) {
    return new BenchOptions(backends, batches, seconds, threads, precisions, images);
  }

  /** These options with images to compare the answers on. */
  public BenchOptions withImages(List<Path> images) {
    return new BenchOptions(backends, batches, seconds, threads, precisions, images);
  }
}
