package io.github.tornadovit.engine.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.tornadovit.base.CheckpointException;
import io.github.tornadovit.base.file.WholeFile;
import io.github.tornadovit.engine.Feature;
import io.github.tornadovit.engine.ModelOptions;
import io.github.tornadovit.engine.Pooling;
import io.github.tornadovit.engine.VisionModel;
import io.github.tornadovit.engine.evaluation.LabelledImage;
import io.github.tornadovit.engine.evaluation.LabelledImages;
import io.github.tornadovit.engine.faults.IoFaults.Kind;
import io.github.tornadovit.engine.probe.FeatureCache;
import io.github.tornadovit.engine.probe.FeatureExtraction;
import io.github.tornadovit.engine.probe.FeatureSet;
import io.github.tornadovit.engine.probe.LinearProbe;
import io.github.tornadovit.engine.probe.ProbeOptions;
import io.github.tornadovit.engine.probe.ProbeTraining;
import io.github.tornadovit.engine.probe.TrainedProbe;
import io.github.tornadovit.kernels.backend.BackendChoice;
import io.github.tornadovit.testing.Golden;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Each operation that writes fails in turn: an error with the file's name, and under its final name
 * the whole file, the one that was there before, or none.
 */
class WriteFaultsTest {
  private static final Path IMAGES = Path.of("../weights/demo/images");
  private static final List<String> LABELS = List.of("with_mask", "without_mask");

  @TempDir private Path folder;

  private static VisionModel model() {
    return VisionModel.load(
        Golden.path("models/vit-two-labels"),
        ModelOptions.defaults().withBackend(BackendChoice.CPU).withThreads(1).withBatch(3));
  }

  private static List<LabelledImage> images(int count) throws IOException {
    return LabelledImages.spaced(
        LabelledImages.read(IMAGES, LabelledImages.labels(IMAGES)).images(), count);
  }

  private static FeatureSet extract(VisionModel model, Path cache, int images)
      throws IOException, InterruptedException {
    return FeatureExtraction.run(
        model, Feature.of(Pooling.CLS), FeatureCache.in(cache), LABELS, images(images), done -> {});
  }

  private static List<Path> filesIn(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  private static void assertNoRemains(Path folder) throws IOException {
    assertThat(filesIn(folder)).noneMatch(file -> file.toString().endsWith(".tmp"));
    Held.assertNothingOf(folder);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void aFileIsTheOldOneOrTheNewOne(Kind kind) throws Exception {
    Path file = folder.resolve("report.json");
    String old = "old".repeat(10_000);
    String fresh = "fresh".repeat(10_000);
    Files.writeString(file, old);
    EachFault.inject(
        "replace a file",
        kind,
        files -> WholeFile.write(files.path(file), fresh),
        (failure, injected) -> {
          assertThat(failure)
              .as(injected)
              .isInstanceOf(FileSystemException.class)
              .hasMessageContaining(file.toString());
          assertThat(Files.readString(file)).isEqualTo(old);
          assertNoRemains(folder);
        });
    assertThat(Files.readString(file)).isEqualTo(fresh);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void aCacheOfFeaturesHoldsWholeEntries(Kind kind) throws Exception {
    try (VisionModel model = model()) {
      FeatureSet expected = extract(model, folder.resolve("right"), 4);
      int[] run = new int[1];
      EachFault.inject(
          "cache features",
          kind,
          files -> extract(model, files.path(folder.resolve("cache" + ++run[0])), 4),
          (failure, injected) -> {
            Path cache = folder.resolve("cache" + run[0]);
            if (failure != null || !injected.contains("create")) { // Another try may make a folder.
              assertThat(failure)
                  .as(injected)
                  .isInstanceOf(UncheckedIOException.class)
                  .hasMessageContaining(cache.toString());
            }
            assertNoRemains(cache);
            long entries =
                filesIn(cache).stream().filter(f -> f.toString().endsWith(".feature")).count();
            FeatureSet again = extract(model, cache, 4);
            assertThat(again.cached()).as(injected).isEqualTo((int) entries);
            assertThat(again.rows().toArray(float[][]::new))
                .isDeepEqualTo(expected.rows().toArray(float[][]::new));
          });
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"BROKEN", "DENIED", "VANISHED"})
  void aCacheThatCannotBeReadIsAnError(Kind kind) throws Exception {
    Path cache = folder.resolve("cache");
    try (VisionModel model = model()) {
      extract(model, cache, 3);
      EachFault.inject(
          "read cached features",
          kind,
          files -> extract(model, files.path(cache), 3),
          (failure, injected) ->
              assertThat(failure)
                  .as(injected)
                  .isInstanceOf(UncheckedIOException.class)
                  .hasMessageContaining(cache.toString()));
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void aProbeIsTheOldOneOrTheNewOne(Kind kind) throws Exception {
    Path place = folder.resolve("probe");
    TrainedProbe old;
    TrainedProbe fresh;
    try (VisionModel model = model()) {
      old = ProbeTraining.run(extract(model, folder.resolve("cache"), 20), ProbeOptions.defaults());
      fresh =
          ProbeTraining.run(extract(model, folder.resolve("cache"), 40), ProbeOptions.defaults());
    }
    EachFault.inject(
        "save a probe",
        kind,
        files -> {
          old.save(place);
          fresh.save(files.path(place));
        },
        (failure, injected) -> {
          assertNoRemains(place);
          if (failure == null && injected.contains("create")) { // The folder was there.
            assertThat(same(LinearProbe.load(place), fresh.probe())).isTrue();
            return;
          }
          assertThat(failure)
              .as(injected)
              .isInstanceOf(IOException.class)
              .hasMessageContaining(place.toString());
          if (injected.contains("move of " + place.resolve("probe.json"))) {
            // The one moment in which the two files do not fit; it is seen.
            assertThat(catchThrowable(() -> LinearProbe.load(place)))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("is not the file that probe.json describes");
          } else {
            assertThat(same(LinearProbe.load(place), old.probe())).as(injected).isTrue();
          }
        });
    assertThat(same(LinearProbe.load(place), fresh.probe())).isTrue();
  }

  private static boolean same(LinearProbe one, LinearProbe other) {
    return Arrays.equals(logits(one), logits(other));
  }

  private static float[] logits(LinearProbe probe) {
    for (int width = 1; ; width++) {
      try {
        return probe.logits(new float[width]);
      } catch (IllegalArgumentException otherWidth) {
        // The width is no part of the public API.
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"BROKEN", "DENIED", "VANISHED", "SHORT"})
  void aProbeCannotBeRead(Kind kind) throws Exception {
    Path place = folder.resolve("probe");
    try (VisionModel model = model()) {
      ProbeTraining.run(extract(model, folder.resolve("cache"), 20), ProbeOptions.defaults())
          .save(place);
    }
    EachFault.inject(
        "load a probe",
        kind,
        files -> LinearProbe.load(files.path(place)),
        (failure, injected) -> {
          assertThat(failure)
              .as(injected)
              .isInstanceOf(CheckpointException.class)
              .hasMessageStartingWith(place + "/");
          Held.assertNothingOf(place);
        });
  }
}
