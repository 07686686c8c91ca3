package io.github.tornadovit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tornadovit.testing.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A folder as people have it: what every command takes of it, and what it says of the rest. */
class FolderOfImagesTest {
  private static final Path DRAWING = Path.of("../../weights/demo/images/with_mask/9000003.jpg");

  @TempDir private Path data;

  @BeforeEach
  void aFolderAsPeopleHaveIt() throws IOException {
    for (String label : List.of("with_mask", "without_mask")) {
      Path folder = Files.createDirectories(data.resolve(label));
      Files.copy(DRAWING, folder.resolve("wrong.jfif"));
      Files.copy(DRAWING, folder.resolve("new\nline *@.jpg"));
      Files.copy(Golden.path("images/decode/pnm-p6-255.ppm"), folder.resolve("sign.ppm"));
      Files.write(folder.resolve("._9000003.jpg"), new byte[] {0, 5, 22, 7});
      Files.write(folder.resolve("Thumbs.db"), new byte[] {1, 2, 3});
      for (int i = 0; i < 5; i++) {
        Files.writeString(folder.resolve("IMG_" + i + ".HEIC"), "\0\0\0\u0018ftypheic\0\0\0\0");
      }
      Files.createSymbolicLink(folder.resolve("up"), Path.of(".."));
    }
    Files.createDirectories(data.resolve("__MACOSX/with_mask"));
    Files.writeString(data.resolve("__MACOSX/with_mask/a.jpg"), "no picture");
    Files.writeString(data.resolve("README.md"), "Faces.");
    Files.write(data.resolve("a.bin"), new byte[] {1, 2, 3, 4});
    Files.write(data.resolve("b.bin"), new byte[] {4, 3, 2, 1});
  }

  @Test
  void aNameTakesOneLineOfATable() {
    CommandLineRun ran =
        CommandLineRun.of("classify", "--backend", "cpu", data.resolve("with_mask").toString());
    assertThat(ran.out().lines())
        .hasSize(6)
        .anyMatch(line -> line.contains("with_mask/new\\nline *@.jpg  "));
  }

  private void assertTold(CommandLineRun ran) {
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    assertThat(ran.err())
        .containsPattern(
            "skipped 10 files: \\S*IMG_0.HEIC, \\S*IMG_1.HEIC, \\S*IMG_2.HEIC and 7 more:"
                + " a HEIC image; convert it to JPEG or PNG first")
        .containsPattern("skipped 2 files: \\S*with_mask.up, .*: a link to a folder that it is in")
        .containsPattern("skipped 1 file: \\S*README.md: a text file")
        .containsPattern("skipped 2 files: \\S*a.bin, \\S*b.bin: of an unknown format\\R")
        .doesNotContain("Thumbs.db")
        .doesNotContain("._")
        .doesNotContain("__MACOSX");
  }

  @Test
  void classifyEmbedAndAttentionTakeTheSameFiles() {
    String folder = data.toString();
    for (List<String> command :
        List.of(
            List.of("classify", "--format", "json", folder),
            List.of("classify", "--format", "json", folder + "/**"),
            List.of("embed", folder))) {
      CommandLineRun ran = CommandLineRun.of(command.toArray(String[]::new));
      assertTold(ran);
      assertThat(ran.json()).hasSize(6);
      for (JsonNode entry : ran.json()) {
        assertThat(entry.has("error")).isFalse();
      }
    }
    CommandLineRun drawn =
        CommandLineRun.of("attention", "-o", data.resolve("__maps").toString(), folder);
    assertTold(drawn);
    assertThat(drawn.out().lines().filter(line -> line.endsWith(".png"))).hasSize(6);
  }

  @Test
  void evalAndProbesTakeTheSameFiles() {
    CommandLineRun evaluated =
        CommandLineRun.of("eval", "--warm-up", "0", "--format", "json", "--data", data.toString());
    assertTold(evaluated);
    assertThat(evaluated.json().get("images").asInt()).isEqualTo(6);
    String probe = data.resolve("__probe").toString();
    assertTold(
        CommandLineRun.of("probe", "train", "--no-cache", "--data", data.toString(), "-o", probe));
    assertTold(
        CommandLineRun.of(
            "probe", "eval", "--no-cache", "--data", data.toString(), "--probe", probe));
  }

  @Test
  void aFolderWithoutImagesSaysWhatItHoldsInstead() throws IOException {
    Path folder = Files.createDirectory(data.resolve("phone"));
    Path photo = Files.writeString(folder.resolve("IMG.HEIC"), "\0\0\0\u0018ftypheic\0\0\0\0");
    for (String argument : List.of(folder.toString(), folder + "/*")) {
      CommandLineRun ran = CommandLineRun.of("classify", argument);
      assertThat(ran.exitCode()).isEqualTo(1);
      assertThat(ran.err()).contains("no image", photo.toString(), "a HEIC image; convert it");
    }
    CommandLineRun ran = CommandLineRun.of("eval", "--warm-up", "0", "--data", data.toString());
    assertThat(ran.err()).contains("label 'phone' is not one of the classes");
  }

  @Test
  void aFileThatIsNamedIsAlwaysTried() throws IOException {
    Path hidden = Files.copy(DRAWING, data.resolve(".hidden"));
    Path glob = Files.copy(DRAWING, data.resolve("a[1.jpg"));
    CommandLineRun ran =
        CommandLineRun.of("classify", "--format", "json", hidden.toString(), glob.toString());
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    assertThat(ran.json()).hasSize(2);
    CommandLineRun heic =
        CommandLineRun.of("classify", data.resolve("with_mask/IMG_0.HEIC").toString());
    assertThat(heic.exitCode()).isEqualTo(1);
    assertThat(heic.out() + heic.err()).contains("is a HEIC image, expected", "convert it to JPEG");
    CommandLineRun noGlob = CommandLineRun.of("classify", data + "/b[1.jpg");
    assertThat(noGlob.err()).contains("is no file, and no glob");
  }
}
