package io.github.tornadovit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tornadovit.kernels.backend.BackendChoice;
import io.github.tornadovit.testing.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Base-size checkpoints (86 million parameters) against transformers. The checkpoints are made by
 * {@code base_parity.py} and are too large to keep: name their folder with {@code
 * -Dtornadovit.baseParity=DIR}, and another backend than {@code cpu} with {@code
 * -Dtornadovit.baseBackend=tornado}.
 */
@EnabledIfSystemProperty(
    named = "tornadovit.baseParity",
    matches = ".+",
    disabledReason =
        "base-size parity: name a folder made by base_parity.py with -Dtornadovit.baseParity")
class BaseParityTest {
  /** The promise for base-size models; what is measured is printed. */
  private static final double TOLERANCE = 1e-4;

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
      ModelOptions options = ModelOptions.defaults().withBackend(backend).withBatch(2);
      try (VisionModel model = VisionModel.load(folder, options)) {
        System.out.println(
            folder.getFileName()
                + " on "
                + model.session().device()
                + ": "
                + StageComparison.compare(model, golden, TOLERANCE));
      }
    }
  }
}
