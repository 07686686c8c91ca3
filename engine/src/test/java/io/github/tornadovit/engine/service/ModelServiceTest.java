package io.github.tornadovit.engine.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tornadovit.engine.Classification;
import io.github.tornadovit.engine.Feature;
import io.github.tornadovit.engine.ModelOptions;
import io.github.tornadovit.engine.Pooling;
import io.github.tornadovit.engine.VisionModel;
import io.github.tornadovit.engine.image.ImageException;
import io.github.tornadovit.engine.image.ImageFiles;
import io.github.tornadovit.kernels.backend.BackendChoice;
import io.github.tornadovit.testing.Golden;
import io.github.tornadovit.weights.demo.DemoCheckpoint;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A service over a real model: the answers are the model's own. */
@Timeout(120)
class ModelServiceTest {
  private static final Path IMAGES = Path.of("../weights/demo/images/with_mask");
  private static final ServiceOptions DEFAULTS = ServiceOptions.defaults();

  private static VisionModel load(String golden) {
    return VisionModel.load(
        Golden.path(golden),
        ModelOptions.defaults().withBackend(BackendChoice.CPU).withThreads(2).withBatch(4));
  }

  private static List<Path> images() throws Exception {
    return ImageFiles.in(IMAGES).images().subList(0, 12);
  }

  @Test
  void classifyingGivesTheModelsAnswers() throws Exception {
    try (VisionModel model = load("models/vit-two-labels");
        var service = BatchingService.classifying(model, DEFAULTS)) {
      service.warmUp();
      List<CompletableFuture<Classification>> answers = new ArrayList<>();
      for (Path image : images()) {
        answers.add(service.submit(image));
        answers.add(service.submit(Files.readAllBytes(image), "body"));
        answers.add(service.submit(model.imageProcessor().read(image)));
      }
      CompletableFuture<Classification> missing = service.submit(Path.of("missing.jpg"));
      int i = 0;
      for (Path image : images()) {
        float[] expected = model.classify(image).logits();
        for (int way = 0; way < 3; way++) {
          assertThat(answers.get(i++).join().logits()).isEqualTo(expected);
        }
      }
      assertThat(missing.exceptionNow())
          .isInstanceOf(ImageException.class)
          .hasMessage("missing.jpg: does not exist");
    }
  }

  @Test
  void embeddingGivesTheModelsFeatures() throws Exception {
    try (VisionModel model = load("models/vit-two-labels");
        var service = BatchingService.embedding(model, Feature.of(Pooling.MEAN), DEFAULTS)) {
      for (Path image : images()) {
        assertThat(service.submit(image).join()).isEqualTo(model.embed(image, Pooling.MEAN));
      }
    }
  }

  @Test
  void whatTheModelCannotDoIsSaidWhenTheServiceIsMade() {
    try (VisionModel model = load("models/vit-two-labels")) {
      assertThatThrownBy(
              () -> BatchingService.embedding(model, Feature.of(Pooling.POOLER), DEFAULTS))
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessageContaining("no pooler");
    }
  }

  @Test
  void aModelThatIsClosedFailsItsRequests() throws Exception {
    VisionModel model = load("models/vit-two-labels");
    try (var service = BatchingService.classifying(model, DEFAULTS)) {
      var image = model.imageProcessor().read(images().getFirst());
      model.close();
      assertThat(service.submit(image).handle((_, failure) -> failure).join())
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("the model is closed");
    }
  }

  /** As most users' JVMs are. */
  @Test
  void micrometerIsNotNeeded(@TempDir Path folder) throws Exception {
    String classPath =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> !entry.contains("micrometer"))
            .collect(Collectors.joining(File.pathSeparator));
    Path out = folder.resolve("out");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                classPath,
                OneRequest.class.getName(),
                images().getFirst().toString())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    assertThat(process.waitFor()).as(Files.readString(out)).isZero();
    assertThat(Files.readString(out)).contains("no Micrometer", "with_mask");
  }

  /** A program that classifies one image through a service and ends without closing anything. */
  static final class OneRequest {
    private OneRequest() {}

    public static void main(String[] arguments) {
      try {
        Class.forName("io.micrometer.core.instrument.MeterRegistry");
      } catch (ClassNotFoundException expected) {
        System.out.println("no Micrometer");
      }
      VisionModel model =
          VisionModel.load(
              DemoCheckpoint.VIT, ModelOptions.defaults().withBackend(BackendChoice.CPU));
      BatchingService<Classification> service = BatchingService.classifying(model, DEFAULTS);
      System.out.println(service.submit(Path.of(arguments[0])).join().top().label());
    }
  }
}
