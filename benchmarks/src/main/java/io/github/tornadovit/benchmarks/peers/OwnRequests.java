package io.github.tornadovit.benchmarks.peers;

import io.github.tornadovit.benchmarks.model.TornadoVitEngine;
import io.github.tornadovit.benchmarks.model.TornadoVitEngine.PipelineTime;
import io.github.tornadovit.kernels.backend.DeviceInfo;
import io.github.tornadovit.kernels.backend.KernelTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

/** Requests that only our engine answers: where its time and memory go. */
final class OwnRequests {
  private final TornadoVitEngine engine;
  private Iterator<Path> images = List.<Path>of().iterator();

  OwnRequests(TornadoVitEngine engine) {
    this.engine = engine;
  }

  /** A profile of one forward pass. */
  record Profile(List<KernelTime> kernels) {}

  /** Nanoseconds of whole passes, and of the part that is told apart. */
  record Times(List<Long> nanos, List<Long> partNanos) {}

  DeviceInfo device() {
    return engine.device();
  }

  /** What is taken of the device's memory now; -1 where the device is the host. */
  long deviceBytes() {
    return engine.deviceBytes().orElse(-1);
  }

  TornadoVitEngine.ColdStart coldStart(float[] pixels) {
    return engine.coldStart(pixels);
  }

  /** The pass whose kernels took the median of the time, so that their shares belong together. */
  Profile profile(int batch, int passes) {
    List<List<KernelTime>> profiles = new ArrayList<>();
    for (int pass = 0; pass < passes; pass++) {
      profiles.add(engine.profile(batch));
    }
    profiles.sort(Comparator.comparingLong(OwnRequests::nanos));
    return new Profile(profiles.get(profiles.size() / 2));
  }

  private static long nanos(List<KernelTime> kernels) {
    return kernels.stream().mapToLong(KernelTime::nanos).sum();
  }

  /** The time of the kernels alone, without what is between them and without copies. */
  Times kernels(int batch, long duration) {
    List<Long> nanos = new ArrayList<>();
    long start = System.nanoTime();
    do {
      nanos.add(nanos(engine.profile(batch)));
    } while (System.nanoTime() - start < duration);
    return new Times(nanos, List.of());
  }

  /** Takes the images of a folder and of the folders in it, and says how many they are. */
  int takeImages(Path folder) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(folder)) {
      files = all.filter(Files::isRegularFile).sorted().toList();
    }
    images = Stream.generate(() -> files).flatMap(List::stream).iterator();
    return files.size();
  }

  /** From image files to logits. */
  Times pipeline(int batch, long duration) {
    List<Long> nanos = new ArrayList<>();
    List<Long> readNanos = new ArrayList<>();
    long start = System.nanoTime();
    do {
      PipelineTime time = engine.classify(images, batch);
      nanos.add(time.nanos());
      readNanos.add(time.readNanos());
    } while (System.nanoTime() - start < duration);
    return new Times(nanos, readNanos);
  }
}
