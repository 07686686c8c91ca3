package io.github.tornadovit.weights.family;

import io.github.tornadovit.base.tensor.TensorView;
import io.github.tornadovit.weights.config.VisionConfig;
import io.github.tornadovit.weights.family.Spelling.Part;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.Collectors;

/**
 * The tensors of an encoder that were not read. Either its family {@linkplain Family#unread knows}
 * that no answer needs them, or the model was trained with a part that its configuration leaves
 * out.
 */
final class Leftovers {
  private static final int SHOWN = 3;

  private final Family family;
  private final VisionConfig config;
  private final ConfigWords words;
  private final Spelling spelling;

  Leftovers(Family family, VisionConfig config, ConfigWords words, Spelling spelling) {
    this.family = family;
    this.config = config;
    this.words = words;
    this.spelling = spelling;
  }

  /**
   * Refuses tensors that the model was trained with and that would be left out.
   *
   * @param unread tensors by their names in the encoder
   * @throws io.github.tornadovit.base.CheckpointException with what in {@code config.json} leaves
   *     them out
   */
  void refuse(SequencedMap<String, TensorView> unread) {
    SequencedMap<String, List<TensorView>> byReason = new LinkedHashMap<>();
    int blocks = 1 + unread.keySet().stream().mapToInt(spelling::block).max().orElse(-1);
    unread.forEach(
        (name, tensor) -> {
          boolean empty = tensor.shape().elements() == 0; // As registers of which there are none.
          if (!empty && spelling.isOfEncoder(name) && !isKnown(name)) {
            byReason.computeIfAbsent(reason(name, blocks), _ -> new ArrayList<>()).add(tensor);
          }
        });
    if (!byReason.isEmpty()) {
      var first = byReason.firstEntry();
      throw words.contradiction(
          "%s leaves out %s; answers without are not the trained model's. Correct config.json, or take out of the file what is not wanted"
              .formatted(first.getKey(), quoted(first.getValue())));
    }
  }

  private boolean isKnown(String name) {
    String bounded = "." + name + ".";
    return family.unread(config).stream().anyMatch(known -> bounded.contains("." + known + "."));
  }

  private String reason(String name, int blocks) {
    if (spelling.block(name) >= config.layers()) {
      return "%s, of %d blocks,".formatted(words.say("num_hidden_layers", config.layers()), blocks);
    }
    Part part = spelling.part(name);
    String said = part == null ? null : family.says(part, false, words);
    return said == null ? "%s, which has no such part,".formatted(config.architecture()) : said;
  }

  /** How many there are, and the first names. */
  static String quoted(List<TensorView> tensors) {
    String shown =
        tensors.stream()
            .limit(SHOWN)
            .map(tensor -> "'" + tensor.name() + "'")
            .collect(Collectors.joining(", "));
    int count = tensors.size();
    return "%d tensor%s of the encoder: %s%s"
        .formatted(count, count == 1 ? "" : "s", shown, count > SHOWN ? ", …" : "");
  }
}
