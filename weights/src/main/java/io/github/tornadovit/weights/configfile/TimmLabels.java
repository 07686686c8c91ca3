package io.github.tornadovit.weights.configfile;

import io.github.tornadovit.base.CheckpointException;
import io.github.tornadovit.weights.config.CheckpointNote;
import io.github.tornadovit.weights.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Class names as timm keeps them: {@code label_names}, a list or by number, and {@code
 * label_descriptions} by name, in {@code config.json} or its {@code pretrained_cfg}.
 *
 * <p>Without them, a classifier of 1000 classes is taken for one of ImageNet-1k, as timm takes it;
 * the classes of others are called by their number.
 */
public final class TimmLabels {
  private static final int IMAGENET_CLASSES = 1000;
  private static final String NAMES = "label_names";
  private static final String BY_NUMBER = "id2label";
  private static final String DESCRIPTIONS = "label_descriptions";

  /** The names that ImageNet gives classes, which say nothing to a person. */
  private static final Pattern SYNSET = Pattern.compile("n\\d{8}");

  private TimmLabels() {}

  /**
   * The class names in the order of the classes.
   *
   * @param config {@code config.json}
   * @param pretrained its {@code pretrained_cfg}
   * @param classes rows of the classifier
   * @param notes told where the names come from if not from these
   */
  public static List<String> read(
      JsonObject config, JsonObject pretrained, int classes, Consumer<CheckpointNote> notes) {
    for (JsonObject place : new JsonObject[] {config, pretrained}) {
      for (String key : new String[] {NAMES, "labels"}) {
        if (place.holds(key)) {
          return described(names(place, key, classes), descriptions(config, pretrained), notes);
        }
      }
    }
    if (classes == IMAGENET_CLASSES) {
      note(notes, "taken for ImageNet-1k's, in its order, as timm takes them");
      return imagenet();
    }
    Map<String, String> named =
        config.holds(BY_NUMBER) ? config.object(BY_NUMBER).entries() : Map.of();
    if (!named.isEmpty()) {
      return names(config, BY_NUMBER, classes); // As transformers takes them, after all others.
    }
    note(notes, "called by their number");
    return numbered(classes);
  }

  private static void note(Consumer<CheckpointNote> notes, String taken) {
    notes.accept(
        new CheckpointNote(
            CheckpointNote.Kind.LABELS,
            "config.json has no label_names: the classes are " + taken));
  }

  /** A list, or since timm 1.0.29 an object with numbers as keys, which need not be all. */
  private static List<String> names(JsonObject place, String key, int classes) {
    if (!place.isObject(key)) {
      List<String> names = place.texts(key);
      if (names.size() != classes) {
        throw new CheckpointException(
            place.where(),
            "key '%s' names %d classes, but the classifier has %d"
                .formatted(place.path(key), names.size(), classes));
      }
      return names;
    }
    List<String> names = numbered(classes);
    Set<Integer> named = new HashSet<>();
    place
        .object(key)
        .entries()
        .forEach(
            (number, name) -> {
              int index = number.matches("\\d{1,7}") ? Integer.parseInt(number) : classes;
              if (index >= classes || !named.add(index)) {
                throw new CheckpointException(
                    place.where(),
                    "key '%s' has an entry '%s', expected each class number from 0 to %d once"
                        .formatted(place.path(key), number, classes - 1));
              }
              names.set(index, name);
            });
    return names;
  }

  private static List<String> numbered(int classes) {
    return IntStream.range(0, classes)
        .mapToObj(number -> "class " + number)
        .collect(Collectors.toCollection(ArrayList::new));
  }

  /** Descriptions stand for synsets alone; other names are words already. */
  private static List<String> described(
      List<String> names, Map<String, String> descriptions, Consumer<CheckpointNote> notes) {
    List<String> readable = new ArrayList<>();
    String kept = null;
    for (String name : names) {
      String description = descriptions.get(name);
      boolean synset = SYNSET.matcher(name).matches();
      readable.add(description != null && synset ? description : name);
      kept = kept == null && description != null && !synset ? name : kept;
    }
    if (kept != null) {
      notes.accept(
          new CheckpointNote(
              CheckpointNote.Kind.LABELS,
              "classes are called by label_names ('%s'); label_descriptions ('%s') stand in for ImageNet's numbers alone"
                  .formatted(kept, descriptions.get(kept))));
    }
    return readable;
  }

  private static Map<String, String> descriptions(JsonObject config, JsonObject pretrained) {
    for (JsonObject place : new JsonObject[] {config, pretrained}) {
      if (place.holds(DESCRIPTIONS)) {
        if (!place.isObject(DESCRIPTIONS)) {
          throw place.wrong(DESCRIPTIONS, "an object of descriptions by the names in label_names");
        }
        return place.object(DESCRIPTIONS).entries();
      }
    }
    return Map.of();
  }

  /** The lines of the file that are no comments. */
  private static List<String> imagenet() {
    try (InputStream file = TimmLabels.class.getResourceAsStream("imagenet-1k.txt")) {
      String text = new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8);
      return text.lines().filter(line -> !line.startsWith("#")).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
