package io.github.tornadovit.cli;

import io.github.tornadovit.engine.VisionModel;
import io.github.tornadovit.weights.config.CheckpointNote;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a server tells its callers of a model: nothing of the machine's files is in it. */
final class ServedFacts {
  private ServedFacts() {}

  static Map<String, Object> of(VisionModel model) {
    Map<String, Object> facts =
        new LinkedHashMap<>(ModelFacts.of(model.config(), model.config().imageSize()));
    facts.put("precision", model.session().options().precision().label());
    facts.put("device", model.session().device().toString());
    facts.put("max_batch", model.session().maxBatch());
    facts.put(
        "notes",
        model.notes().stream()
            .filter(note -> note.kind() != CheckpointNote.Kind.FOLDER)
            .map(CheckpointNote::text)
            .toList());
    return facts;
  }
}
