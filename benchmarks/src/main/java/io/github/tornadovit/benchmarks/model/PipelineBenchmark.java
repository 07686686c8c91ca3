package io.github.tornadovit.benchmarks.model;

import io.github.tornadovit.benchmarks.kernel.OperationBenchmark;
import io.github.tornadovit.engine.Classification;
import io.github.tornadovit.engine.ModelOptions;
import io.github.tornadovit.engine.VisionModel;
import io.github.tornadovit.engine.image.ImageDecoder;
import io.github.tornadovit.engine.image.Preprocessor;
import io.github.tornadovit.engine.image.RgbImage;
import io.github.tornadovit.weights.checkpoint.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** From an image file to a label, its parts, and the loading of a model. One image per call. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(
    value = 3,
    jvmArgsAppend = {"--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"})
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
public class PipelineBenchmark {
  /** Checkpoint folder; must be given. */
  @Param("")
  public String checkpoint = "";

  /** Folder of image files; must be given. They are taken in turns. */
  @Param("")
  public String images = "";

  /** {@code cpu} or {@code tornado}. */
  @Param("cpu")
  public String backend = "cpu";

  /** Of TornadoVM, by number or a part of its name; nothing: the best. */
  @Param("")
  public String device = "";

  /** Of the model's products: {@code f32}, {@code int8}. */
  @Param("f32")
  public String precision = "f32";

  /** Threads of the CPU backend, 0 for one per processor. */
  @Param("0")
  public int threads;

  private final ImageDecoder decoder = new ImageDecoder();
  private List<Path> files = List.of();
  private List<RgbImage> decoded = List.of();
  private float[] pixels = {};
  private int next;

  @SuppressWarnings("NullAway.Init") // By JMH, before anything is measured.
  private Preprocessor preprocessor;

  @SuppressWarnings("NullAway.Init") // By JMH, before anything is measured.
  private VisionModel model;

  /** For JMH. */
  public PipelineBenchmark() {}

  /** Loads the model and the list of images. */
  @Setup
  public void prepare() throws IOException {
    if (checkpoint.isEmpty() || images.isEmpty()) {
      throw new IllegalArgumentException(
          "name a checkpoint and images with -p checkpoint=DIR -p images=DIR");
    }
    try (Stream<Path> all = Files.walk(Path.of(images))) {
      files = all.filter(Files::isRegularFile).sorted().toList();
    }
    decoded = files.stream().map(decoder::decode).toList();
    try (Checkpoint opened = Checkpoint.open(Path.of(checkpoint))) {
      ImageShape shape = ImageShape.of(opened.config());
      preprocessor =
          new Preprocessor(opened.preprocessor(), shape.channels(), opened.config().imageSize());
      pixels = new float[shape.size()];
    }
    model = open();
    model.session().warmUp(1);
  }

  private VisionModel open() {
    return VisionModel.load(
        Path.of(checkpoint),
        ModelOptions.defaults()
            .withBackend(OperationBenchmark.choice(backend))
            .withDevice(OperationBenchmark.named(device))
            .withThreads(threads)
            .withBatch(1)
            .withPrecision(OperationBenchmark.precision(precision)));
  }

  private int turn() {
    next = (next + 1) % files.size();
    return next;
  }

  /** From a file to RGB. */
  @Benchmark
  public RgbImage decode() {
    return decoder.decode(files.get(turn()));
  }

  /** From RGB to normalised pixels. */
  @Benchmark
  public float[] preprocess() {
    preprocessor.apply(decoded.get(turn()), pixels, 0);
    return pixels;
  }

  /** From a file to a label. */
  @Benchmark
  public Classification imageToLabel() {
    return model.classify(files.get(turn()));
  }

  /** From a folder to a model that has run once: weights packed, kernels compiled. */
  @Benchmark
  public String load() {
    try (VisionModel loaded = open()) {
      loaded.session().warmUp(1);
      return loaded.session().device().name();
    }
  }

  /** Frees the model. */
  @TearDown
  public void close() {
    model.close();
  }
}
