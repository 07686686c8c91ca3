package io.github.tornadovit.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a command whose output nobody takes. */
class StandardOutputTest {
  private static final String IMAGE = "../../weights/demo/images/with_mask/9000003.jpg";

  @TempDir private Path folder;

  private record Ran(int exitCode, String err) {}

  /** Runs the program in a JVM of its own, with its output where a shell puts it. */
  private Ran shell(String arguments, String output) throws IOException, InterruptedException {
    assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "there is no /bin/sh");
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String classPath =
        System.getProperty("java.class.path")
            + File.pathSeparator
            + System.getProperty("jdk.module.path", "");
    File err = folder.resolve("err").toFile();
    ProcessBuilder builder =
        new ProcessBuilder(
            "/bin/sh",
            "-c",
            "{ '%s' -XX:TieredStopAtLevel=1 -cp '%s' %s %s; echo $? > '%s'; } %s"
                .formatted(
                    java,
                    classPath,
                    Main.class.getName(),
                    arguments,
                    folder.resolve("code"),
                    output));
    Process process = builder.redirectError(err).start();
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).as("ended").isTrue();
    return new Ran(
        Integer.parseInt(Files.readString(folder.resolve("code")).strip()),
        Files.readString(err.toPath()));
  }

  @Test
  void aReaderThatHasGoneEndsTheCommandQuietly() throws Exception {
    String images = (IMAGE + " ").repeat(200);
    Ran ran = shell("classify --backend cpu --batch 1 --format json " + images, "| head -n 1");
    assertThat(ran.exitCode()).as(ran.err()).isEqualTo(StandardOutput.PIPE_CLOSED);
    assertThat(ran.err()).doesNotContain("standard output", "Exception");
    Ran help = shell("classify --help", "| true");
    assertThat(help.exitCode()).as(help.err()).isIn(0, StandardOutput.PIPE_CLOSED);
    assertThat(help.err()).doesNotContain("standard output", "Exception");
  }

  @Test
  void aFullDiskIsSaid() throws Exception {
    assumeTrue(Files.exists(Path.of("/dev/full")), "there is no /dev/full");
    for (String arguments :
        new String[] {"classify --format csv " + IMAGE, "embed --format npy " + IMAGE, "--help"}) {
      Ran ran = shell(arguments, "> /dev/full");
      assertThat(ran.exitCode()).as(arguments + ran.err()).isEqualTo(1);
      assertThat(ran.err()).doesNotContain("Exception");
      assertThat(ran.err()).contains("standard output cannot be written; what is there is not");
    }
  }
}
