package io.github.tornadovit.hub;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Downloads of other JVMs: killed midway, and two at once. */
class SeveralProcessesTest extends HubTestCase {
  private static final String NATIVE = "--enable-native-access=ALL-UNNAMED";

  /** A JVM that fetches the model; with flock if it may call native code. */
  private Process start(boolean nativeAccess) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:TieredStopAtLevel=1");
    if (nativeAccess) {
      command.add(NATIVE);
    }
    command.addAll(
        List.of(
            "-cp", System.getProperty("java.class.path"), FetchMain.class.getName(), FakeHub.ID));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("HF_ENDPOINT", server.endpoint().toString());
    builder.environment().put("HF_HUB_CACHE", cache.toString());
    builder.environment().put("NO_PROXY", "*");
    builder.environment().keySet().removeAll(List.of("HF_TOKEN", "HF_HUB_OFFLINE"));
    return builder.start();
  }

  private static String output(Process process) throws IOException, InterruptedException {
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output.strip();
  }

  @Test
  void aKilledDownloadGoesOnWhereItEnded() throws IOException, InterruptedException {
    server.next("GET", WEIGHTS, server.stallAfter(WEIGHTS, 100));
    Process killed = start(true);
    while (killed.isAlive() && partial(WEIGHTS).toFile().length() < 100) {
      Thread.sleep(10);
    }
    assertThat(partial(WEIGHTS)).hasSize(100);
    killed.destroyForcibly().waitFor();
    server.forgetRequests();
    assertIsCheckpoint(fetch());
    assertThat(server.requests()).map(FakeHub.Request::range).contains("bytes=100-");
  }

  @Test
  void anEndedDownloadOfShardsGoesOnInEach() throws IOException, InterruptedException {
    server.remove(WEIGHTS);
    server.put(
        "model.safetensors.index.json",
        "{\"weight_map\": {\"a\": \"1.safetensors\", \"b\": \"2.safetensors\"}}"
            .getBytes(StandardCharsets.UTF_8),
        false);
    for (String shard : List.of("1.safetensors", "2.safetensors")) {
      server.put(shard, shard.repeat(100).getBytes(StandardCharsets.UTF_8), true);
      server.next("GET", shard, server.stallAfter(shard, 100));
    }
    Process ended = start(true);
    while (ended.isAlive()
        && (partial("1.safetensors").toFile().length() < 100
            || partial("2.safetensors").toFile().length() < 100)) {
      Thread.sleep(10);
    }
    ended.destroy(); // SIGTERM: as Ctrl-C, the JVM's hooks run.
    ended.waitFor();
    assertThat(partial("1.safetensors")).hasSize(100);
    assertThat(partial("2.safetensors")).hasSize(100);
    server.forgetRequests();
    Path snapshot = fetch();
    for (String shard : List.of("1.safetensors", "2.safetensors")) {
      assertThat(snapshot.resolve(shard)).hasBinaryContent(server.content(shard));
    }
    assertThat(server.requests())
        .filteredOn(request -> "bytes=100-".equals(request.range()))
        .hasSize(2);
  }

  @ParameterizedTest(name = "flock in the first {0}, in the second {1}: {2} download it")
  @CsvSource({"true, true, 1", "false, false, 1", "true, false, 2"})
  void twoAtOnceDoNotHarmEachOther(boolean first, boolean second, int downloads)
      throws IOException, InterruptedException {
    byte[] content = server.content(WEIGHTS);
    HttpHandler whenBothAreHere =
        exchange -> {
          while (server.requests("HEAD").stream().filter(WEIGHTS::equals).count() < 2
              || server.requests("GET").stream().filter(WEIGHTS::equals).count() < downloads) {
            FakeHub.pause();
          }
          FakeHub.send(exchange, content);
        };
    server.next("GET", WEIGHTS, whenBothAreHere, whenBothAreHere);
    Process one = start(first);
    Process other = start(second);
    Path snapshot = modelFolder().resolve("snapshots").resolve(FakeHub.COMMIT);
    assertThat(output(one)).isEqualTo(snapshot.toString());
    assertThat(output(other)).isEqualTo(snapshot.toString());
    assertIsCheckpoint(snapshot);
    assertThat(server.requests("GET")).filteredOn(WEIGHTS::equals).hasSize(downloads);
    try (var blobs = Files.list(modelFolder().resolve("blobs"))) {
      assertThat(blobs).hasSize(3);
    }
  }
}
