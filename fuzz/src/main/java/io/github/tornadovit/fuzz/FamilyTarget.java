package io.github.tornadovit.fuzz;

import io.github.tornadovit.base.tensor.Shape;
import io.github.tornadovit.engine.Feature;
import io.github.tornadovit.engine.ModelOptions;
import io.github.tornadovit.engine.Pixels;
import io.github.tornadovit.engine.Pooling;
import io.github.tornadovit.engine.VisionModel;
import io.github.tornadovit.kernels.backend.BackendChoice;
import io.github.tornadovit.weights.checkpoint.Checkpoint;
import io.github.tornadovit.weights.config.VisionConfig;
import io.github.tornadovit.weights.config.VisionConfig.Head;
import io.github.tornadovit.weights.safetensors.SafetensorsWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A checkpoint of any family: lines {@code name extent,extent,…} of its tensors, an empty line, and
 * its {@code config.json}; or {@link Edits}. The values are random. It is refused, or an answer of
 * the inner loops is the scalar reference's.
 */
final class FamilyTarget implements FuzzTarget {
  private static final Pattern TENSOR = Pattern.compile("([^\\s]+) (\\d{1,5}(?:,\\d{1,5}){0,4})?");
  private static final int MOST_TENSORS = 200;
  private static final int MOST_ELEMENTS = 1 << 16;

  /** Multiplications of one image's forward pass: some milliseconds for the reference. */
  private static final long MOST_WORK = 5_000_000;

  /**
   * Of the largest value. Roundings grow where a norm's input is nearly constant, which is why this
   * is far above what rounding does to a model that means something: a part that is missing, or
   * taken twice, is of the size of the values.
   */
  private static final double TOLERANCE = 0.02;

  private static final ModelOptions CPU =
      ModelOptions.defaults().withBackend(BackendChoice.CPU).withThreads(1).withBatch(1);

  /** Values of tensors, which are parts of it. */
  private static final float[] VALUES = values(new Random(7));

  private final Scratch scratch = Scratch.create();
  private final Function<byte[], String> checkpoint;

  /** Those of the tensors in the folder: most inputs differ from the last in their config only. */
  private Map<String, Shape> written = Map.of();

  private FamilyTarget(Function<byte[], String> checkpoint) {
    this.checkpoint = checkpoint;
  }

  /** Inputs are these lines and the config. */
  static FamilyTarget ofTexts() {
    return new FamilyTarget(input -> new String(input, StandardCharsets.UTF_8));
  }

  /** Inputs are {@link Edits} of models. */
  static FamilyTarget ofEdits() {
    return new FamilyTarget(Edits.ofModels()::apply);
  }

  @Override
  public void read(byte[] input) throws IOException {
    String text = checkpoint.apply(input);
    int end = text.indexOf("\n\n");
    Map<String, Shape> shapes = shapes(end < 0 ? "" : text.substring(0, end));
    byte[] config = text.substring(end < 0 ? 0 : end + 2).getBytes(StandardCharsets.UTF_8);
    scratch.write("config.json", config);
    if (!List.copyOf(shapes.entrySet()).equals(List.copyOf(written.entrySet()))) {
      scratch.write("model.safetensors", weights(shapes));
      written = shapes;
    }
    VisionConfig read;
    try (Checkpoint checkpoint = Checkpoint.open(scratch.folder(), "input")) {
      read = checkpoint.config();
      checkpoint.weights();
    }
    if (isSmall(read)) {
      try {
        compare(Arrays.hashCode(input));
      } catch (AssertionError wrong) {
        throw new AssertionError(wrong.getMessage() + " of\n" + text, wrong);
      }
    }
  }

  /** What is no tensor, or too large, is left out. */
  private static Map<String, Shape> shapes(String lines) {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    long elements = 0;
    for (String line : lines.lines().limit(MOST_TENSORS).toList()) {
      Matcher tensor = TENSOR.matcher(line);
      if (tensor.matches()) {
        Shape shape = shape(tensor.group(2));
        elements += shape.elements();
        if (shape.elements() <= MOST_ELEMENTS && elements <= 4 * MOST_ELEMENTS) {
          shapes.put(tensor.group(1), shape);
        }
      }
    }
    return shapes;
  }

  private static Shape shape(@Nullable String extents) {
    if (extents == null) {
      return Shape.of();
    }
    String[] parts = extents.split(",", -1);
    long[] shape = new long[parts.length];
    for (int i = 0; i < parts.length; i++) {
      shape[i] = Long.parseLong(parts[i]);
    }
    return Shape.of(shape);
  }

  private static byte[] weights(Map<String, Shape> shapes) throws IOException {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    SafetensorsWriter.write(
        file,
        Map.of("format", "pt"),
        shapes.entrySet().stream()
            .map(
                entry ->
                    new SafetensorsWriter.Tensor(
                        entry.getKey(),
                        entry.getValue(),
                        values(entry.getValue(), entry.getKey().hashCode())))
            .toList());
    return file.toByteArray();
  }

  private static float[] values(Random random) {
    float[] values = new float[2 * MOST_ELEMENTS];
    for (int i = 0; i < values.length; i++) {
      values[i] = 0.3f * (float) random.nextGaussian();
    }
    return values;
  }

  private static float[] values(Shape shape, int which) {
    int from = Math.floorMod(which, MOST_ELEMENTS);
    return Arrays.copyOfRange(VALUES, from, from + Math.toIntExact(shape.elements()));
  }

  private static boolean isSmall(VisionConfig config) {
    long tokens = config.tokens();
    long pixels = (long) config.imageSize().height() * config.imageSize().width();
    long perToken = 40L * config.hiddenSize() * config.hiddenSize() + tokens * config.hiddenSize();
    return pixels * config.channels() <= MOST_ELEMENTS
        && tokens > 0
        && tokens * perToken * Math.max(1, config.layers()) <= MOST_WORK;
  }

  /** One of the features, whose plans are most of the time, and the logits. */
  private void compare(int which) {
    try (VisionModel loops = VisionModel.load(scratch.folder(), CPU);
        VisionModel reference =
            VisionModel.load(scratch.folder(), CPU.withBackend(BackendChoice.REFERENCE))) {
      Pixels image = image(loops.config());
      List<Pooling> all = Pooling.all(loops.config());
      Pooling pooling = all.get(Math.floorMod(which, all.size()));
      Feature feature = Feature.of(pooling);
      checkEqual(
          pooling.label(),
          loops.embed(image, feature).getFirst(),
          reference.embed(image, feature).getFirst());
      if (loops.config().head() != Head.NONE) {
        checkEqual("logits", logits(loops, image), logits(reference, image));
      }
    }
  }

  private static float[] logits(VisionModel model, Pixels image) {
    return model.classify(image).getFirst().logits();
  }

  private static Pixels image(VisionConfig config) {
    int height = config.imageSize().height();
    int width = config.imageSize().width();
    float[] values = values(Shape.of(config.channels(), height, width), 1);
    return Pixels.of(1, config.channels(), height, width, values);
  }

  private static void checkEqual(String what, float[] got, float[] expected) {
    double largest = 0;
    for (float value : expected) {
      if (!Float.isFinite(value)) {
        return; // Weights that mean nothing: whose NaN it is depends on the order of sums.
      }
      largest = Math.max(largest, Math.abs(value));
    }
    for (int i = 0; i < expected.length; i++) {
      if (!(Math.abs(got[i] - expected[i]) <= TOLERANCE * largest)) {
        throw new AssertionError(
            "%s[%d] is %s, the reference's %s".formatted(what, i, got[i], expected[i]));
      }
    }
  }
}
