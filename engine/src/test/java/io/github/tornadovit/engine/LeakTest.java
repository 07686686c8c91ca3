package io.github.tornadovit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.tornadovit.base.Precision;
import io.github.tornadovit.engine.image.RgbImage;
import io.github.tornadovit.kernels.backend.BackendChoice;
import io.github.tornadovit.kernels.backend.BackendException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Nothing grows: not by loading and closing models, not by classifying, in any precision that runs
 * here. A leak of one classification in ten thousand shows in a long run only: {@code
 * -Dtornadovit.soak=100} loads 1,000 models and classifies 25,000 images in each precision. The
 * figures are printed.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "reads /proc")
class LeakTest {
  private static final int SOAK = Integer.getInteger("tornadovit.soak", 1);
  private static final Path FOLDER = Path.of("../weights/demo/vit");
  private static final Path IMAGE = Path.of("../weights/demo/images/with_mask/9000003.jpg");

  /** What the process holds: bytes of heap and of memory in all, and numbers of the rest. */
  private record Held(long heap, long resident, long files, long threads, long mappings) {

    static Held now() throws IOException, InterruptedException {
      for (int i = 0; i < 3; i++) {
        System.gc();
        Thread.sleep(50); // For what is freed after a collection: buffers, threads that ended.
      }
      Runtime runtime = Runtime.getRuntime();
      try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"));
          Stream<Path> threads = Files.list(Path.of("/proc/self/task"));
          Stream<String> maps = Files.lines(Path.of("/proc/self/maps"));
          Stream<String> status = Files.lines(Path.of("/proc/self/status"))) {
        return new Held(
            runtime.totalMemory() - runtime.freeMemory(),
            status
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) << 10)
                .sum(),
            files.count(),
            threads.count(),
            maps.filter(line -> line.contains("safetensors")).count());
      }
    }

    void assertNoMoreThan(Held before) {
      assertThat(files).as("file descriptors").isLessThanOrEqualTo(before.files);
      assertThat(mappings).as("mapped checkpoints").isLessThanOrEqualTo(before.mappings);
      assertThat(threads)
          .as("threads")
          .isLessThanOrEqualTo(before.threads + 2); // the JIT's come and go
      assertThat(heap).as("bytes of heap").isLessThanOrEqualTo(before.heap + (4 << 20));
      assertThat(resident).as("bytes of RSS").isLessThanOrEqualTo(before.resident + (96 << 20));
    }
  }

  private static VisionModel load(Precision precision) {
    ModelOptions options = ModelOptions.defaults().withBackend(BackendChoice.CPU).withBatch(1);
    try {
      return VisionModel.load(FOLDER, options.withPrecision(precision));
    } catch (BackendException refused) {
      assumeTrue(precision != Precision.BF16, refused.getMessage());
      throw refused;
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "BF16", "INT8"})
  void loadingAndClosingLeavesNothing(Precision precision)
      throws IOException, InterruptedException {
    for (int i = 0; i < 10; i++) {
      loadAndClassify(precision);
    }
    Held before = Held.now();
    int cycles = 10 * SOAK;
    for (int i = 0; i < cycles; i++) {
      loadAndClassify(precision);
    }
    report(cycles + " models loaded and closed in " + precision.label(), before, Held.now());
  }

  private static void loadAndClassify(Precision precision) {
    try (VisionModel model = load(precision)) {
      assertThat(model.classify(IMAGE).top().label()).isEqualTo("with_mask");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "BF16", "INT8"})
  void classifyingLeavesNothing(Precision precision) throws IOException, InterruptedException {
    try (VisionModel model = load(precision)) {
      RgbImage image = model.imageProcessor().read(IMAGE);
      for (int i = 0; i < 200; i++) {
        model.classify(List.of(image));
      }
      Held before = Held.now();
      int count = 250 * SOAK;
      for (int i = 0; i < count; i++) {
        // From the file now and then: decoders hold streams and buffers.
        assertThat(
                (i % 10 == 0 ? model.classify(IMAGE) : model.classify(List.of(image)).getFirst())
                    .top()
                    .label())
            .isEqualTo("with_mask");
      }
      report(count + " images classified in " + precision.label(), before, Held.now());
    }
  }

  private static void report(String what, Held before, Held after) {
    System.out.printf("%s: before %s, after %s%n", what, before, after);
    after.assertNoMoreThan(before);
  }
}
