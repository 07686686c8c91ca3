package io.github.tornadovit.weights.family;

import io.github.tornadovit.base.Activation;
import io.github.tornadovit.base.CheckpointException;
import io.github.tornadovit.base.tensor.TensorView;
import io.github.tornadovit.weights.config.CheckpointNote;
import io.github.tornadovit.weights.config.Classifier;
import io.github.tornadovit.weights.config.Geometry;
import io.github.tornadovit.weights.config.Mlp;
import io.github.tornadovit.weights.config.Pooler;
import io.github.tornadovit.weights.config.SelfAttention;
import io.github.tornadovit.weights.config.SelfAttention.BiasInterpolation;
import io.github.tornadovit.weights.config.SelfAttention.BiasTable;
import io.github.tornadovit.weights.config.VisionConfig;
import io.github.tornadovit.weights.config.VisionConfig.Extent;
import io.github.tornadovit.weights.config.VisionConfig.Head;
import io.github.tornadovit.weights.config.VisionConfig.ProblemType;
import io.github.tornadovit.weights.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The reading of one {@code config.json} beside its tensors: the keys that families share. The
 * limits are far above any model in use and keep an absurd config from asking for absurd memory.
 */
final class ConfigReading {
  private static final int MAX_HIDDEN_SIZE = 1 << 16;
  private static final int MAX_MLP_SIZE = 1 << 18;
  private static final int MAX_LAYERS = 1024;
  private static final int MAX_IMAGE_SIDE = 1 << 14;
  private static final int MAX_CHANNELS = 1024;

  private final Family family;
  private final JsonObject whole;

  /** What is about the encoder. */
  private final JsonObject config;

  private final Map<String, TensorView> tensors;
  private final Consumer<CheckpointNote> notes;
  private @Nullable Classifier classifier;

  ConfigReading(
      Family family,
      JsonObject config,
      Map<String, TensorView> tensors,
      Consumer<CheckpointNote> notes) {
    this.family = family;
    this.whole = config;
    this.config = family.encoder(config);
    this.tensors = tensors;
    this.notes = notes;
  }

  /** The keys that are about the encoder. */
  JsonObject json() {
    return config;
  }

  /** Told what was assumed. */
  Consumer<CheckpointNote> notes() {
    return notes;
  }

  /** A tensor of the encoder or behind it, or null. */
  @Nullable TensorView tensor(String name) {
    return Stream.of(name, family.names().scope() + "." + name)
        .map(tensors::get)
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  /** The configuration, once it is one that can be computed; its user is told of it. */
  VisionConfig checked(VisionConfig vision) {
    ConfigCheck check = new ConfigCheck(vision, config, family.words(whole));
    check.require();
    check.note(notes);
    return vision;
  }

  /** Whether a tensor's name ends so. */
  boolean hasTensorEndingIn(String end) {
    return tensors.keySet().stream().anyMatch(name -> name.endsWith("." + end));
  }

  /** {@code hidden_size}. */
  int hiddenSize() {
    return config.integer("hidden_size", family.sizes().hidden(), 1, MAX_HIDDEN_SIZE);
  }

  /** {@code num_hidden_layers}. */
  int layers() {
    return config.integer("num_hidden_layers", 12, 1, MAX_LAYERS);
  }

  /** {@code layer_norm_eps}. */
  float eps(double absent) {
    double eps = config.number("layer_norm_eps", absent);
    if (eps < 0 || eps > 1) {
      throw config.wrong("layer_norm_eps", "a number from 0 to 1");
    }
    return (float) eps;
  }

  /** {@code image_size}, {@code patch_size} and {@code num_channels}. */
  Geometry geometry(int patch, boolean anySize) {
    return new Geometry(
        config.extent("image_size", new Extent(224, 224), MAX_IMAGE_SIDE),
        config.extent("patch_size", new Extent(patch, patch), MAX_IMAGE_SIDE),
        config.integer("num_channels", 3, 1, MAX_CHANNELS),
        anySize);
  }

  /** {@code num_attention_heads}, and {@code head_dim} if the heads do not share the width. */
  SelfAttention attention(
      boolean queryBias, boolean keyBias, boolean valueBias, Set<BiasTable> biasTables) {
    return attention(queryBias, keyBias, valueBias, true, biasTables);
  }

  /** The same where the output projection may lack its bias. */
  SelfAttention attention(
      boolean queryBias,
      boolean keyBias,
      boolean valueBias,
      boolean outputBias,
      Set<BiasTable> biasTables) {
    int heads = config.integer("num_attention_heads", family.sizes().heads(), 1, MAX_HIDDEN_SIZE);
    return new SelfAttention(
        heads,
        headSize(heads),
        queryBias,
        keyBias,
        valueBias,
        outputBias,
        biasTables,
        BiasInterpolation.BILINEAR);
  }

  private int headSize(int heads) {
    if (config.holds("head_dim")) {
      return config.integer("head_dim", 0, 1, MAX_HIDDEN_SIZE / heads);
    }
    if (hiddenSize() % heads != 0) {
      throw new CheckpointException(
          config.where(),
          "hidden_size=%d is not a multiple of num_attention_heads=%d"
              .formatted(hiddenSize(), heads));
    }
    return hiddenSize() / heads;
  }

  /** {@code hidden_act}. */
  Activation activation(Activation absent) {
    return Activations.read(config, "hidden_act", absent);
  }

  /** {@code mlp_ratio} times {@code hidden_size}. */
  int mlpOfRatio(double absent) {
    double size = hiddenSize() * config.number("mlp_ratio", absent);
    if (size < 1 || size > MAX_MLP_SIZE) {
      throw config.wrong(
          "mlp_ratio",
          "a number that makes 1 to %d of hidden_size=%d".formatted(MAX_MLP_SIZE, hiddenSize()));
    }
    return (int) size;
  }

  /** {@code hidden_act} and {@code intermediate_size}. */
  Mlp.Plain mlp(Activation absent) {
    return mlp(absent, true);
  }

  /** The same where the layers may lack biases. */
  Mlp.Plain mlp(Activation absent, boolean bias) {
    return new Mlp.Plain(
        activation(absent),
        config.integer("intermediate_size", family.sizes().mlp(), 1, MAX_MLP_SIZE),
        bias);
  }

  /**
   * {@code pooler_act} and {@code pooler_output_size}: the dense layer on the class token, which a
   * base model may have and a classifier does not use.
   */
  Pooler densePooler() {
    Activation activation = Activations.read(config, "pooler_act", Activation.TANH);
    int size =
        config.holds("pooler_output_size")
            ? config.integer("pooler_output_size", 0, 1, MAX_HIDDEN_SIZE)
            : hiddenSize();
    return classifier().head() == Head.NONE && hasEncoderTensorBelow("pooler.dense")
        ? new Pooler.Dense(activation, size)
        : new Pooler.None();
  }

  /**
   * {@code projection_dim}, or null without such a layer.
   *
   * @param layer its name
   */
  @Nullable Integer projection(String layer) {
    return Scope.root(whole.where(), tensors).hasBelow(layer)
        ? whole.integer("projection_dim", 512, 1, MAX_HIDDEN_SIZE)
        : null;
  }

  /** The head that the tensors have, and its classes. */
  Classifier classifier() {
    Classifier known = classifier;
    if (known == null) {
      known = readClassifier();
      classifier = known;
    }
    return known;
  }

  private Classifier readClassifier() {
    HeadForm form = Heads.read(whole, family, tensors.keySet(), notes);
    if (form == null) {
      return new Classifier(Head.NONE, List.of(), problemType(List.of()));
    }
    List<String> labels = Labels.read(whole, tensors.get(form.weight()), notes);
    boolean none = form.head() == Head.CLASSIFIER && labels.isEmpty();
    if (none) {
      note(
          CheckpointNote.Kind.HEAD,
          "config.json has no classes, but there is a tensor '%s': read as an encoder alone"
              .formatted(form.weight()));
    }
    return new Classifier(none ? Head.NONE : form.head(), labels, problemType(labels));
  }

  /** {@code problem_type}; one class alone is a sigmoid whatever it says. */
  ProblemType problemType(List<String> labels) {
    String type = whole.text("problem_type");
    boolean multiple =
        switch (type) {
          case "multi_label_classification" -> true;
          case "single_label_classification", "regression" -> false;
          case null -> false;
          default ->
              throw whole.wrong(
                  "problem_type",
                  "one of single_label_classification, multi_label_classification, regression");
        };
    return multiple || labels.size() == 1 ? ProblemType.MULTI_LABEL : ProblemType.SINGLE_LABEL;
  }

  /** Whether the encoder, wherever it is, has a tensor below a name. */
  boolean hasEncoderTensorBelow(String name) {
    return encoderTensorsBelow(name).findAny().isPresent();
  }

  /** The encoder's tensors below a name, wherever it is. */
  Stream<TensorView> encoderTensorsBelow(String name) {
    String below = name + ".";
    String scoped = family.names().scope() + "." + below;
    return tensors.entrySet().stream()
        .filter(tensor -> Stream.of(below, scoped).anyMatch(tensor.getKey()::startsWith))
        .map(Map.Entry::getValue);
  }

  /** What encoders are in the file by where its tensors are, for messages; empty if none is. */
  String places() {
    return Family.places(Scope.root(whole.where(), tensors));
  }

  /** Tells what was assumed. */
  void note(CheckpointNote.Kind kind, String text) {
    notes.accept(new CheckpointNote(kind, text));
  }
}
