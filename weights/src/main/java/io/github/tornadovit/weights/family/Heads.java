package io.github.tornadovit.weights.family;

import io.github.tornadovit.base.CheckpointException;
import io.github.tornadovit.weights.config.CheckpointNote;
import io.github.tornadovit.weights.config.VisionConfig.Head;
import io.github.tornadovit.weights.json.JsonObject;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds the classifier of a checkpoint. Its tensors decide, as in transformers, where the task that
 * one asks for does and {@code architectures} is a name that scripts copy along.
 */
final class Heads {
  private static final String KEY = "architectures";

  /** Ends of the names of classes of an encoder without a classifier. */
  private static final List<String> WITHOUT_CLASSIFIER =
      List.of(
          "Model",
          "VisionModel",
          "VisionModelWithProjection",
          "ForMaskedImageModeling",
          "ForPreTraining",
          "Backbone");

  /** First parts of the names of tensors that predict masked patches. */
  private static final List<String> MASKED_IMAGE_MODELLING = List.of("lm_head", "decoder");

  /** First parts of the names of tensors of a text encoder. */
  private static final List<String> TEXT = List.of("text_model");

  private static final List<String> SEGMENTATION = List.of("decode_head", "auxiliary_head");

  private final JsonObject config;
  private final Family family;
  private final Set<String> tensors;

  private Heads(JsonObject config, Family family, Set<String> tensors) {
    this.config = config;
    this.family = family;
    this.tensors = tensors;
  }

  /**
   * The classifier of a checkpoint, or null if it has none.
   *
   * @param tensors the names of all its tensors
   * @param notes told what {@code config.json} says otherwise, or which head is not read
   */
  static @Nullable HeadForm read(
      JsonObject config, Family family, Set<String> tensors, Consumer<CheckpointNote> notes) {
    return new Heads(config, family, tensors).read(notes);
  }

  private @Nullable HeadForm read(Consumer<CheckpointNote> notes) {
    String segmentation = firstBelow(SEGMENTATION);
    if (segmentation != null) {
      throw new CheckpointException(
          config.where(),
          "tensor '%s' belongs to a model for semantic segmentation, which is not supported; only classifiers and encoders are"
              .formatted(segmentation));
    }
    List<String> names = config.texts(KEY);
    String named = names.isEmpty() ? null : names.getFirst();
    HeadForm form = form(named);
    String note = note(form, named);
    if (note != null) {
      notes.accept(new CheckpointNote(CheckpointNote.Kind.HEAD, note));
    }
    return form;
  }

  /** The form that the tensors have; of several the one that is named, else the first. */
  private @Nullable HeadForm form(@Nullable String named) {
    List<HeadForm> present =
        family.heads().stream()
            .filter(form -> firstBelow(List.of(form.layers().getFirst())) != null)
            .toList();
    return present.stream()
        .filter(form -> (family.names().classes() + form.task()).equals(named))
        .findFirst()
        .orElse(present.isEmpty() ? null : present.getFirst());
  }

  private @Nullable String note(@Nullable HeadForm form, @Nullable String named) {
    String pretraining = firstBelow(MASKED_IMAGE_MODELLING);
    if (form == null && pretraining != null) {
      return "a model of masked image modelling: its encoder gives features, what predicts patches"
          + " ('%s', …) is not read, and it has no classifier".formatted(pretraining);
    }
    String text = firstBelow(TEXT);
    if (form == null && text != null) {
      return "a model of images and text: its vision encoder gives features, the text encoder"
          + " ('%s', …) is not read, and it has no classifier".formatted(text);
    }
    if (named == null || isNameOf(form, named)) {
      return null;
    }
    return "config.json names \"%s\", but ".formatted(named) + found(form);
  }

  private boolean isNameOf(@Nullable HeadForm form, String named) {
    List<String> tasks = form == null ? WITHOUT_CLASSIFIER : List.of(form.task());
    return tasks.stream().anyMatch(task -> named.equals(family.names().classes() + task));
  }

  private static String found(@Nullable HeadForm form) {
    if (form == null) {
      return "there is no tensor '%s': read as an encoder alone"
          .formatted(HeadForm.CLASSIFIER.weight());
    }
    String kind = form.head() == Head.DISTILLED ? "a classifier with teacher" : "a classifier";
    return "there is a tensor '%s': read as %s".formatted(form.weight(), kind);
  }

  private @Nullable String firstBelow(List<String> parts) {
    return tensors.stream()
        .filter(tensor -> parts.stream().anyMatch(part -> tensor.startsWith(part + ".")))
        .findFirst()
        .orElse(null);
  }
}
