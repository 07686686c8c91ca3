package io.github.tornadovit.weights.configfile;

import io.github.tornadovit.base.CheckpointException;
import io.github.tornadovit.weights.config.CheckpointNote;
import io.github.tornadovit.weights.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Class names as timm keeps them: {@code label_names}, a list, and {@code label_descriptions} by
 * name, in {@code config.json} or its {@code pretrained_cfg}.
 *
 * <p>Without them, a classifier of 1000 classes is taken for one of ImageNet-1k, as timm takes it;
 * the classes of others are called by their number.
 */
public final class TimmLabels {
  private static final int IMAGENET_CLASSES = 1000;
  private static final String NAMES = "label_names";
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
          return described(place, key, descriptions(config, pretrained), classes);
        }
      }
    }
    if (classes == IMAGENET_CLASSES) {
      note(notes, "taken for ImageNet-1k's, in its order, as timm takes them");
      return imagenet();
    }
    note(notes, "called by their number");
    return IntStream.range(0, classes).mapToObj(number -> "class " + number).toList();
  }

  private static void note(Consumer<CheckpointNote> notes, String taken) {
    notes.accept(
        new CheckpointNote(
            CheckpointNote.Kind.LABELS,
            "config.json has no label_names: the classes are " + taken));
  }

  private static List<String> described(
      JsonObject place, String key, Map<String, String> descriptions, int classes) {
    List<String> names = place.texts(key);
    if (names.size() != classes) {
      throw new CheckpointException(
          place.where(),
          "key '%s' names %d classes, but the classifier has %d"
              .formatted(key, names.size(), classes));
    }
    return names.stream().map(name -> readable(name, descriptions.get(name))).toList();
  }

  private static String readable(String name, @Nullable String description) {
    return description != null && SYNSET.matcher(name).matches() ? description : name;
  }

  private static Map<String, String> descriptions(JsonObject config, JsonObject pretrained) {
    for (JsonObject place : new JsonObject[] {config, pretrained}) {
      if (place.isObject(DESCRIPTIONS)) {
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
