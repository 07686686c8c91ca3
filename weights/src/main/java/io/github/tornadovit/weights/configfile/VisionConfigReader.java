package io.github.tornadovit.weights.configfile;

import io.github.tornadovit.base.Activation;
import io.github.tornadovit.base.CheckpointException;
import io.github.tornadovit.base.tensor.TensorView;
import io.github.tornadovit.weights.config.CheckpointNote;
import io.github.tornadovit.weights.config.VisionConfig;
import io.github.tornadovit.weights.config.VisionConfig.Architecture;
import io.github.tornadovit.weights.config.VisionConfig.Extent;
import io.github.tornadovit.weights.config.VisionConfig.Head;
import io.github.tornadovit.weights.config.VisionConfig.ProblemType;
import io.github.tornadovit.weights.json.JsonObject;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * {@code config.json} to {@link VisionConfig}. Absent keys have the defaults of transformers'
 * {@code ViTConfig}, {@code BeitConfig}, {@code DeiTConfig} and those like them; the limits are far
 * above any model in use and keep an absurd config from asking for absurd memory.
 */
public final class VisionConfigReader {
  static final int MAX_HIDDEN_SIZE = 1 << 16;
  static final int MAX_MLP_SIZE = 1 << 18;
  static final int MAX_LAYERS = 1024;
  static final int MAX_IMAGE_SIDE = 1 << 14;
  static final int MAX_CHANNELS = 1024;
  static final int MAX_PATCHES = 1 << 18;

  private final JsonObject config;
  private final Architecture architecture;

  private VisionConfigReader(JsonObject config) {
    this.config = config;
    this.architecture = architecture(config);
  }

  /**
   * Reads a configuration.
   *
   * @param tensors all tensors by name, which tell the head, and the classes where the config does
   *     not
   * @param notes told what was assumed
   * @throws CheckpointException if a value is not known or out of range
   */
  public static VisionConfig read(
      JsonObject config, Map<String, TensorView> tensors, Consumer<CheckpointNote> notes) {
    return new VisionConfigReader(config).read(tensors, notes);
  }

  /** The family that {@code model_type} names. */
  static Architecture architecture(JsonObject config) {
    String type = config.text("model_type");
    return Arrays.stream(Architecture.values())
        .filter(architecture -> architecture.modelType().equals(type))
        .findFirst()
        .orElseThrow(() -> config.wrong("model_type", "one of " + supported()));
  }

  private static String supported() {
    return Arrays.stream(Architecture.values())
        .map(Architecture::modelType)
        .collect(Collectors.joining(", "));
  }

  private VisionConfig read(Map<String, TensorView> tensors, Consumer<CheckpointNote> notes) {
    boolean beit = architecture.isBeit();
    int hiddenSize = config.integer("hidden_size", 768, 1, MAX_HIDDEN_SIZE);
    int heads = config.integer("num_attention_heads", 12, 1, MAX_HIDDEN_SIZE);
    boolean bias = beit || config.bool("qkv_bias", true);
    boolean relative = beit && config.bool("use_relative_position_bias", false);
    boolean shared = beit && config.bool("use_shared_relative_position_bias", false);
    Head head = Heads.read(config, architecture, tensors.keySet(), notes);
    TensorView classifier = tensors.get(Heads.weight(head));
    List<String> labels = head == Head.NONE ? List.of() : Labels.read(config, classifier, notes);
    if (head == Head.CLASSIFIER && labels.isEmpty()) {
      head = Head.NONE;
    }
    VisionConfig vision =
        new VisionConfig(
            architecture,
            hiddenSize,
            config.integer("num_hidden_layers", 12, 1, MAX_LAYERS),
            heads,
            headSize(hiddenSize, heads),
            config.integer("intermediate_size", 3072, 1, MAX_MLP_SIZE),
            Activations.read(config, "hidden_act", Activation.GELU),
            layerNormEps(),
            config.extent("image_size", new Extent(224, 224), MAX_IMAGE_SIDE),
            config.extent("patch_size", new Extent(16, 16), MAX_IMAGE_SIDE),
            config.integer("num_channels", 3, 1, MAX_CHANNELS),
            bias,
            bias && !beit,
            !beit || config.bool("use_absolute_position_embeddings", false),
            relative,
            shared,
            beit && config.number("layer_scale_init_value", 0.1) > 0,
            architecture == Architecture.DEIT,
            beit && config.bool("use_mean_pooling", true),
            Activations.read(config, "pooler_act", Activation.TANH),
            poolerSize(hiddenSize),
            head,
            labels,
            problemType(labels));
    checkGrid(vision);
    return vision;
  }

  private int headSize(int hiddenSize, int heads) {
    if (config.holds("head_dim")) {
      return config.integer("head_dim", 0, 1, MAX_HIDDEN_SIZE / heads);
    }
    if (hiddenSize % heads != 0) {
      throw new CheckpointException(
          config.where(),
          "hidden_size=%d is not a multiple of num_attention_heads=%d"
              .formatted(hiddenSize, heads));
    }
    return hiddenSize / heads;
  }

  private float layerNormEps() {
    double absent = architecture == Architecture.VIT_MSN ? 1e-6 : 1e-12;
    double eps = config.number("layer_norm_eps", absent);
    if (eps < 0 || eps > 1) {
      throw config.wrong("layer_norm_eps", "a number from 0 to 1");
    }
    return (float) eps;
  }

  private int poolerSize(int hiddenSize) {
    return config.holds("pooler_output_size")
        ? config.integer("pooler_output_size", 0, 1, MAX_HIDDEN_SIZE)
        : hiddenSize;
  }

  private ProblemType problemType(List<String> labels) {
    String type = config.text("problem_type");
    boolean multiple =
        switch (type) {
          case "multi_label_classification" -> true;
          case "single_label_classification", "regression" -> false;
          case null -> false;
          default ->
              throw config.wrong(
                  "problem_type",
                  "one of single_label_classification, multi_label_classification, regression");
        };
    return multiple || labels.size() == 1 ? ProblemType.MULTI_LABEL : ProblemType.SINGLE_LABEL;
  }

  private void checkGrid(VisionConfig vision) {
    Extent grid = vision.grid();
    if (grid.height() < 1 || grid.width() < 1) {
      throw new CheckpointException(
          config.where(),
          "patch_size=%s is larger than image_size=%s"
              .formatted(vision.patchSize(), vision.imageSize()));
    }
    if ((long) grid.height() * grid.width() > MAX_PATCHES) {
      throw new CheckpointException(
          config.where(),
          "image_size=%s and patch_size=%s make %s patches, expected at most %d"
              .formatted(vision.imageSize(), vision.patchSize(), grid, MAX_PATCHES));
    }
    boolean biased = vision.relativePositions() || vision.sharedRelativePositions();
    if (biased && grid.height() != grid.width()) {
      throw new CheckpointException(
          config.where(),
          "relative position bias on a grid of %s patches, expected a square one; transformers itself mixes up the axes of others"
              .formatted(grid));
    }
  }
}
