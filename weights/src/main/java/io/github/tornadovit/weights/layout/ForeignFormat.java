package io.github.tornadovit.weights.layout;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A form of a model that other programs read and this one does not.
 *
 * @param title of the program or form
 * @param advice what a person can do who has only this
 * @param endings of the names of its files
 */
record ForeignFormat(String title, String advice, List<String> endings) {
  private static final String CONVERTED =
      "transformers 4 converts it: AutoModelForImageClassification.from_pretrained(FOLDER, %s)"
          + ".save_pretrained(OTHER)";
  private static final String EXPORTED =
      "take the model.safetensors or pytorch_model.bin that it was made from";

  private static final List<ForeignFormat> ALL =
      List.of(
          of("TensorFlow", CONVERTED.formatted("from_tf=True"), ".h5", ".keras", "saved_model.pb"),
          of("Flax", CONVERTED.formatted("from_flax=True"), ".msgpack"),
          of("JAX", EXPORTED, ".npz"),
          of("ONNX", EXPORTED, ".onnx"),
          of("GGUF", EXPORTED, ".gguf", ".ggml"),
          of("TensorFlow Lite", EXPORTED, ".tflite"),
          of("OpenVINO", EXPORTED, "openvino_model.xml", "openvino_model.bin"),
          of("Core ML", EXPORTED, ".mlmodel", ".mlpackage"),
          of("TensorRT", EXPORTED, ".engine", ".plan"),
          of("rust-bert", EXPORTED, ".ot"));

  private static ForeignFormat of(String title, String advice, String... endings) {
    return new ForeignFormat(title, advice, List.of(endings));
  }

  /** The form of a file of that name, or null if it is none of these. */
  static @Nullable ForeignFormat of(String file) {
    String name = file.toLowerCase(Locale.ROOT);
    return ALL.stream()
        .filter(format -> format.endings.stream().anyMatch(name::endsWith))
        .findFirst()
        .orElse(null);
  }

  /** The format and what to do, after the file's name. */
  String explained() {
    return "a model for %s, which is not read: %s".formatted(title, advice);
  }
}
