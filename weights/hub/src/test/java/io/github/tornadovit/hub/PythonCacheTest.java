package io.github.tornadovit.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * One cache for Java and Python: what huggingface_hub downloaded is used, what we downloaded it
 * uses, and a lock of one holds the other up.
 */
class PythonCacheTest extends HubTestCase {
  private static final String PYTHON = System.getProperty("tornadovit.python", "python3");
  private static final String[] FILES = {CONFIG, "preprocessor_config.json", WEIGHTS};

  @BeforeEach
  void requirePython() throws IOException, InterruptedException {
    assumeTrue(
        hasLibrary(),
        "%s has no huggingface_hub 1.x; -Dtornadovit.python=PATH names a Python that has"
            .formatted(PYTHON));
  }

  private static boolean hasLibrary() throws InterruptedException {
    try {
      return new ProcessBuilder(
                  PYTHON,
                  "-c",
                  "import huggingface_hub as h; assert h.__version__.startswith('1.')")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException noPython) {
      return false;
    }
  }

  private Process start(Map<String, String> environment, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(PYTHON, "src/test/python/hub_cache.py"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(folder.resolve("err").toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("HF_"));
    builder.environment().put("HF_ENDPOINT", server.endpoint().toString());
    builder.environment().put("HF_HUB_CACHE", cache.toString());
    builder.environment().put("HF_HOME", folder.resolve("home").toString());
    builder.environment().put("NO_PROXY", "127.0.0.1,localhost");
    builder.environment().putAll(environment);
    return builder.start();
  }

  private List<String> python(Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    Process process = start(environment, arguments);
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(Files.readString(folder.resolve("err"))).isZero();
    return output.lines().toList();
  }

  private List<String> download(Map<String, String> environment, String... files)
      throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>(List.of("download", FakeHub.ID, "main"));
    arguments.addAll(List.of(files));
    return python(environment, arguments.toArray(String[]::new));
  }

  @Test
  void whatPythonDownloadedIsUsedWithoutARequestForAFile() throws Exception {
    assertThat(download(Map.of(), FILES)).allMatch(path -> path.contains(FakeHub.COMMIT));
    server.forgetRequests();
    assertIsCheckpoint(hub(settings().withOffline(true)).fetch(HubModel.of(FakeHub.ID)));
    assertThat(server.requests()).isEmpty();
    assertIsCheckpoint(fetch());
    assertThat(server.requests("GET")).isEmpty();
    // Python did not ask for this one, so that it is not known to be missing.
    assertThat(server.requests("HEAD")).containsExactly(CONFIG, "processor_config.json");
  }

  @Test
  void whatPythonFoundMissingIsNotAskedForAgain() throws Exception {
    assertThat(download(Map.of(), CONFIG, "processor_config.json")).last().isEqualTo("absent");
    download(Map.of(), FILES);
    server.forgetRequests();
    assertIsCheckpoint(fetch(FakeHub.ID + "@" + FakeHub.COMMIT));
    assertThat(server.requests()).isEmpty();
  }

  @Test
  void whatWeDownloadedPythonUsesWithoutARequestForAFile() throws Exception {
    Path snapshot = fetch();
    server.forgetRequests();
    List<String> offline = download(Map.of("HF_HUB_OFFLINE", "1"), FILES);
    assertThat(server.requests("HEAD")).isEmpty();
    List<String> online = download(Map.of(), FILES);
    assertThat(server.requests("GET")).doesNotContain(FILES);
    assertThat(server.requests("HEAD")).containsExactly(FILES);
    for (int i = 0; i < FILES.length; i++) {
      assertThat(offline.get(i)).isEqualTo(snapshot.resolve(FILES[i]).toString());
      assertThat(online.get(i)).isEqualTo(offline.get(i));
      assertThat(Path.of(offline.get(i))).hasBinaryContent(server.content(FILES[i]));
    }
  }

  @Test
  void pythonFindsNothingAmissInOurCache() throws Exception {
    fetch();
    assertThat(String.join("", python(Map.of(), "scan")))
        .isEqualTo(
            "{\"warnings\": [], \"models\": {\"drawn/faces\": {\"%s\": {\"refs\": [\"main\"],"
                    .formatted(FakeHub.COMMIT)
                + " \"files\": [\"config.json\", \"model.safetensors\","
                + " \"preprocessor_config.json\"]}}}}");
  }

  @Test
  void withoutLinksTooTheCacheIsShared() throws Exception {
    Map<String, String> withoutLinks = Map.of("HF_HUB_DISABLE_SYMLINKS", "1");
    download(withoutLinks, FILES);
    server.forgetRequests();
    assertIsCheckpoint(fetch());
    assertThat(server.requests("GET")).isEmpty();
    cache = folder.resolve("other");
    hub(settings().withSymlinks(false)).fetch(HubModel.of(FakeHub.ID));
    server.forgetRequests();
    assertThat(download(withoutLinks, FILES)).allMatch(path -> path.startsWith(cache.toString()));
    assertThat(server.requests("GET")).doesNotContain(FILES);
  }

  @Test
  void pythonAsksThroughTheSameProxy() throws Exception {
    try (FakeProxy proxy = new FakeProxy().wants("drawn:p@ss word")) {
      Map<String, String> variables =
          Map.of("HTTP_PROXY", proxy.address("drawn:p%40ss%20word"), "NO_PROXY", "localhost");
      assertThat(download(variables, FILES)).hasSize(FILES.length);
      List<String> pythons = proxy.requests();
      cache = folder.resolve("other");
      hub(settings().withProxies(ProxySettings.of(variables))).fetch(HubModel.of(FakeHub.ID));
      List<String> ours = proxy.requests().subList(pythons.size(), proxy.requests().size());
      for (List<String> lines : List.of(pythons, ours)) {
        assertThat(lines)
            .anyMatch(line -> line.startsWith("GET " + server.endpoint()) && line.contains(CONFIG))
            .noneMatch(line -> line.contains("localhost"));
      }
    }
  }

  @Test
  void hostsWithoutAProxyAreThoseOfPython() throws Exception {
    String lists =
        "example.com|.example.com|EXAMPLE.com ,localhost|example.com:8080|127.0.0.1,::1"
            + "|127.0.0.1:8080|http://example.com|a,*|,|https://";
    List<String> addresses =
        List.of(
            "https://example.com",
            "https://cdn.example.com",
            "https://wwwexample.com",
            "http://example.com:8080",
            "http://127.0.0.1:8080",
            "http://localhost",
            "http://[::1]:8080");
    List<String> ours = new ArrayList<>();
    for (String none : lists.split("\\|", -1)) {
      ProxySettings proxies = new ProxySettings("http://proxy:1", "http://proxy:2", null, none);
      addresses.forEach(
          address -> ours.add(proxies.of(URI.create(address)) == null ? "direct" : "proxy"));
    }
    List<String> arguments = new ArrayList<>(List.of("proxied", lists));
    arguments.addAll(addresses);
    assertThat(
            python(
                Map.of("HTTP_PROXY", "http://proxy:1", "https_proxy", "http://proxy:2"),
                arguments.toArray(String[]::new)))
        .isEqualTo(ours)
        .contains("direct", "proxy");
  }

  private Path lockFile() throws IOException {
    Path lock = cache.resolve(".locks/models--drawn--faces/" + server.etag(WEIGHTS) + ".lock");
    Files.createDirectories(lock.getParent());
    return lock;
  }

  @Test
  void aLockOfPythonHoldsUsUp() throws Exception {
    Process python = start(Map.of(), "hold", lockFile().toString());
    assertThat(python.inputReader().readLine()).isEqualTo("locked");
    CompletableFuture<Path> fetching = CompletableFuture.supplyAsync(this::fetch);
    while (notices.isEmpty() && !fetching.isDone()) {
      Thread.sleep(10);
    }
    assertThat(notices).singleElement().asString().contains("waiting for another process");
    assertThat(fetching).isNotDone();
    python.outputWriter().close();
    assertIsCheckpoint(fetching.get());
    assertThat(python.waitFor()).isZero();
  }

  @Test
  void aLockOfOursHoldsPythonUp() throws Exception {
    String lock = lockFile().toString();
    try (CacheLock _ = CacheLock.acquire(Path.of(lock), () -> {})) {
      assertThat(python(Map.of(), "try", lock)).containsExactly("held");
    }
    assertThat(python(Map.of(), "try", lock)).containsExactly("free");
  }
}
