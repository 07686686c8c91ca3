package io.github.tornadovit.weights.family;

import io.github.tornadovit.base.CheckpointException;
import io.github.tornadovit.weights.config.CheckpointNote;
import io.github.tornadovit.weights.config.CheckpointNote.Kind;
import io.github.tornadovit.weights.config.Positions;
import io.github.tornadovit.weights.config.SelfAttention;
import io.github.tornadovit.weights.config.VisionConfig;
import io.github.tornadovit.weights.config.VisionConfig.Extent;
import io.github.tornadovit.weights.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** What holds for the configuration of every family, and what its user should know of it. */
final class ConfigCheck {
  private static final int MAX_PATCHES = 1 << 18;

  /** ImageNet itself has two classes called crane. */
  private static final int FEW_OF = 100;

  private final VisionConfig vision;
  private final JsonObject config;
  private final ConfigWords words;

  /**
   * @param vision what was read
   * @param config the part about the encoder
   * @param words of messages
   */
  ConfigCheck(VisionConfig vision, JsonObject config, ConfigWords words) {
    this.vision = vision;
    this.config = config;
    this.words = words;
  }

  /** Refuses what cannot be computed. */
  void require() {
    requireGrid();
    requireRotaryHeads();
  }

  private void requireGrid() {
    Extent grid = vision.grid();
    if (grid.height() < 1 || grid.width() < 1) {
      throw wrong(
          "patch_size=%s is larger than image_size=%s", vision.patchSize(), vision.imageSize());
    }
    if ((long) grid.height() * grid.width() > MAX_PATCHES) {
      throw wrong(
          "image_size=%s and patch_size=%s make %s patches, expected at most %d",
          vision.imageSize(), vision.patchSize(), grid, MAX_PATCHES);
    }
    boolean biased = !vision.encoder().attention().biasTables().isEmpty();
    if (biased && grid.height() != grid.width()) {
      throw wrong(
          "relative position bias on a grid of %s patches, expected a square one; transformers itself mixes up the axes of others",
          grid);
    }
  }

  private void requireRotaryHeads() {
    SelfAttention attention = vision.encoder().attention();
    boolean rotary = vision.encoder().embeddings().positions() instanceof Positions.Rotary;
    if (rotary && attention.headSize() % 4 != 0) {
      throw wrong(
          "%s and %s make heads of %d, expected a multiple of 4: rotary positions turn pairs, half of them by rows and half by columns",
          words.say("hidden_size", vision.hiddenSize()),
          words.say("num_attention_heads", attention.heads()),
          attention.headSize());
    }
  }

  private CheckpointException wrong(String problem, Object... facts) {
    return new CheckpointException(config.where(), problem.formatted(facts));
  }

  /** Tells what is taken by default as a whole, and of classes that answers do not tell apart. */
  void note(Consumer<CheckpointNote> notes) {
    String absent = config.absentKey();
    if (absent != null) {
      notes.accept(
          new CheckpointNote(
              Kind.ENCODER,
              "config.json has no %s: the encoder is taken for the default %s (hidden_size=%d, num_hidden_layers=%d, num_attention_heads=%d, image_size=%s, patch_size=%s)"
                  .formatted(
                      absent,
                      vision.architecture(),
                      vision.hiddenSize(),
                      vision.layers(),
                      vision.heads(),
                      vision.imageSize(),
                      vision.patchSize())));
    }
    noteLabels(vision.labels(), notes);
  }

  private static void noteLabels(List<String> labels, Consumer<CheckpointNote> notes) {
    int classes = labels.size();
    int[] blank = IntStream.range(0, classes).filter(i -> labels.get(i).isBlank()).toArray();
    if (blank.length > 0) {
      notes.accept(
          new CheckpointNote(
              Kind.LABELS,
              "%d of %d classes have an empty name, class %d first; name them in config.json"
                  .formatted(blank.length, classes, blank[0])));
    }
    Map<String, Integer> first = new HashMap<>();
    int[] again =
        IntStream.range(0, classes)
            .filter(i -> !labels.get(i).isBlank())
            .filter(i -> first.putIfAbsent(labels.get(i), i) != null)
            .toArray();
    if (again.length * FEW_OF > classes) {
      String name = labels.get(again[0]);
      notes.accept(
          new CheckpointNote(
              Kind.LABELS,
              "%d of %d classes have the name of another: classes %d and %d are both '%s'; names in config.json should tell them apart"
                  .formatted(again.length, classes, first.get(name), again[0], name)));
    }
  }
}
