package io.github.tornadovit.weights.configfile;

import io.github.tornadovit.weights.checkpoint.CheckpointException;
import io.github.tornadovit.weights.config.VisionConfig.Architecture;
import io.github.tornadovit.weights.config.VisionConfig.Head;
import io.github.tornadovit.weights.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Which classifier a checkpoint has: by {@code architectures}, else by its tensors. */
final class Heads {
  private static final String KEY = "architectures";

  private static final Map<String, Head> VIT =
      new TreeMap<>(Map.of("ViTModel", Head.NONE, "ViTForImageClassification", Head.CLASSIFIER));
  private static final Map<String, Head> BEIT =
      new TreeMap<>(Map.of("BeitModel", Head.NONE, "BeitForImageClassification", Head.CLASSIFIER));
  private static final Map<String, Head> MSN =
      new TreeMap<>(
          Map.of("ViTMSNModel", Head.NONE, "ViTMSNForImageClassification", Head.CLASSIFIER));

  /** Pre-training has a decoder after the encoder, which is not read. */
  private static final Map<String, Head> MAE =
      new TreeMap<>(Map.of("ViTMAEModel", Head.NONE, "ViTMAEForPreTraining", Head.NONE));

  private static final Map<String, Head> DATA2VEC =
      new TreeMap<>(
          Map.of(
              "Data2VecVisionModel",
              Head.NONE,
              "Data2VecVisionForImageClassification",
              Head.CLASSIFIER));
  private static final Map<String, Head> DEIT =
      new TreeMap<>(
          Map.of(
              "DeiTModel",
              Head.NONE,
              "DeiTForImageClassification",
              Head.CLASSIFIER,
              "DeiTForImageClassificationWithTeacher",
              Head.DISTILLED));

  /** First parts of the names of tensors that only models for other tasks have. */
  private static final Map<String, String> OTHER_TASKS =
      Map.of(
          "lm_head", "masked image modelling",
          "decode_head", "semantic segmentation",
          "auxiliary_head", "semantic segmentation",
          "decoder", "masked image modelling");

  private Heads() {}

  /**
   * The classifier of a checkpoint.
   *
   * @param tensors the names of all its tensors
   */
  static Head read(JsonObject config, Architecture architecture, Set<String> tensors) {
    List<String> names = config.texts(KEY);
    if (names.isEmpty()) {
      return infer(config, architecture, tensors);
    }
    Map<String, Head> known =
        switch (architecture) {
          case VIT -> VIT;
          case VIT_MAE -> MAE;
          case VIT_MSN -> MSN;
          case BEIT -> BEIT;
          case DATA2VEC_VISION -> DATA2VEC;
          case DEIT -> DEIT;
        };
    Head head = known.get(names.getFirst());
    if (head == null) {
      throw new CheckpointException(
          config.where(),
          "key '%s' is [\"%s\"], expected one of %s because model_type=%s%s"
              .formatted(
                  KEY,
                  String.join("\", \"", names),
                  String.join(", ", known.keySet()),
                  architecture.modelType(),
                  task(names.getFirst())));
    }
    return head;
  }

  private static Head infer(JsonObject config, Architecture architecture, Set<String> tensors) {
    for (String tensor : tensors) {
      String task = OTHER_TASKS.get(tensor.substring(0, Math.max(0, tensor.indexOf('.'))));
      if (task != null && architecture != Architecture.VIT_MAE) {
        throw new CheckpointException(
            config.where(),
            "tensor '%s' belongs to a model for %s, which is not supported; only classifiers and base models are"
                .formatted(tensor, task));
      }
    }
    if (architecture == Architecture.DEIT && tensors.contains("cls_classifier.weight")) {
      return Head.DISTILLED;
    }
    return tensors.contains("classifier.weight") ? Head.CLASSIFIER : Head.NONE;
  }

  private static String task(String name) {
    if (name.endsWith("ForMaskedImageModeling")) {
      return "; masked image modelling is not supported";
    }
    if (name.endsWith("ForSemanticSegmentation")) {
      return "; semantic segmentation is not supported";
    }
    return "";
  }
}
