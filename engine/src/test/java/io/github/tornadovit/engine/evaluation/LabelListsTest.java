package io.github.tornadovit.engine.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lists of labels that name their columns in no known way, or are JSON Lines. */
class LabelListsTest {
  private static final List<String> LABELS = List.of("with_mask", "without_mask");

  @TempDir private Path folder;

  @BeforeEach
  void images() throws IOException {
    Files.createFile(folder.resolve("a.png"));
    Files.createFile(folder.resolve("b"));
  }

  private List<LabelledImage> expected() {
    return List.of(
        new LabelledImage(folder.resolve("a.png"), 0), new LabelledImage(folder.resolve("b"), 1));
  }

  private Path list(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private static AbstractThrowableAssert<?, ? extends Throwable> assertRefused(Path data) {
    return assertThatThrownBy(() -> LabelledImages.read(data, LABELS))
        .isInstanceOf(DataSetException.class)
        .hasMessageStartingWith(data.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sep=;\r\nfile_name;label\r\na.png;with_mask\r\nb;without_mask\r\n",
        "SEP=;\na.png;with_mask\nb;without_mask\n",
        "\"sep=,\"\na.png,0\nb,1\n",
        "sep=\t\npath\tlabel\na.png\t0\nb\t1\n",
        "sep=^\nlabel^path\n0^a.png\n1^b\n",
        "sep=\npath,label\na.png,0\nb,1\n",
        "bild,klasse\na.png,with_mask\nb,without_mask\n",
        "bild;klasse\na.png;0\nb;1\n",
        "label,path\n0,a.png\n1,b\n",
      })
  void separatorsThatAreToldAndHeadersThatTheDataTell(String text) throws IOException {
    Path csv = list("labels.csv", text);
    assertThat(LabelledImages.read(csv, LABELS).images()).isEqualTo(expected());
    assertThat(LabelledImages.labels(csv)).hasSize(2).doesNotContain("klasse", "label");
  }

  @Test
  void aToldSeparatorDoesNotMoveTheLines() throws IOException {
    assertRefused(list("labels.csv", "sep=;\npath;label\na.png;no_mask\n"))
        .hasMessageContaining(", line 3: label 'no_mask' is not");
    assertRefused(list("labels.csv", "sep=^\na.png,0\n"))
        .hasMessageContaining(", line 2: has 1 fields separated by '^', expected 2");
    assertRefused(list("labels.csv", "sep=\"\na.png,0\n"))
        .hasMessageContaining(", line 1: says sep=\"");
  }

  /** An image that is missing is missing, and no header. */
  @Test
  void aFirstLineThatMayBeAnImageIsNoHeader() throws IOException {
    for (String first : List.of("gone.png,without_mask", "gone,with_mask")) {
      Path csv = list("labels.csv", first + "\na.png,with_mask\n");
      assertThat(LabelledImages.read(csv, LABELS).images()).as(first).hasSize(2);
    }
  }

  @Test
  void columnsInTheOtherOrderAreNamed() throws IOException {
    assertRefused(list("labels.csv", "with_mask,a.png\nwithout_mask,b\n"))
        .hasMessageContaining(
            ", line 1: 'a.png' is a file and 'with_mask' before it is none; expected the path first")
        .hasMessageContaining("or a header that names the columns: one of file_name, ");
    assertRefused(list("labels.csv", "klasse,bild\nwith_mask,a.png\nwithout_mask,b\n"))
        .hasMessageContaining(", line 1: has the columns 'klasse', 'bild', separated by commas");
    assertRefused(list("labels.csv", "nr,bild,klasse\n1,a.png,with_mask\n"))
        .hasMessageContaining("has 3 fields separated by commas, expected 2, path and label, or")
        .hasMessageEndingWith("; the fields are 'nr', 'bild', 'klasse'")
        .message()
        .containsOnlyOnce("expected");
  }

  @Test
  void whatAFileSaysMovesNoCursor() throws IOException {
    assertRefused(list("labels.csv", "a.png,\"\u001b[2Jwith\nmask\u202e\"\n"))
        .hasMessageContaining("label '\\u001b[2Jwith\\nmask\\u202e' is not one of the classes");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"file_name\": \"a.png\", \"label\": 0}\n\n{\"label\": 1, \"file_name\": \"b\"}\n",
        "{\"image\":\"a.png\",\"score\":NaN,\"text\":[],\"class\":\"with_mask\"}\r\n"
            + "{\"image\":\"b\",\"class\":1.0}",
      })
  void jsonLinesAsOfTheHub(String text) throws IOException {
    Path file = list("metadata.jsonl", text);
    assertThat(LabelledImages.read(folder, LABELS).images()).isEqualTo(expected());
    assertThat(LabelledImages.read(file, LABELS).images()).isEqualTo(expected());
    Files.write(file, ("\uFEFF" + text).getBytes(StandardCharsets.UTF_16LE));
    assertThat(LabelledImages.labels(file)).hasSize(2);
  }

  @Test
  void aQuoteThatIsNotClosedIsNamed() throws IOException {
    assertRefused(list("labels.csv", "path,label\na.png,\"with_mask\nb,without_mask\nc,1\n"))
        .hasMessageContaining("is not one of the classes");
    assertRefused(list("labels.csv", "path,label\n\"a.png,with_mask\nb,without_mask\nc,1\n"))
        .hasMessageContaining(", line 2: has a field of several lines")
        .hasMessageContaining("is a quote not closed?");
  }

  @Test
  void ndjsonIsJsonLines() throws IOException {
    Path file = list("labels.ndjson", "{\"file_name\": \"a.png\", \"label\": 0}\n");
    assertThat(LabelledImages.read(file, LABELS).images()).hasSize(1);
  }

  @Test
  void jsonLinesWithoutLabelsLeaveThemToTheFolders() throws IOException {
    list("metadata.jsonl", "{\"file_name\": \"with_mask/a.png\", \"text\": \"a face\"}\n");
    assertRefused(folder).hasMessageContaining("lies directly in it, expected a folder per label");
    Files.createDirectory(folder.resolve("with_mask"));
    Files.move(folder.resolve("a.png"), folder.resolve("with_mask/a.png"));
    assertThat(LabelledImages.read(folder, LABELS).images())
        .containsExactly(new LabelledImage(folder.resolve("with_mask/a.png"), 0));
  }

  @Test
  void jsonLinesThatAreWrongAreNamedByTheirLine() throws IOException {
    String good = "{\"file_name\": \"a.png\", \"label\": 0}\n\n";
    for (String bad : List.of("{\"file_name\": \"b\",", "nonsense")) {
      assertRefused(list("x.jsonl", good + bad))
          .hasMessageContaining(", line 3: is no JSON: ")
          .hasMessageContaining("; expected an object, {\"file_name\": ");
    }
    assertRefused(list("x.jsonl", good + "{} {}"))
        .hasMessageContaining(", line 3: holds more than one value, expected an object");
    assertRefused(list("x.jsonl", good + "[1]"))
        .hasMessageContaining(", line 3: is '[1]', expected");
    assertRefused(list("x.jsonl", good + "{\"label\": 1}"))
        .hasMessageContaining(", line 3: has no path");
    assertRefused(list("x.jsonl", good + "{\"file_name\": \"b\", \"label\": null}"))
        .hasMessageContaining(", line 3: has no label");
    assertRefused(list("x.jsonl", good + "{\"file_name\": \"b\", \"label\": [1]}"))
        .hasMessageContaining(", line 3: has for 'label' [1], expected a text or a number");
    assertRefused(list("x.jsonl", "{\"foto\": \"b\", \"label\": 1}"))
        .hasMessageContaining(", line 1: has the keys 'foto', 'label'; expected one of file_name");
    assertRefused(list("x.jsonl", "\n")).hasMessageContaining("holds no line");
  }
}
