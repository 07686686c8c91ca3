package io.github.tornadovit.weights.configfile;

import io.github.tornadovit.base.CheckpointException;
import io.github.tornadovit.weights.config.CheckpointNote;
import io.github.tornadovit.weights.config.VisionConfig.Architecture;
import io.github.tornadovit.weights.config.VisionConfig.Head;
import io.github.tornadovit.weights.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds the classifier of a checkpoint. Its tensors decide, as in transformers, where the task that
 * one asks for does and {@code architectures} is a name that scripts copy along.
 */
final class Heads {
  private static final String KEY = "architectures";
  private static final String CLASSIFIER = "classifier";
  private static final String CLASS_TOKEN_CLASSIFIER = "cls_classifier";

  /** What the classes of a family are called, before their task. */
  private static final Map<Architecture, String> CLASSES =
      Map.of(
          Architecture.VIT, "ViT",
          Architecture.VIT_MAE, "ViTMAE",
          Architecture.VIT_MSN, "ViTMSN",
          Architecture.BEIT, "Beit",
          Architecture.DATA2VEC_VISION, "Data2VecVision",
          Architecture.DEIT, "DeiT");

  /** Classes of an encoder without a classifier. */
  private static final List<String> WITHOUT_CLASSIFIER =
      List.of("Model", "ForMaskedImageModeling", "ForPreTraining", "Backbone");

  /** First parts of the names of tensors that predict masked patches. */
  private static final List<String> MASKED_IMAGE_MODELLING = List.of("lm_head", "decoder");

  private static final List<String> SEGMENTATION = List.of("decode_head", "auxiliary_head");

  private final JsonObject config;
  private final Architecture architecture;
  private final Set<String> tensors;

  private Heads(JsonObject config, Architecture architecture, Set<String> tensors) {
    this.config = config;
    this.architecture = architecture;
    this.tensors = tensors;
  }

  /**
   * The classifier of a checkpoint.
   *
   * @param tensors the names of all its tensors
   * @param notes told what {@code config.json} says otherwise, or which head is not read
   */
  static Head read(
      JsonObject config,
      Architecture architecture,
      Set<String> tensors,
      Consumer<CheckpointNote> notes) {
    return new Heads(config, architecture, tensors).read(notes);
  }

  /** The tensor whose rows are the classes of such a head. */
  static String weight(Head head) {
    return (head == Head.DISTILLED ? CLASS_TOKEN_CLASSIFIER : CLASSIFIER) + ".weight";
  }

  private Head read(Consumer<CheckpointNote> notes) {
    String segmentation = firstBelow(SEGMENTATION);
    if (segmentation != null) {
      throw new CheckpointException(
          config.where(),
          "tensor '%s' belongs to a model for semantic segmentation, which is not supported; only classifiers and encoders are"
              .formatted(segmentation));
    }
    List<String> names = config.texts(KEY);
    String named = names.isEmpty() ? null : names.getFirst();
    Head head = head(named);
    String note = note(head, named);
    if (note != null) {
      notes.accept(new CheckpointNote(CheckpointNote.Kind.HEAD, note));
    }
    return head;
  }

  private Head head(@Nullable String named) {
    boolean classifier = firstBelow(List.of(CLASSIFIER)) != null;
    if (architecture == Architecture.VIT_MAE) {
      return Head.NONE;
    }
    if (architecture == Architecture.DEIT && firstBelow(List.of(CLASS_TOKEN_CLASSIFIER)) != null) {
      return classifier && names(Head.CLASSIFIER).contains(String.valueOf(named))
          ? Head.CLASSIFIER
          : Head.DISTILLED;
    }
    return classifier ? Head.CLASSIFIER : Head.NONE;
  }

  private @Nullable String note(Head head, @Nullable String named) {
    String pretraining = firstBelow(MASKED_IMAGE_MODELLING);
    if (head == Head.NONE && pretraining != null) {
      return "a model of masked image modelling: its encoder gives features, what predicts patches"
          + " ('%s', …) is not read, and it has no classifier".formatted(pretraining);
    }
    if (named == null || names(head).contains(named)) {
      return null;
    }
    String found =
        switch (head) {
          case NONE -> "there is no tensor '%s': read as an encoder alone";
          case CLASSIFIER -> "there is a tensor '%s': read as a classifier";
          case DISTILLED -> "there is a tensor '%s': read as a classifier with teacher";
        };
    return "config.json names \"%s\", but ".formatted(named) + found.formatted(weight(head));
  }

  /** The classes that have such a head. */
  private List<String> names(Head head) {
    List<String> tasks =
        switch (head) {
          case NONE -> WITHOUT_CLASSIFIER;
          case CLASSIFIER -> List.of("ForImageClassification");
          case DISTILLED -> List.of("ForImageClassificationWithTeacher");
        };
    return tasks.stream().map(task -> CLASSES.get(architecture) + task).toList();
  }

  private @Nullable String firstBelow(List<String> parts) {
    return tensors.stream()
        .filter(tensor -> parts.stream().anyMatch(part -> tensor.startsWith(part + ".")))
        .findFirst()
        .orElse(null);
  }
}
