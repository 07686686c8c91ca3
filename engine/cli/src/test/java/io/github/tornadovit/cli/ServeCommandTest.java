package io.github.tornadovit.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The command, as a process: it says where it serves, and ends by itself when it is told to. */
@Timeout(120)
class ServeCommandTest {
  private static final Path IMAGE = Path.of("../../weights/demo/images/with_mask/9000003.jpg");

  @TempDir private Path folder;

  private static String wrong(String... arguments) {
    CommandLineRun run = CommandLineRun.of(arguments);
    assertThat(run.exitCode()).isNotZero();
    assertThat(run.out()).isEmpty();
    return run.err();
  }

  @Test
  void wrongUsageIsRefusedBeforeAnythingStarts() throws Exception {
    assertThat(wrong("serve", "--port", "65536")).contains("--port is 65536, expected 0 to 65535");
    assertThat(wrong("serve", "--timeout", "0")).contains("--timeout is 0");
    assertThat(wrong("serve", "--timeout", "86401")).contains("expected 1 to 86400, a day");
    assertThat(wrong("serve", "--max-delay", "86400001")).contains("expected 0 to 86400000, a day");
    assertThat(wrong("serve", "--name", " ")).contains("--name is ' ', expected a name");
    assertThat(wrong("serve", "--api-key-env", "A", "--api-key-file", "B")).contains("one of them");
    assertThat(wrong("serve", "--api-key-env", "TORNADO_VIT_NO_SUCH_VARIABLE"))
        .contains("TORNADO_VIT_NO_SUCH_VARIABLE, which should hold the API key, is not set");
    Path key = Files.writeString(folder.resolve("key"), "a secret\n");
    assertThat(wrong("serve", "--api-key-file", key.toString()))
        .contains("has 8 characters, expected 16 or more")
        .doesNotContain("a secret");
    assertThat(wrong("serve", "--api-key-file", folder.toString()))
        .contains(folder + " is a folder, expected a file with the API key");
    Path blank = Files.writeString(folder.resolve("blank"), " \n");
    assertThat(wrong("serve", "--api-key-file", blank.toString()))
        .contains("there is no API key in " + blank);
    assertThat(wrong("serve", "--host", "no.such.host.invalid")).contains("there is no such host");
    assertThat(wrong("serve", "--host", "192.0.2.1"))
        .contains("cannot listen on 192.0.2.1", "an address of this machine");
    assertThat(wrong("serve", "--port", "0", "--model", folder.toString()))
        .contains("no config.json");
    try (ServerSocket taken = new ServerSocket(0)) {
      String port = Integer.toString(taken.getLocalPort());
      assertThat(wrong("serve", "--host", "0.0.0.0", "--port", port))
          .contains("cannot listen on 0.0.0.0, port " + port);
    }
  }

  private Process start(Path errors, String... options) throws IOException {
    assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "SIGTERM is known where there is a shell");
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "serve",
                "--backend=cpu"));
    command.addAll(List.of(options));
    return new ProcessBuilder(command).redirectError(errors.toFile()).start();
  }

  @Test
  void answersAndEndsOnSigterm() throws Exception {
    Path key = Files.writeString(folder.resolve("key"), "0123456789abcdef\n");
    Path errors = folder.resolve("errors");
    Process process = start(errors, "--port=0", "--api-key-file=" + key);
    try (var lines = process.inputReader();
        HttpClient client = HttpClient.newHttpClient()) {
      String line = lines.readLine();
      assertThat(line).as(Files.readString(errors)).isNotNull();
      Matcher address =
          Pattern.compile("serving demo on (http://127\\.0\\.0\\.1:\\d+)").matcher(line);
      assertThat(address.matches()).as(line).isTrue();
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create(address.group(1) + "/classify"))
              .POST(BodyPublishers.ofFile(IMAGE));
      assertThat(client.send(request.build(), BodyHandlers.ofString()).statusCode()).isEqualTo(401);
      String answer =
          client
              .send(
                  request.header("Authorization", "Bearer 0123456789abcdef").build(),
                  BodyHandlers.ofString())
              .body();
      assertThat(answer).contains("\"with_mask\"");
      process.toHandle().destroy(); // SIGTERM; the process itself would close the streams.
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(lines.readLine()).isNull();
      assertThat(Files.readString(errors)).contains("stopping", "stopped");
      assertThat(process.exitValue()).as("128 + SIGTERM, as a shell counts").isEqualTo(143);
    } finally {
      process.destroyForcibly();
    }
  }

  /** Its many batches to warm up with would take a minute. */
  @Test
  void endsAtOnceWhileItLoads() throws Exception {
    Path errors = folder.resolve("errors");
    Process process = start(errors, "--port=0", "--batch=1024");
    try (var lines = process.inputReader()) {
      while (process.isAlive() && !Files.readString(errors).contains("device: ")) {
        Thread.sleep(10);
      }
      process.toHandle().destroy();
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(lines.readLine()).isNull();
      assertThat(Files.readString(errors)).doesNotContain("stopping");
      assertThat(process.exitValue()).isEqualTo(143);
    } finally {
      process.destroyForcibly();
    }
  }
}
