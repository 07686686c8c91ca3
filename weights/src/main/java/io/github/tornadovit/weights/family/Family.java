package io.github.tornadovit.weights.family;

import io.github.tornadovit.base.tensor.TensorView;
import io.github.tornadovit.weights.config.Architecture;
import io.github.tornadovit.weights.config.CheckpointNote;
import io.github.tornadovit.weights.config.Mlp;
import io.github.tornadovit.weights.config.PreprocessorConfig;
import io.github.tornadovit.weights.config.VisionConfig;
import io.github.tornadovit.weights.configfile.PreprocessorConfigReader;
import io.github.tornadovit.weights.configfile.ProcessorClass;
import io.github.tornadovit.weights.family.Spelling.Part;
import io.github.tornadovit.weights.json.JsonObject;
import io.github.tornadovit.weights.model.VisionWeights;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A family of models: all that is special about it. A new one is a file here, its name in {@link
 * #all}, and a case for each part that no other has.
 */
public sealed interface Family permits Vit, Beit, Deit, Dinov2, Dinov3, IJepa, Clip, Siglip, Timm {
  /** All families, in the order in which messages name them. */
  static Stream<Family> all() {
    return Stream.<Family[]>of(
            Vit.values(),
            Beit.values(),
            Deit.values(),
            Dinov2.values(),
            Dinov3.values(),
            IJepa.values(),
            Clip.values(),
            Siglip.values(),
            Timm.values())
        .flatMap(Arrays::stream);
  }

  /**
   * The family of a {@code config.json}.
   *
   * @throws io.github.tornadovit.base.CheckpointException if it is none of ours
   */
  static Family of(JsonObject config) {
    String type = config.text("model_type");
    if (type != null && type.startsWith("siglip2")) {
      throw config.wrong(
          "model_type",
          "siglip, a SigLIP of fixed resolution: NaFlex models of SigLIP 2, which take images of any"
              + " aspect as padded patches, are not supported; those whose names end in a size"
              + " (siglip2-base-patch16-224) are");
    }
    if ("dinov3_convnext".equals(type)) {
      throw config.wrong(
          "model_type",
          "dinov3_vit: the ConvNeXt models of DINOv3 are no Vision Transformers and not supported");
    }
    return all()
        .filter(family -> family.reads(config))
        .findFirst()
        .orElseThrow(
            () ->
                config.wrong(
                    "model_type",
                    "one of %s, or in its place timm's 'architecture'"
                        .formatted(
                            all()
                                .flatMap(family -> family.types().stream())
                                .collect(Collectors.joining(", ")))));
  }

  /** The names below which an encoder of any family may be. */
  static List<String> allScopes() {
    return all().map(family -> family.names().scope()).distinct().toList();
  }

  /**
   * What encoders are in a checkpoint by where its tensors are or what they are called, for
   * messages; empty if none is.
   */
  static String places(Scope root) {
    String below =
        all()
            .map(Family::names)
            .filter(names -> root.hasBelow(names.scope()))
            .map(
                names ->
                    "; those below '%s.' are of model_type=%s"
                        .formatted(names.scope(), names.type()))
            .collect(Collectors.joining());
    return below.isEmpty() && root.hasEndingIn(Timm.TIMM.anchor())
        ? "; these are timm's names: config.json needs timm's 'architecture'"
            + " (as vit_base_patch16_224), and no model_type beside it"
        : below;
  }

  /** What it and its parts are called. */
  Names names();

  /** The image processor, where no file names one. */
  default ProcessorClass processor() {
    return names().processor();
  }

  /** What it is called in a configuration. */
  default Architecture architecture() {
    return new Architecture(names().title(), names().type());
  }

  /** The values of {@code model_type} by which a {@code config.json} is one of this family. */
  default List<String> types() {
    return List.of(names().type());
  }

  /** Whether a {@code config.json} is one of this family. */
  default boolean reads(JsonObject config) {
    String type = config.text("model_type");
    return type != null && types().contains(type);
  }

  /** The part of a {@code config.json} that is about the encoder. */
  default JsonObject encoder(JsonObject config) {
    return config;
  }

  /** A tensor that every encoder of the family has once, and by which its place is found. */
  default String anchor() {
    return "embeddings.cls_token";
  }

  /** What the tensors are called; if in several ways, the usual one first. */
  default List<Spelling> spellings() {
    return List.of(Spelling.OF_FILES, Spelling.OF_MODULES);
  }

  /** A tensor of the pooler that a model of this family may have; null if none has one. */
  default @Nullable String poolerTensor() {
    Spelling names = spellings().getFirst();
    return names.has(Part.POOLER) ? names.of(Part.POOLER) + ".weight" : null;
  }

  /**
   * What stands against a pooler where a checkpoint has none, for messages; empty if no model of
   * the family has one.
   *
   * @param root all tensors of the checkpoint
   */
  default String withoutPooler(Scope root, ConfigWords words) {
    String tensor = poolerTensor();
    if (tensor == null) {
      return "";
    }
    Part part = spellings().getFirst().part(tensor);
    String said = part == null ? null : says(part, false, words);
    return Stream.of(root, root.at(names().scope()))
        .filter(place -> place.has(tensor))
        .findFirst()
        .map(
            place ->
                "tensor '%s' is not read: %s"
                    .formatted(
                        place.file(tensor), said == null ? "a classifier has no use for it" : said))
        .orElse("tensor '%s'".formatted(tensor));
  }

  /** The classifiers that it may have; if a checkpoint has several, the first is meant. */
  List<HeadForm> heads();

  /** The tensors whose rows are classes. */
  default List<String> classifiers() {
    return heads().stream().map(HeadForm::weight).toList();
  }

  /**
   * Names of tensors, or of parts of them, that no answer needs and that may lie in the encoder all
   * the same.
   */
  default List<String> unread(VisionConfig config) {
    return List.of("mask_token", "pooler");
  }

  /**
   * What {@code config.json} says of whether the encoder has a part, or a layer its bias; null if
   * it says nothing of that.
   */
  default @Nullable String says(Part part, boolean there, ConfigWords words) {
    return null;
  }

  /** The words of a {@code config.json} for what it says of the encoder. */
  default ConfigWords words(JsonObject config) {
    return new ConfigWords(encoder(config));
  }

  /** The sizes where {@code config.json} does not say. */
  default Sizes sizes() {
    return Sizes.BASE;
  }

  /** What {@code config.json} says where the MLP is of that kind and size. */
  default String mlpReason(Mlp mlp, ConfigWords words) {
    return words.say("intermediate_size", mlp.size());
  }

  /** Reads a configuration of this family. */
  VisionConfig read(ConfigReading config);

  /**
   * Reads a configuration, and checks what holds for every family.
   *
   * @param tensors all tensors by name, which tell the head, and the classes where the config does
   *     not
   * @param notes told what was assumed
   * @throws io.github.tornadovit.base.CheckpointException if a value is not known or out of range
   */
  default VisionConfig config(
      JsonObject config, Map<String, TensorView> tensors, Consumer<CheckpointNote> notes) {
    ConfigReading reading = new ConfigReading(this, config, tensors, notes);
    return reading.checked(read(reading));
  }

  /**
   * Reads the steps from images to pixel values.
   *
   * @param file of the image processor, or null if there is none
   * @param config {@code config.json}
   * @param read what it says of the model
   */
  default PreprocessorConfig preprocessor(
      @Nullable JsonObject file, JsonObject config, VisionConfig read) {
    return PreprocessorConfigReader.read(
        file, config, processor(), read.imageSize(), read.channels());
  }

  /**
   * The weights that a configuration asks for, each checked for type and shape.
   *
   * @param json {@code config.json}, for messages
   * @param config what it says
   * @param root all tensors of the checkpoint; it will know which were read
   * @throws io.github.tornadovit.base.CheckpointException if one is missing or not as the
   *     configuration says, or the configuration leaves out one that the model was trained with
   */
  default VisionWeights weights(JsonObject json, VisionConfig config, Scope root) {
    return new VisionWeightsReader(this, config, words(json), root).read();
  }
}
