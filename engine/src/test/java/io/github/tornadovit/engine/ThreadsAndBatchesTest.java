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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The bits of an answer on the CPU, in every precision, with any number of threads and in any
 * batch. Another model than the demo's with {@code -Dtornadovit.sameBitsModel=DIR}. That processes
 * and inner loops keep this too is for {@code SameBitsTest} of the command line; that products of
 * int8 are the same on all inner loops, for {@code KernelFuzzTest}.
 */
class ThreadsAndBatchesTest {
  private static final Path DEMO = Path.of("../weights/demo");
  private static final String OTHER = System.getProperty("tornadovit.sameBitsModel", "");

  private static final List<Run> ALL =
      Stream.of(1, 2, 5)
          .flatMap(threads -> Stream.of(1, 2, 7).map(batch -> new Run(threads, batch)))
          .toList();

  /** Each number of threads and each batch once, and the first and last crossed. */
  private static final List<Run> FEW =
      List.of(new Run(1, 1), new Run(2, 2), new Run(5, 7), new Run(1, 7));

  private record Run(int threads, int batch) {}

  @ParameterizedTest
  @CsvSource({"vit, F32", "vit, BF16", "vit, INT8", "beit, F32", "beit, BF16", "beit, INT8"})
  void giveTheSameBits(String demo, Precision precision) throws IOException {
    assumeTrue(OTHER.isEmpty() || demo.equals("vit"), "another model is asked for, once is enough");
    Path model = OTHER.isEmpty() ? DEMO.resolve(demo) : Path.of(OTHER);
    List<float[]> expected = List.of();
    for (Run run : OTHER.isEmpty() ? FEW : ALL) {
      List<float[]> answers = answers(model, precision, run);
      if (expected.isEmpty()) {
        expected = answers;
        assertThat(expected).hasSizeGreaterThanOrEqualTo(7);
      }
      assertThat(answers).as("%s", run).usingElementComparator(Arrays::compare).isEqualTo(expected);
    }
  }

  private static List<float[]> answers(Path folder, Precision precision, Run run)
      throws IOException {
    ModelOptions options =
        ModelOptions.defaults()
            .withBackend(BackendChoice.CPU)
            .withPrecision(precision)
            .withThreads(run.threads)
            .withBatch(run.batch);
    VisionModel loaded;
    try {
      loaded = VisionModel.load(folder, options);
    } catch (BackendException refused) {
      assumeTrue(precision != Precision.BF16, refused.getMessage());
      throw refused;
    }
    try (VisionModel model = loaded) {
      List<RgbImage> images = images().stream().map(model.imageProcessor()::read).toList();
      List<float[]> answers = new ArrayList<>(model.embed(images, Feature.of(Pooling.TOKENS)));
      if (!model.labels().isEmpty()) {
        model.classify(images).forEach(answer -> answers.add(answer.logits()));
      }
      return answers;
    }
  }

  /** Seven: whole batches and a rest. */
  private static List<Path> images() throws IOException {
    try (Stream<Path> files = Files.list(DEMO.resolve("images/with_mask"))) {
      return files.sorted().limit(7).toList();
    }
  }
}
