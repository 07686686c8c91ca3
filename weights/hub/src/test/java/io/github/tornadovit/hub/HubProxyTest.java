package io.github.tornadovit.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tornadovit.hub.HubException.Reason;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Downloads through a proxy of the environment, and each way in which it does not let them. */
class HubProxyTest extends HubTestCase {
  private static final String USER = "drawn:p@ss secret";
  private static final String QUOTED = "drawn:p%40ss%20secret";
  private static final URI NOWHERE = URI.create("https://hub.example");

  private final FakeProxy proxy = new FakeProxy();

  @AfterEach
  void stopProxy() {
    proxy.close();
  }

  private HubSettings through(String address) {
    return settings().withProxies(new ProxySettings(address, address, null, "localhost"));
  }

  private Hub hubThrough(String address) {
    return hub(through(address));
  }

  @Test
  void filesOfAnHttpHubComeThroughIt() throws IOException {
    assertIsCheckpoint(hubThrough(proxy.address("")).fetch(HubModel.of(FakeHub.ID)));
    // All but the weights: their host is localhost.
    assertThat(proxy.requests())
        .anyMatch(line -> line.startsWith("HEAD " + server.endpoint() + "/drawn/faces/resolve/"))
        .noneMatch(line -> line.startsWith("GET") && line.contains(WEIGHTS));
    assertThat(server.requests("GET")).contains(WEIGHTS);
  }

  @Test
  void itGetsItsPasswordAndTheHubDoesNot() throws IOException {
    proxy.wants(USER);
    assertIsCheckpoint(
        hub(through(proxy.address(QUOTED)).withToken(TOKEN)).fetch(HubModel.of(FakeHub.ID)));
    assertThat(proxy.requests()).isNotEmpty();
    assertThat(server.requests())
        .filteredOn(request -> request.authorization() != null)
        .isNotEmpty()
        .allMatch(request -> ("Bearer " + TOKEN).equals(request.authorization()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "https"})
  void aWrongPasswordIsOneError(String scheme) {
    proxy.wants(USER);
    HubSettings wrong = through(proxy.address("drawn:other-secret"));
    if (scheme.equals("https")) {
      wrong = wrong.withEndpoint(NOWHERE);
    }
    assertThat(failure(wrong, FakeHub.ID, Reason.FORBIDDEN))
        .hasMessageContaining(proxy.address("") + " (HTTP")
        .hasMessageContaining("does not take the user and password of HTTP");
    HubSettings missing = through(proxy.address("")).withEndpoint(wrong.endpoint());
    assertThat(failure(missing, FakeHub.ID, Reason.FORBIDDEN))
        .hasMessageContaining("to http://user:password@host:port");
    assertThat(waits).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", QUOTED})
  void aProxyThatIsNotThereIsNamed(String userInfo) {
    String address = proxy.address(userInfo);
    proxy.close();
    for (URI endpoint : new URI[] {NOWHERE, server.endpoint()}) {
      assertThat(failure(through(address).withEndpoint(endpoint), FakeHub.ID, Reason.UNAVAILABLE))
          .hasMessageContaining("through the proxy " + proxy.address("") + " (HTTP")
          .hasMessageContaining("efused");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {403, 502})
  void aProxyThatRefusesIsNamed(int status) {
    proxy.refuses(status);
    Reason reason = status == 403 ? Reason.FORBIDDEN : Reason.UNAVAILABLE;
    for (String userInfo : new String[] {"", QUOTED}) {
      HubSettings settings = through(proxy.address(userInfo));
      assertThat(failure(settings.withEndpoint(NOWHERE), FakeHub.ID, reason))
          .hasMessageContaining(
              "the proxy %s (HTTPS_PROXY) answers %d when asked for hub.example"
                  .formatted(proxy.address(""), status));
      assertThat(failure(settings, FakeHub.ID, reason))
          .hasMessageContaining("through the proxy " + proxy.address("") + " (HTTP_PROXY)");
    }
    assertThat(waits).hasSize(status == 403 ? 0 : 16);
  }

  @Test
  void aProxyThatSaysNothingIsLeft() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      HubSettings settings =
          through("http://%s@127.0.0.1:%d".formatted(QUOTED, silent.getLocalPort()))
              .withEndpoint(NOWHERE)
              .withTimeouts(Duration.ofMillis(200), Duration.ofSeconds(1));
      assertThat(failure(settings, FakeHub.ID, Reason.UNAVAILABLE))
          .hasMessageContaining("cannot be reached");
    }
  }

  @Test
  void socksIsRefusedByNameButNotOffline() throws IOException {
    HubSettings socks = through("socks5://127.0.0.1:1080");
    assertThat(failure(socks, FakeHub.ID, Reason.SETTINGS)).hasMessageContaining("SOCKS");
    fetch();
    server.forgetRequests();
    assertIsCheckpoint(hub(socks.withOffline(true)).fetch(HubModel.of(FakeHub.ID)));
    assertThat(server.requests()).isEmpty();
  }

  @Test
  void nobodyElseGetsThroughTheRelay() throws IOException {
    HttpProxy named = HttpProxy.of("HTTPS_PROXY", proxy.wants(USER).address(QUOTED));
    try (TunnelRelay relay = new TunnelRelay(named, Duration.ofSeconds(10))) {
      for (String head :
          new String[] {
            "CONNECT 127.0.0.1:1 HTTP/1.1",
            "CONNECT 127.0.0.1:1 HTTP/1.1\r\nProxy-Authorization: Relay 0123",
            "GET http://127.0.0.1:1/ HTTP/1.1\r\nProxy-Authorization: " + relay.authorization()
          }) {
        try (Socket other = new Socket(relay.address().getAddress(), relay.address().getPort())) {
          other.getOutputStream().write((head + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
          assertThat(new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
              .startsWith("HTTP/1.1 403");
        }
      }
    }
    assertThat(proxy.requests()).isEmpty();
  }
}
