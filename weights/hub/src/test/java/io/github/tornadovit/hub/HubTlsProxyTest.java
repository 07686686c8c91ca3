package io.github.tornadovit.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tornadovit.testing.TinyCheckpoint;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A hub that speaks TLS, through tunnels of a proxy, in JVMs of their own: their environment names
 * the proxy and they trust the hub's certificate.
 */
class HubTlsProxyTest {
  private static final String STORE_PASSWORD = "changeit";
  private static final String USER = "drawn:p@ss secret";
  private static final String QUOTED = "drawn:p%40ss%20secret";

  @TempDir private Path folder;
  private final FakeProxy proxy = new FakeProxy();
  private FakeHub server;
  private Path store;

  private record Ran(int exitCode, String output) {}

  @BeforeEach
  void start() throws Exception {
    store = folder.resolve("hub.p12");
    Process keytool =
        new ProcessBuilder(
                java("keytool").toString(),
                "-genkeypair",
                "-keystore",
                store.toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                STORE_PASSWORD,
                "-alias",
                "hub",
                "-keyalg",
                "EC",
                "-dname",
                "CN=" + FakeHub.HOST,
                "-ext",
                "SAN=dns:%s,dns:%s".formatted(FakeHub.HOST, FakeHub.NETWORK))
            .redirectErrorStream(true)
            .start();
    String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(keytool.waitFor()).as(said).isZero();
    server = new FakeHub(tls()).putAll(TinyCheckpoint.vit().write(folder.resolve("checkpoint")));
    proxy.leads(FakeHub.HOST, server.port()).leads(FakeHub.NETWORK, server.networkPort());
  }

  @AfterEach
  void stop() {
    server.close();
    proxy.close();
  }

  private static Path java(String tool) {
    return Path.of(System.getProperty("java.home"), "bin", tool);
  }

  private SSLContext tls() throws Exception {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream input = Files.newInputStream(store)) {
      keys.load(input, STORE_PASSWORD.toCharArray());
    }
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, STORE_PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context;
  }

  private Ran fetch(Map<String, String> environment, String... options)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                java("java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-Djavax.net.ssl.trustStore=" + store,
                "-Djavax.net.ssl.trustStorePassword=" + STORE_PASSWORD));
    command.addAll(List.of(options));
    command.addAll(
        List.of(
            "-cp", System.getProperty("java.class.path"), FetchMain.class.getName(), FakeHub.ID));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.startsWith("HF_") || name.matches("(?i).*_proxy"));
    builder.environment().put("HF_ENDPOINT", server.endpoint().toString());
    builder.environment().put("HF_HUB_CACHE", folder.resolve("cache").toString());
    builder.environment().put("HF_TOKEN", HubTestCase.TOKEN);
    builder.environment().putAll(environment);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    Ran ran = new Ran(process.waitFor(), output);
    assertThat(ran.output()).doesNotContain("secret", HubTestCase.TOKEN);
    return ran;
  }

  private void assertFetched(Ran ran) {
    assertThat(ran.exitCode()).as(ran.output()).isZero();
    assertThat(Path.of(ran.output().strip()).resolve(HubTestCase.WEIGHTS))
        .hasBinaryContent(server.content(HubTestCase.WEIGHTS));
  }

  @Test
  void everyFileComesThroughTunnelsOfAProxyThatWantsAPassword() throws Exception {
    proxy.wants(USER);
    assertFetched(fetch(Map.of("HTTPS_PROXY", proxy.address(QUOTED))));
    assertThat(proxy.requests())
        .contains("CONNECT hub.example:443 HTTP/1.1", "CONNECT network.example:443 HTTP/1.1")
        .allMatch(line -> line.startsWith("CONNECT"));
    // The token goes to the hub, the proxy's password to neither host.
    assertThat(server.requests())
        .map(request -> String.valueOf(request.authorization()))
        .containsOnly("Bearer " + HubTestCase.TOKEN, "null");
  }

  @Test
  void aWrongPasswordIsOneErrorThatDoesNotShowIt() throws Exception {
    proxy.wants(USER);
    Ran ran = fetch(Map.of("https_proxy", proxy.address("drawn:wrong-secret")));
    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.output())
        .contains("the proxy %s (HTTPS_PROXY) wants".formatted(proxy.address("")));
    assertThat(server.requests()).isEmpty();
  }

  @Test
  void javasProxyComesFirst() throws Exception {
    try (FakeProxy other = new FakeProxy()) {
      assertFetched(
          fetch(
              Map.of("HTTPS_PROXY", other.address(QUOTED)),
              "-Dhttps.proxyHost=127.0.0.1",
              "-Dhttps.proxyPort=" + proxy.port()));
      assertThat(other.requests()).isEmpty();
      assertThat(proxy.requests()).isNotEmpty();
    }
  }

  @Test
  void aCertificateThatIsNotTrustedIsSaidSo() throws Exception {
    Ran ran =
        fetch(
            Map.of("HTTPS_PROXY", proxy.address("")),
            "-Djavax.net.ssl.trustStore="
                + Path.of(System.getProperty("java.home"), "lib/security/cacerts"));
    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.output()).contains("add its certificate to the JDK's trust store");
  }
}
