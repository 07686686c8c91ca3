package io.github.tornadovit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tornadovit.base.Precision;
import io.github.tornadovit.kernels.backend.BackendChoice;
import io.github.tornadovit.testing.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Base-size checkpoints (86 million parameters) against transformers and timm. The checkpoints are
 * made by {@code base_parity.py} and {@code make_timm_goldens.py --base} and are too large to keep:
 * name their folder with {@code -Dtornadovit.baseParity=DIR}, another backend than {@code cpu} with
 * {@code -Dtornadovit.baseBackend=tornado}, other precisions than {@code f32} with {@code
 * -Dtornadovit.basePrecisions=bf16,int8}.
 */
@EnabledIfSystemProperty(
    named = "tornadovit.baseParity",
    matches = ".+",
    disabledReason =
        "base-size parity: name a folder made by base_parity.py with -Dtornadovit.baseParity")
class BaseParityTest {
  /** What comes after the last block: vectors of an image. */
  private static final Set<String> ANSWERS = Set.of("pooled", "pooler_output", "logits");

  @Test
  void everyStageEqualsTransformers() throws IOException {
    List<Path> folders;
    try (Stream<Path> entries = Files.list(Path.of(System.getProperty("tornadovit.baseParity")))) {
      folders = entries.filter(Files::isDirectory).sorted().toList();
    }
    assertThat(folders).isNotEmpty();
    BackendChoice backend =
        BackendChoice.valueOf(
            System.getProperty("tornadovit.baseBackend", "cpu").toUpperCase(Locale.ROOT));
    for (Path folder : folders) {
      Golden golden = Golden.read(folder.resolve("golden.safetensors"));
      for (String label : System.getProperty("tornadovit.basePrecisions", "f32").split(",", -1)) {
        Precision precision = Precision.of(label).orElseThrow();
        ModelOptions options =
            ModelOptions.defaults().withBackend(backend).withPrecision(precision).withBatch(2);
        try (VisionModel model = VisionModel.load(folder, options)) {
          System.out.printf(
              "%s, %s on %s: %s%n",
              folder.getFileName(),
              label,
              model.session().device(),
              shown(StageComparison.compare(model, golden, tolerance(precision))));
        }
      }
    }
  }

  /**
   * The promise of float32 for base-size models, and what other precisions, which are no
   * transformers, have been seen to keep with room; what is measured is printed.
   */
  private static double tolerance(Precision precision) {
    return switch (precision) {
      case F32 -> 1e-4;
      case F16 -> 1e-2;
      case BF16 -> 1;
      case INT8 -> 1;
    };
  }

  private static String shown(Map<String, Double> differences) {
    double hidden =
        differences.entrySet().stream()
            .filter(one -> !ANSWERS.contains(one.getKey()))
            .mapToDouble(Map.Entry::getValue)
            .max()
            .orElseThrow();
    StringBuilder shown = new StringBuilder("hidden states %.1e".formatted(hidden));
    differences.forEach(
        (name, difference) -> {
          if (ANSWERS.contains(name)) {
            shown.append(", %s %.1e".formatted(name, difference));
          }
        });
    return shown.toString();
  }
}
