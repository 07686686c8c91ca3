package io.github.tornadovit.weights.checkpoint;

import io.github.tornadovit.base.CheckpointException;
import io.github.tornadovit.base.tensor.TensorView;
import io.github.tornadovit.weights.config.CheckpointNote;
import io.github.tornadovit.weights.family.Family;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * The tensors of a checkpoint by the names that transformers would give them. A model that was
 * wrapped when its state dict was taken (by {@code DataParallel}, {@code torch.compile}, FSDP, a
 * Lightning module or somebody's own) has the wrappers' names before, or among, the parts of its
 * own.
 */
final class PlainNames {
  /** Parts of names that wrappers add anywhere; no model here has parts of these names. */
  private static final Set<String> WRAPPERS =
      Set.of("module", "_orig_mod", "_fsdp_wrapped_module", "_checkpoint_wrapped_module");

  private static final List<String> ADAPTERS = List.of(".lora_A.", ".lora_B.", ".base_layer.");
  private static final int SHOWN = 3;

  private final String folder;
  private final Family family;
  private final SequencedMap<String, TensorView> unwrapped = new TreeMap<>();

  private PlainNames(String folder, SequencedMap<String, TensorView> tensors, Family family) {
    this.folder = folder;
    this.family = family;
    tensors.forEach(
        (name, tensor) -> {
          TensorView known = unwrapped.put(unwrapped(name), tensor);
          if (known != null) {
            throw new CheckpointException(
                folder,
                "has the tensors '%s' and '%s', which are one by name; expected one model"
                    .formatted(known.name(), name));
          }
        });
  }

  /**
   * Finds the prefix that all tensors of the model have in common and leaves it out. Tensors
   * without it are none of the model.
   *
   * @param folder the checkpoint, for messages
   * @param tensors by the names of the files
   * @param family the model's, whose anchor tells where the encoder is
   * @param notes told once if names differ
   */
  static SequencedMap<String, TensorView> of(
      String folder,
      SequencedMap<String, TensorView> tensors,
      Family family,
      Consumer<CheckpointNote> notes) {
    refuseAdapters(folder, tensors.keySet());
    return new PlainNames(folder, tensors, family).plain(notes);
  }

  private static void refuseAdapters(String folder, Set<String> names) {
    for (String name : names) {
      if (ADAPTERS.stream().anyMatch(name::contains)) {
        throw new CheckpointException(
            folder,
            "tensor '%s' is of an adapter (LoRA) that is not merged; call merge_and_unload() of the"
                    .formatted(name)
                + " peft model, then save_pretrained() of what it returns");
      }
    }
  }

  private static String unwrapped(String name) {
    return Arrays.stream(name.split("\\.", -1))
        .filter(part -> !WRAPPERS.contains(part))
        .collect(Collectors.joining("."));
  }

  private SequencedMap<String, TensorView> plain(Consumer<CheckpointNote> notes) {
    String prefix = prefix();
    SequencedMap<String, TensorView> plain = new TreeMap<>();
    List<String> others = new ArrayList<>();
    boolean renamed = !prefix.isEmpty();
    for (var entry : unwrapped.entrySet()) {
      String name = entry.getKey();
      renamed |= !name.equals(entry.getValue().name());
      if (name.startsWith(prefix)) {
        plain.put(name.substring(prefix.length()), entry.getValue());
      } else {
        others.add(entry.getValue().name());
      }
    }
    if (renamed) {
      notes.accept(new CheckpointNote(CheckpointNote.Kind.TENSOR_NAMES, text(plain, others)));
    }
    return Collections.unmodifiableSequencedMap(plain);
  }

  /** The prefix of the names of the model's tensors; empty if they have none. */
  private String prefix() {
    String anchor = family.anchor();
    Set<String> places = new TreeSet<>();
    for (String name : unwrapped.keySet()) {
      String before = name.substring(0, Math.max(0, name.length() - anchor.length()));
      if (name.endsWith(anchor) && (before.isEmpty() || before.endsWith("."))) {
        places.add(before);
      }
    }
    List<String> prefixes = places.stream().map(this::prefix).distinct().toList();
    if (prefixes.isEmpty() || prefixes.contains("")) {
      return "";
    }
    if (prefixes.size() > 1) {
      throw new CheckpointException(
          folder,
          "holds %d encoders, below %s; expected one: save the state dict of the one that is meant"
              .formatted(prefixes.size(), quoted(prefixes)));
    }
    return prefixes.getFirst();
  }

  /** The place of an encoder without the encoder's own name, which a classifier's has. */
  private String prefix(String place) {
    if (family.classifiers().stream().anyMatch(head -> unwrapped.containsKey(place + head))) {
      return place;
    }
    for (String scope : Family.allScopes()) {
      String own = scope + ".";
      if (place.equals(own) || place.endsWith("." + own)) {
        return place.substring(0, place.length() - own.length());
      }
    }
    return place;
  }

  private String text(SequencedMap<String, TensorView> plain, List<String> others) {
    String anchor = family.anchor();
    String example = plain.containsKey(anchor) ? anchor : plain.firstEntry().getKey();
    for (String name : plain.keySet()) {
      if (name.endsWith("." + anchor)) {
        example = name;
      }
    }
    TensorView tensor = plain.getOrDefault(example, plain.firstEntry().getValue());
    String file = tensor.name();
    String text =
        file.endsWith("." + example)
            ? "tensor names are read without '%s', which they begin with"
                .formatted(file.substring(0, file.length() - example.length()))
            : "tensor names are read without their wrappers': '%s' as '%s'"
                .formatted(file, example);
    return others.isEmpty()
        ? text
        : "%s; %d without it are not read: %s".formatted(text, others.size(), quoted(others));
  }

  private static String quoted(List<String> names) {
    String shown =
        names.stream().limit(SHOWN).map(name -> "'" + name + "'").collect(Collectors.joining(", "));
    return names.size() <= SHOWN ? shown : shown + ", …";
  }
}
