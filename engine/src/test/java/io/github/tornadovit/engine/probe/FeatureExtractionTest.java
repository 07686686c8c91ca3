package io.github.tornadovit.engine.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.tornadovit.engine.Feature;
import io.github.tornadovit.engine.ModelOptions;
import io.github.tornadovit.engine.Pooling;
import io.github.tornadovit.engine.VisionModel;
import io.github.tornadovit.engine.evaluation.DataSetException;
import io.github.tornadovit.engine.evaluation.LabelledImage;
import io.github.tornadovit.engine.evaluation.LabelledImages;
import io.github.tornadovit.kernels.backend.BackendChoice;
import io.github.tornadovit.testing.Golden;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Features of many images, through the cache. */
class FeatureExtractionTest {
  private static final Path IMAGES = Path.of("../weights/demo/images");
  private static final Feature CLS = Feature.of(Pooling.CLS);

  @TempDir private Path folder;

  private static VisionModel model(BackendChoice backend, boolean orientation) {
    return VisionModel.load(
        Golden.path("models/vit-two-labels"),
        ModelOptions.defaults()
            .withBackend(backend)
            .withBatch(3)
            .withThreads(1)
            .withApplyOrientation(orientation));
  }

  private static List<LabelledImage> images() throws IOException {
    return LabelledImages.spaced(
        LabelledImages.read(IMAGES, LabelledImages.labels(IMAGES)).images(), 11);
  }

  private FeatureSet extract(VisionModel model, Feature feature, List<LabelledImage> images)
      throws InterruptedException {
    return FeatureExtraction.run(
        model,
        feature,
        FeatureCache.in(folder),
        List.of("with_mask", "without_mask"),
        images,
        done -> {});
  }

  private List<Path> entries() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(".feature")).sorted().toList();
    }
  }

  private static void assertSameRows(FeatureSet actual, FeatureSet expected) {
    assertThat(actual.images()).isEqualTo(expected.images());
    assertThat(actual.rows().toArray(float[][]::new))
        .isDeepEqualTo(expected.rows().toArray(float[][]::new));
  }

  @ParameterizedTest
  @EnumSource(
      value = BackendChoice.class,
      names = {"REFERENCE", "CPU", "TORNADO"})
  void theSecondTimeNothingIsComputed(BackendChoice backend) throws Exception {
    try (VisionModel model = model(backend, true)) {
      FeatureSet first = extract(model, CLS, images());
      assertThat(first.computed()).isEqualTo(11);
      for (int i = 0; i < 11; i++) {
        float[] direct = model.embed(images().get(i).file(), Pooling.CLS);
        assertThat(first.rows().get(i)).as("image %d", i).containsExactly(direct, within(1e-6f));
      }
      FeatureSet second = extract(model, CLS, images());
      assertThat(second.cached()).isEqualTo(11);
      assertSameRows(second, first);
    }
  }

  @Test
  void aDamagedEntryIsComputedAgain() throws Exception {
    try (VisionModel model = model(BackendChoice.CPU, true)) {
      FeatureSet first = extract(model, CLS, images());
      List<Path> entries = entries();
      assertThat(entries).hasSize(11);
      byte[] whole = Files.readAllBytes(entries.get(0));
      byte[] flipped = whole.clone();
      flipped[flipped.length - 2] ^= 4;
      Files.write(entries.get(0), flipped);
      Files.write(entries.get(1), Arrays.copyOf(Files.readAllBytes(entries.get(1)), 40));
      Files.write(entries.get(2), new byte[0]);
      Files.write(entries.get(3), new byte[whole.length]);
      Files.write(entries.get(4), whole); // whole, of another image
      FeatureSet second = extract(model, CLS, images());
      assertThat(second.computed()).isEqualTo(5);
      assertSameRows(second, first);
      assertThat(extract(model, CLS, images()).computed()).isZero();
    }
  }

  @Test
  void anInterruptedRunGoesOnWhereItWas() throws Exception {
    try (VisionModel model = model(BackendChoice.CPU, true)) {
      List<LabelledImage> images = images();
      AtomicInteger all = new AtomicInteger();
      assertThatThrownBy(
              () ->
                  FeatureExtraction.run(
                      model,
                      CLS,
                      FeatureCache.in(folder),
                      List.of("with_mask", "without_mask"),
                      images,
                      done -> {
                        if (all.addAndGet(done) == 3) {
                          throw new IllegalStateException("pulled the plug");
                        }
                      }))
          .hasMessage("pulled the plug");
      FeatureSet rest = extract(model, CLS, images);
      assertThat(rest.cached()).isEqualTo(3);
      assertThat(rest.images()).isEqualTo(images);
    }
  }

  @Test
  void whateverChangesFeaturesIsKeptApart() throws Exception {
    try (VisionModel model = model(BackendChoice.CPU, true);
        VisionModel unturned = model(BackendChoice.CPU, false);
        VisionModel reference = model(BackendChoice.REFERENCE, true);
        VisionModel other =
            VisionModel.load(
                Golden.path("models/vit-relu"),
                ModelOptions.defaults().withBackend(BackendChoice.CPU))) {
      extract(model, CLS, images());
      for (Feature feature :
          List.of(Feature.of(Pooling.MEAN), CLS.withLayer(1), CLS.withNormalization(true))) {
        assertThat(extract(model, feature, images()).cached()).as("%s", feature).isZero();
      }
      assertThat(extract(unturned, CLS, images()).cached()).isZero();
      assertThat(extract(reference, CLS, images()).cached()).isZero();
      assertThat(extract(other, CLS, images()).cached()).isZero();
      assertThat(extract(model, CLS, images()).cached()).isEqualTo(11);
    }
  }

  /** A new option that changes features has to be in {@link FeatureSource}, and then here. */
  @Test
  void noOptionIsOverlooked() {
    List<String> changing = List.of("applyOrientation", "imageSize", "precision");
    List<String> cacheOnly = List.of("backend");
    List<String> harmless = List.of("device", "threads", "batch", "maxPixels");
    assertThat(
            Arrays.stream(ModelOptions.class.getRecordComponents()).map(RecordComponent::getName))
        .containsExactlyInAnyOrderElementsOf(
            Stream.of(changing, cacheOnly, harmless).flatMap(List::stream).toList());
  }

  @Test
  void anImageMayMoveButNotChange() throws Exception {
    Path moved = folder.resolve("images").resolve("other.png");
    Files.createDirectories(moved.getParent());
    List<LabelledImage> one = images().subList(0, 1);
    try (VisionModel model = model(BackendChoice.CPU, true)) {
      extract(model, CLS, one);
      Files.copy(one.getFirst().file(), moved);
      List<LabelledImage> elsewhere = List.of(new LabelledImage(moved, 0));
      assertThat(extract(model, CLS, elsewhere).cached()).isEqualTo(1);
      Files.write(moved, Files.readAllBytes(images().get(1).file()));
      assertThat(extract(model, CLS, elsewhere).cached()).isZero();
    }
  }

  @Test
  void whatCannotBeReadIsListed() throws Exception {
    Path broken = Files.writeString(folder.resolve("broken.png"), "no picture");
    LabelledImage good = images().getFirst();
    List<LabelledImage> mixed =
        List.of(
            new LabelledImage(broken, 1),
            good,
            new LabelledImage(Path.of("missing.png"), 0),
            new LabelledImage(folder, 0));
    try (VisionModel model = model(BackendChoice.CPU, true)) {
      FeatureSet features = extract(model, CLS, mixed);
      assertThat(features.images()).containsExactly(good);
      assertThat(features.unreadable()).hasSize(3);
      assertThat(features.unreadable().getFirst().label()).isEqualTo("without_mask");
      assertThat(features.unreadable().get(1).reason()).contains("missing.png: does not exist");
      assertThatThrownBy(() -> extract(model, CLS, mixed.subList(0, 1)))
          .isInstanceOf(DataSetException.class)
          .hasMessageContaining("none of 1 images could be read");
      assertThatThrownBy(() -> extract(model, Feature.of(Pooling.TOKENS), mixed))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("expected cls, mean, pooled, pooler or projection");
    }
  }
}
