package io.github.tornadovit.engine.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Labels by folder and by CSV, and every way to get them wrong. */
class LabelledImagesTest {
  private static final List<String> LABELS = List.of("with_mask", "without_mask", "tabby, cat");

  @TempDir private Path folder;

  private void touch(String file) throws IOException {
    Path path = folder.resolve(file);
    Files.createDirectories(path.getParent());
    Files.createFile(path);
  }

  private Path csv(String text) throws IOException {
    return Files.writeString(folder.resolve("labels.csv"), text);
  }

  private List<LabelledImage> read() throws IOException {
    return LabelledImages.read(folder, LABELS).images();
  }

  private AbstractThrowableAssert<?, ? extends Throwable> assertRefused(Path data) {
    return assertThatThrownBy(() -> LabelledImages.read(data, LABELS))
        .isInstanceOf(DataSetException.class)
        .hasMessageStartingWith(data.toString());
  }

  @Test
  void foldersAreNamedByClassOrId() throws IOException {
    touch("without_mask/b.png");
    touch("without_mask/a/deep.JPG");
    touch("without_mask/notes.txt");
    touch("2/cat.webp");
    touch(".cache/thumbnail.png");
    touch("README.md");
    assertThat(read())
        .containsExactly(
            new LabelledImage(folder.resolve("2/cat.webp"), 2),
            new LabelledImage(folder.resolve("without_mask/a/deep.JPG"), 1),
            new LabelledImage(folder.resolve("without_mask/b.png"), 1));
  }

  @Test
  void anUnknownFolderNamesTheLabelsAndTheClosest() throws IOException {
    touch("with_mask/a.png");
    touch("Without-Mask/b.png");
    assertThatThrownBy(this::read)
        .isInstanceOf(DataSetException.class)
        .hasMessage(
            "%s: label 'Without-Mask' is not one of the classes, expected with_mask, without_mask,"
                    .formatted(folder.resolve("Without-Mask"))
                + " tabby, cat, or a class id from 0 to 2; the closest is 'without_mask'");
    for (String notAnId : List.of("3", "-1", "+1", "01", "1.0")) {
      assertThatThrownBy(() -> new LabelIds(LABELS).require(notAnId, "here"))
          .hasMessageStartingWith("here: label '" + notAnId + "' is not one of the classes");
    }
  }

  @Test
  void aNameIsTakenBeforeANumberAndMustBeOfOneClass() {
    LabelIds digits = new LabelIds(List.of("1", "0"));
    assertThat(digits.require("1", "here")).isZero();
    LabelIds cranes = new LabelIds(List.of("crane", "owl", "crane"));
    assertThat(cranes.require("2", "here")).isEqualTo(2);
    assertThatThrownBy(() -> cranes.require("crane", "here"))
        .hasMessageContaining("classes 0 and 2; write the class id");
    assertThatThrownBy(() -> new LabelIds(List.of()).require("crane", "here"))
        .hasMessageContaining("no classes");
  }

  @Test
  void manyLabelsAreNotAllListed() {
    List<String> thousand = IntStream.range(0, 1000).mapToObj(i -> "class " + i).toList();
    assertThatThrownBy(() -> new LabelIds(thousand).require("class x", "here"))
        .message()
        .contains("class 19, … (1000 in all)")
        .hasSizeLessThan(400);
  }

  @Test
  void foldersWithoutImagesAreRefused() throws IOException {
    assertRefused(folder).hasMessageContaining("holds no folder, expected one per label");
    Path empty = Files.createDirectory(folder.resolve("with_mask"));
    assertThatThrownBy(this::read).hasMessageStartingWith(empty + ": holds no image");
    touch("loose.jpg");
    assertRefused(folder).hasMessageContaining("'loose.jpg' lies directly in it");
    assertRefused(folder.resolve("nowhere")).hasMessageContaining("does not exist");
    assertRefused(folder.resolve("loose.jpg")).hasMessageContaining("is neither");
  }

  @Test
  void csvWithAndWithoutHeader() throws IOException {
    String lines = "a.png,with_mask\r\n\r\n\"sub/b,c.png\",\"tabby, cat\"\nd.png, 1 \n";
    List<LabelledImage> expected =
        List.of(
            new LabelledImage(folder.resolve("a.png"), 0),
            new LabelledImage(folder.resolve("sub/b,c.png"), 2),
            new LabelledImage(folder.resolve("d.png"), 1));
    for (String start : List.of("", "path,label\n", "\uFEFFPath,Label\r\n")) {
      assertThat(LabelledImages.read(csv(start + lines), LABELS).images()).isEqualTo(expected);
    }
  }

  @Test
  void csvErrorsNameTheLine() throws IOException {
    assertRefused(csv("a.png,with_mask\nb.png,no_mask\n"))
        .hasMessageContaining(", line 2: label 'no_mask' is not one of the classes");
    assertRefused(csv("a.png\n")).hasMessageContaining(", line 1: has 1 fields separated by");
    assertRefused(csv("a,b,0\n"))
        .hasMessageContaining(", line 1: has 3 fields separated by commas, expected 2");
    assertRefused(csv(" ,0\n")).hasMessageContaining(", line 1: has no path");
    assertRefused(csv("a\0b,0\n")).hasMessageContaining("holds a NUL character");
    Path unmarked = folder.resolve("unmarked.csv");
    Files.write(unmarked, "path,label\na.png,0\n".getBytes(StandardCharsets.UTF_16LE));
    assertRefused(unmarked)
        .hasMessageContaining(
            "if it is UTF-16 without a byte order mark, or UTF-32, save it as UTF-8");
    assertRefused(csv("\"a\"b,0\n")).hasMessageContaining("is no CSV");
    assertRefused(csv("path,label\n")).hasMessageContaining("holds no line of path,label");
    assertRefused(csv("")).hasMessageContaining("holds no line of path,label");
    Path latin = folder.resolve("latin.csv");
    Files.write(latin, "m\u00e4dchen.png,0".getBytes(StandardCharsets.ISO_8859_1));
    assertRefused(latin).hasMessageContaining("is not UTF-8");
  }

  @Test
  void csvAsPeopleHaveThem() throws IOException {
    List<LabelledImage> expected =
        List.of(
            new LabelledImage(folder.resolve("a.png"), 0),
            new LabelledImage(folder.resolve("маска é.png"), 1));
    for (String text :
        List.of(
            "file_name,label\na.png,with_mask\nмаска é.png,without_mask\n",
            "path,label,split\na.png,with_mask,test\nмаска é.png,without_mask,test\n",
            ",Image Path,class,,\n0,a.png,with_mask,,\n1,маска é.png,without_mask,,\n",
            "Unnamed: 0;filename;target\n0;a.png;0.0\n1;маска é.png;1.0\n",
            "label\tid\timage\nwith_mask\t7\ta.png\nwithout_mask\t8\tмаска é.png\n",
            "img|category\na.png | with_mask\nмаска é.png | without_mask\n",
            "a.png;with_mask\nмаска é.png;without_mask",
            "path;label;note\na.png;0;1,5\nмаска é.png;1;2,5\n",
            "a.png\twith_mask\r\nмаска é.png\twithout_mask\r\n")) {
      assertThat(LabelledImages.read(csv(text), LABELS).images()).as(text).isEqualTo(expected);
      for (Charset encoding : List.of(StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE)) {
        Path wide = folder.resolve("wide.tsv");
        Files.write(wide, ("\uFEFF" + text).getBytes(encoding));
        assertThat(LabelledImages.read(wide, LABELS).images()).as(text).isEqualTo(expected);
      }
    }
  }

  @Test
  void csvFromWindowsAndAsMetadataOfTheFolder() throws IOException {
    touch("sub/a.png");
    csv("file_name,label\r\nsub\\a.png,1\r\n");
    Files.move(folder.resolve("labels.csv"), folder.resolve("metadata.csv"));
    assertThat(read()).containsExactly(new LabelledImage(folder.resolve("sub/a.png"), 1));
    assertThat(LabelledImages.labels(folder)).containsExactly("1");
    Files.move(folder.resolve("sub"), folder.resolve("with_mask"));
    Files.writeString(folder.resolve("metadata.csv"), "file_name,text\nwith_mask/a.png,a face\n");
    assertThat(read()).containsExactly(new LabelledImage(folder.resolve("with_mask/a.png"), 0));
  }

  @Test
  void csvErrorsSayWhichColumnsAndSeparatorWereFound() throws IOException {
    assertRefused(csv("photo;label;x\na.png;0;1\n"))
        .hasMessageContaining(
            ", line 1: has the columns 'photo', 'label', 'x', separated by semicolons, and none of"
                + " them is known as that of the paths; expected one of file_name, ");
    assertRefused(csv("path\tfeeling\na.png\tgood\n"))
        .hasMessageContaining("separated by tabs, and none of them is known as that of the labels");
    assertRefused(csv("path,label\na.png,tabby, cat\n"))
        .hasMessageContaining(", line 2: has 3 fields separated by commas, and the header 2");
    assertRefused(csv("path,label\na.png,\n")).hasMessageContaining(", line 2: has no label");
  }

  @Test
  void aFileThatIsFarTooLargeIsRefused() throws IOException {
    Path huge = folder.resolve("huge.csv");
    try (FileChannel file =
        FileChannel.open(huge, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.allocate(1), 1L << 33);
    }
    assertRefused(huge).hasMessageContaining("has more than 134217728 bytes");
  }

  @Test
  void aLimitTakesEveryLabel() {
    List<LabelledImage> images =
        IntStream.range(0, 10).mapToObj(i -> new LabelledImage(Path.of("" + i), i / 5)).toList();
    assertThat(LabelledImages.spaced(images, 4))
        .extracting(image -> image.file().toString())
        .containsExactly("0", "2", "5", "7");
    assertThat(LabelledImages.spaced(images, 10)).isEqualTo(images);
    assertThatThrownBy(() -> LabelledImages.spaced(images, 0)).hasMessageContaining("limit is 0");
  }

  @Test
  void dataMayDefineTheirOwnClasses() throws IOException {
    for (String label : List.of("b", "a", "10", ".hidden")) {
      Files.createDirectories(folder.resolve(label));
    }
    assertThat(LabelledImages.labels(folder)).containsExactly("10", "a", "b");
    Path csv =
        Files.writeString(
            folder.resolve("x.csv"), "path,label\nx.png, dog\ny.png,cat\nz.png,dog\n");
    assertThat(LabelledImages.labels(csv)).containsExactly("cat", "dog");
    Files.writeString(csv, "x.png\n");
    assertThatThrownBy(() -> LabelledImages.labels(csv))
        .isInstanceOf(DataSetException.class)
        .hasMessageContaining(", line 1: has 1 fields separated by commas, expected 2");
  }
}
