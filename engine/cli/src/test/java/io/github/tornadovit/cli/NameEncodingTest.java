package io.github.tornadovit.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.tornadovit.base.file.NameEncoding;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** A JVM of one's own, or of a system without any locale of UTF-8, that runs in the locale C. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "elsewhere names do not depend on the locale")
class NameEncodingTest {
  private static String inLocaleC(String... arguments) throws Exception {
    String classPath = System.getProperty("java.class.path");
    assumeTrue(
        StandardCharsets.US_ASCII.newEncoder().canEncode(classPath),
        "a JVM in the locale C cannot read this class path");
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                classPath,
                Main.class.getName()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("LC_ALL", "C");
    Process process = builder.redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return said;
  }

  @Test
  void argumentsThatCannotBeReadAreExplained() throws Exception {
    assumeTrue(NameEncoding.isUtf8(), "this JVM cannot write the argument");
    assertThat(inLocaleC("inspect", "--model", "missing/маска"))
        .contains(
            "letters beyond ANSI_X3.4-1968 in arguments cannot be read: start Java in a locale")
        .contains("LC_ALL=C.UTF-8");
    assertThat(inLocaleC("inspect", "--model", "missing")).doesNotContain("cannot be read");
  }

  @Test
  void doctorWarns() throws Exception {
    assertThat(inLocaleC("doctor", "--no-self-test"))
        .containsPattern(
            "warning encodings +names of files ANSI_X3.4-1968, content [^;]+; locale LC_ALL=C: names"
                + " beyond ANSI_X3.4-1968 cannot be read\n +-> start Java in a locale of UTF-8");
  }
}
