package io.github.tornadovit.engine.faults;

import io.github.tornadovit.engine.ModelOptions;
import io.github.tornadovit.engine.VisionModel;
import io.github.tornadovit.engine.image.RgbImage;
import io.github.tornadovit.kernels.backend.BackendException;
import java.nio.file.Path;
import java.util.List;

/** Loads a model with the backend that is chosen for it, and says what and why. */
final class FallbackMain {
  private FallbackMain() {}

  public static void main(String[] arguments) {
    ModelOptions options = ModelOptions.defaults().withBatch(1);
    try (VisionModel model = VisionModel.load(Path.of(arguments[0]), options)) {
      System.out.println(model.session().device() + ": " + model.session().reason());
      System.out.println(
          model.classify(List.of(RgbImage.of(2, 2, new byte[12]))).getFirst().top().id());
      if (arguments.length > 1) { // A fault after the first answer, and the answer once more.
        System.setProperty("tornadovit.emulator.fault", arguments[1]);
        System.out.println(
            model.classify(List.of(RgbImage.of(2, 2, new byte[12]))).getFirst().top().id());
        System.out.println(model.session().device() + ": " + model.session().reason());
      }
    } catch (BackendException failure) {
      System.out.println(failure.getMessage());
    }
  }
}
