package io.github.tornadovit.weights.configfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.tornadovit.base.CheckpointException;
import io.github.tornadovit.weights.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimmLabelsTest {
  private final List<String> notes = new ArrayList<>();

  private List<String> read(String config, String pretrained, int classes) {
    return TimmLabels.read(
        json(config), json(pretrained), classes, note -> notes.add(note.kind() + ": " + note));
  }

  private static JsonObject json(String text) {
    return JsonObject.parse(text.getBytes(StandardCharsets.UTF_8), "m/config.json");
  }

  @Test
  void readsNamesWhereverTheyAre() {
    String names = "{\"label_names\":[\"cat\",\"dog\"]}";
    assertThat(read(names, "{}", 2)).containsExactly("cat", "dog");
    assertThat(read("{}", names, 2)).containsExactly("cat", "dog");
    assertThat(read(names, "{\"label_names\":[\"a\",\"b\"]}", 2)).containsExactly("cat", "dog");
    assertThat(read("{\"label_names\":null}", "{\"labels\":[\"a\",\"b\"]}", 2))
        .containsExactly("a", "b");
    assertThat(notes).isEmpty();
  }

  @Test
  void callsSynsetsByTheirDescriptions() {
    String config =
        """
        {"label_names":["n01440764","n01443537","cat"],
         "label_descriptions":{"n01440764":"tench","cat":"a small beast"}}""";
    assertThat(read(config, "{}", 3)).containsExactly("tench", "n01443537", "cat");
    assertThat(notes)
        .singleElement()
        .asString()
        .contains("label_names ('cat')", "label_descriptions ('a small beast')");
  }

  @Test
  void refusesDescriptionsWithoutNames() {
    String list = "{\"label_names\":[\"cat\"],\"label_descriptions\":[\"a small beast\"]}";
    assertThatExceptionOfType(CheckpointException.class)
        .isThrownBy(() -> read(list, "{}", 1))
        .withMessageContaining("'label_descriptions' is [a small beast], expected an object");
  }

  @Test
  void readsNamesByNumber() {
    assertThat(read("{\"label_names\":{\"2\":\"cat\",\"0\":\"dog\"}}", "{}", 3))
        .containsExactly("dog", "class 1", "cat");
    for (String number : new String[] {"3", "x", "-1", ""}) {
      String names = "{\"label_names\":{\"%s\":\"cat\"}}".formatted(number);
      assertThatExceptionOfType(CheckpointException.class)
          .isThrownBy(() -> read(names, "{}", 3))
          .withMessageContaining(
              "'label_names' has an entry '%s', expected each class number from 0 to 2 once"
                  .formatted(number));
    }
  }

  @Test
  void takesAThousandForImagenet() {
    List<String> names = read("{}", "{}", 1000);
    assertThat(names).hasSize(1000).startsWith("tench, Tinca tinca").doesNotContain("");
    assertThat(names.get(281)).isEqualTo("tabby, tabby cat");
    assertThat(names).last().isEqualTo("toilet tissue, toilet paper, bathroom tissue");
    assertThat(notes)
        .singleElement()
        .asString()
        .startsWith("LABELS: config.json has no")
        .contains("ImageNet-1k");
  }

  @Test
  void callsOthersByNumber() {
    assertThat(read("{}", "{}", 3)).containsExactly("class 0", "class 1", "class 2");
    assertThat(notes).singleElement().asString().contains("called by their number");
  }

  @Test
  void refusesNamesOfAnotherClassifier() {
    assertThatExceptionOfType(CheckpointException.class)
        .isThrownBy(() -> read("{\"label_names\":[\"cat\"]}", "{}", 2))
        .withMessage("m/config.json: key 'label_names' names 1 classes, but the classifier has 2");
    assertThatExceptionOfType(CheckpointException.class)
        .isThrownBy(() -> read("{\"label_names\":[1]}", "{}", 1))
        .withMessageContaining("'label_names' is [1], expected a list of strings");
  }
}
