package io.github.tornadovit.cli.serve;

import io.github.tornadovit.engine.Pixels;
import io.github.tornadovit.weights.config.VisionConfig;
import java.util.ArrayList;
import java.util.List;

/**
 * The images of an {@link InferRequest}: {@code image}, BYTES {@code [N]}, image files; or {@code
 * pixel_values}, FP32 {@code [N, C, H, W]}, as transformers' image processor makes them.
 */
final class InferInputs {
  static final String IMAGE = "image";
  static final String PIXELS = "pixel_values";

  /** Processors make values of some units; of much larger ones float32 overflows in the model. */
  private static final float LARGEST = 1e6f;

  private InferInputs() {}

  /**
   * The images.
   *
   * @param most of them
   * @throws Refusal if they are not one of the two inputs, or do not have its type and shape
   */
  static List<Input> of(InferRequest request, VisionConfig config, int most) throws Refusal {
    InferTensor tensor = request.inputs().getFirst();
    if (request.inputs().size() > 1) {
      throw Refusal.bad(
          "%d inputs are given, expected one: %s or %s"
              .formatted(request.inputs().size(), IMAGE, PIXELS));
    }
    List<Input> images =
        switch (tensor.name()) {
          case IMAGE -> files(tensor);
          case PIXELS -> pixels(tensor, config);
          default ->
              throw Refusal.bad(
                  "the model has no input '%s', expected %s or %s"
                      .formatted(tensor.name(), IMAGE, PIXELS));
        };
    if (images.size() > most) {
      throw Refusal.tooLarge(
          "%d images are given, expected 1 to %d".formatted(images.size(), most));
    }
    return images;
  }

  private static List<Input> files(InferTensor tensor) throws Refusal {
    requireType(tensor, "BYTES");
    List<Integer> shape = tensor.shape();
    boolean column = shape.size() == 2 && shape.get(1) == 1;
    requireShape(tensor, column || shape.size() == 1, "[N] or [N, 1]");
    requireValues(tensor, shape.getFirst(), tensor.data().texts().size());
    List<Input> images = new ArrayList<>();
    for (byte[] file : tensor.data().texts()) {
      images.add(new Input.File(file, IMAGE + "[" + images.size() + "]"));
    }
    return images;
  }

  private static List<Input> pixels(InferTensor tensor, VisionConfig config) throws Refusal {
    requireType(tensor, "FP32");
    int channels = config.channels();
    int height = config.imageSize().height();
    int width = config.imageSize().width();
    List<Integer> image = List.of(channels, height, width);
    List<Integer> shape = tensor.shape();
    requireShape(
        tensor,
        shape.size() == 4 && shape.subList(1, 4).equals(image),
        "[N, %d, %d, %d]".formatted(channels, height, width));
    int size = channels * height * width;
    requireValues(tensor, (long) shape.getFirst() * size, tensor.data().numbers());
    List<Input> images = new ArrayList<>();
    for (int i = 0; i < shape.getFirst(); i++) {
      float[] values = tensor.data().numbers(i * size, (i + 1) * size);
      for (float value : values) {
        if (!(Math.abs(value) <= LARGEST)) { // NaN neither.
          throw Refusal.bad(
              "%s[%d] has a value %s, expected -1e6 to 1e6".formatted(PIXELS, i, value));
        }
      }
      images.add(new Input.Prepared(Pixels.of(1, channels, height, width, values)));
    }
    return images;
  }

  private static void requireType(InferTensor tensor, String expected) throws Refusal {
    if (!tensor.datatype().equals(expected)) {
      throw Refusal.bad(
          "datatype of %s is '%s', expected %s"
              .formatted(tensor.name(), tensor.datatype(), expected));
    }
  }

  private static void requireShape(InferTensor tensor, boolean right, String expected)
      throws Refusal {
    if (!right || tensor.shape().getFirst() < 1) {
      throw Refusal.bad(
          "shape of %s is %s, expected %s with N of 1 or more"
              .formatted(tensor.name(), tensor.shape(), expected));
    }
  }

  private static void requireValues(InferTensor tensor, long expected, int got) throws Refusal {
    if (got != expected) {
      throw Refusal.bad(
          "%s has %d values of its type, expected %d by its shape %s"
              .formatted(tensor.name(), got, expected, tensor.shape()));
    }
  }
}
