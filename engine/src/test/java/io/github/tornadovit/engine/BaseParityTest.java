package io.github.tornadovit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tornadovit.base.Precision;
import io.github.tornadovit.kernels.backend.BackendChoice;
import io.github.tornadovit.testing.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
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
   * The promise of float32 for base-size models, and for other precisions, which are no
   * transformers, some more than the worst that was seen: weights of attention of {@code
   * timm-vit-giant-dinov2-4-blocks}.
   */
  private static double tolerance(Precision precision) {
    return switch (precision) {
      case F32 -> 1e-4;
      case F16 -> 1e-2;
      case BF16 -> 0.2;
      case INT8 -> 0.6;
    };
  }

  /** The worst of each kind of stage. */
  private static String shown(Map<String, Double> differences) {
    Map<String, Double> worst = new LinkedHashMap<>();
    differences.forEach((stage, difference) -> worst.merge(kind(stage), difference, Math::max));
    return worst.entrySet().stream()
        .map(one -> "%s %.1e".formatted(one.getKey(), one.getValue()))
        .collect(Collectors.joining(", "));
  }

  private static String kind(String stage) {
    if (stage.startsWith("attention")) {
      return "attention weights";
    }
    return Set.of("pooled", "pooler_output", "logits").contains(stage) ? stage : "hidden states";
  }
}
