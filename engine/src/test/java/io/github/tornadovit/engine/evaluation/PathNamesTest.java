package io.github.tornadovit.engine.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Names of files in a JVM that was started in the locale C. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "elsewhere names do not depend on the locale")
class PathNamesTest {
  @TempDir private Path folder;

  @Test
  void labelsAndPathsOfACsvAreUtf8InTheLocaleC() throws Exception {
    Path data = Files.createDirectories(folder.resolve("data/Maske üß"));
    Path image = data.resolve("маска +%.jpg");
    Files.copy(Path.of("../weights/demo/images/with_mask/9000003.jpg"), image);
    Path csv = folder.resolve("labels.csv");
    Files.writeString(csv, "data/Maske üß/маска +%.jpg,Maske üß\n");
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            LocaleMain.class.getName(),
            folder.resolve("data").toString(),
            csv.toString());
    builder.environment().put("LC_ALL", "C");
    Process process = builder.redirectErrorStream(true).start();
    List<String> lines =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
            .lines()
            .toList();
    assertThat(process.waitFor()).as(lines.toString()).isZero();
    // M a s k e, a space, u with diaeresis, sharp s; then the size of the picture.
    String expected = "4d 61 73 6b 65 20 fc df " + Files.size(image);
    assertThat(lines).containsExactly("ANSI_X3.4-1968", expected, expected);
  }
}
