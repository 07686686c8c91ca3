package io.github.tornadovit.engine.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tornadovit.base.CheckpointException;
import io.github.tornadovit.engine.ModelOptions;
import io.github.tornadovit.engine.VisionModel;
import io.github.tornadovit.engine.faults.IoFaults.Kind;
import io.github.tornadovit.engine.image.ImageDecoder;
import io.github.tornadovit.engine.image.ImageException;
import io.github.tornadovit.kernels.backend.BackendChoice;
import io.github.tornadovit.testing.Golden;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Each operation that reads fails in turn: one typed error that names the file, nothing held. */
class ReadFaultsTest {
  private static final Path IMAGES = Path.of("../weights/demo/images/with_mask");
  private static final Path IMAGE = IMAGES.resolve("9000003.jpg");
  private static final ModelOptions OPTIONS =
      ModelOptions.defaults().withBackend(BackendChoice.CPU).withThreads(1).withBatch(1);

  private static void load(Path folder) {
    try (VisionModel model = VisionModel.load(folder, OPTIONS)) {
      assertThat(model.session().maxBatch()).isEqualTo(1); // Packs the weights.
    }
  }

  @ParameterizedTest
  @CsvSource({
    "vit, BROKEN",
    "vit, DENIED",
    "vit, VANISHED",
    "vit, SHORT",
    "vit-bin, BROKEN",
    "vit-legacy-bin, BROKEN",
    "vit-sharded, BROKEN",
    "vit-sharded, VANISHED",
    "vit-sharded, SHORT",
    "vit-sharded-bin, BROKEN"
  })
  void aCheckpointCannotBeRead(String name, Kind kind) throws Exception {
    Path folder = Golden.path("models/" + name);
    EachFault.inject(
        "load " + name,
        kind,
        files -> load(files.path(folder)),
        (failure, injected) -> {
          assertThat(failure)
              .as(injected)
              .isInstanceOf(CheckpointException.class)
              .hasMessageStartingWith(folder + "/")
              .hasMessageNotContainingAny("\n", "Exception");
          Held.assertNothingOf(folder);
          load(folder);
        });
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"BROKEN", "DENIED", "VANISHED", "SHORT"})
  void anImageCannotBeRead(Kind kind) throws Exception {
    ImageDecoder decoder = new ImageDecoder();
    EachFault.inject(
        "decode an image",
        kind,
        files -> decoder.decode(files.path(IMAGE)),
        (failure, injected) -> {
          assertThat(failure)
              .as(injected)
              .isInstanceOf(ImageException.class)
              .hasMessageContaining(IMAGE.toString())
              .hasMessageNotContainingAny("\n", "Exception");
          Held.assertNothingOf(IMAGES);
        });
  }
}
