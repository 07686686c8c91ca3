package io.github.tornadovit.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.tornadovit.hub.HubException.Reason;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which proxy the environment means for an address. */
class ProxySettingsTest {
  private static @Nullable HttpProxy proxy(String address, String... variables) {
    Map<String, String> environment = new LinkedHashMap<>();
    for (int i = 0; i < variables.length; i += 2) {
      environment.put(variables[i], variables[i + 1]);
    }
    return ProxySettings.of(environment).of(URI.create(address));
  }

  @Test
  void eachSchemeHasItsOwnAndAllIsForBoth() {
    String[] all = {
      "HTTP_PROXY", "http://a:1", "HTTPS_PROXY", "http://b:2", "ALL_PROXY", "http://c:3"
    };
    assertThat(proxy("http://hub.example", all)).hasToString("http://a:1 (HTTP_PROXY)");
    assertThat(proxy("https://hub.example", all)).hasToString("http://b:2 (HTTPS_PROXY)");
    assertThat(proxy("https://hub.example", "ALL_PROXY", "c", "HTTP_PROXY", "a"))
        .hasToString("http://c:80 (ALL_PROXY)");
    assertThat(proxy("https://hub.example", "HTTP_PROXY", "http://a:1")).isNull();
    assertThat(proxy("https://hub.example")).isNull();
  }

  @Test
  void lowerCaseComesFirstAndTakesAway() {
    assertThat(proxy("https://h", "https_proxy", "low:1", "HTTPS_PROXY", "up:2"))
        .hasToString("http://low:1 (HTTPS_PROXY)");
    assertThat(proxy("https://h", "HTTPS_PROXY", "up:2", "https_proxy", "low:1"))
        .hasToString("http://low:1 (HTTPS_PROXY)");
    assertThat(proxy("https://h", "HTTPS_PROXY", "up:2", "https_proxy", "")).isNull();
    assertThat(proxy("https://h", "https_proxy", "low:1", "HTTPS_PROXY", ""))
        .hasToString("http://low:1 (HTTPS_PROXY)");
    assertThat(proxy("http://h", "HTTP_PROXY", "up:2", "REQUEST_METHOD", "GET")).isNull();
    assertThat(proxy("http://h", "http_proxy", "low:2", "REQUEST_METHOD", "GET")).isNotNull();
  }

  @ParameterizedTest
  @CsvSource({
    "http://proxy:3128, proxy, 3128, ",
    "proxy:3128, proxy, 3128, ",
    "HTTP://proxy/, proxy, 80, ",
    "http://[::1]:8080, ::1, 8080, ",
    "http://user:secret@proxy:3128/, proxy, 3128, user:secret",
    "user:secret@proxy:3128, proxy, 3128, user:secret",
    "http://DOM%5Cuser:p%40ss%3a%2f%C3%A4+%25@proxy:1, proxy, 1, DOM\\user:p@ss:/ä+%",
    "http://user:a@b:c%zz@proxy:1, proxy, 1, user:a@b:c%zz",
    "http://user@proxy:1, proxy, 1, user:",
    "http://:secret@proxy:1, proxy, 1, :secret",
    "http://@proxy:1, proxy, 1, "
  })
  void aProxyIsRead(String value, String host, int port, String credentials) {
    @Nullable HttpProxy proxy = proxy("https://hub.example", "HTTPS_PROXY", value);
    assertThat(proxy).isEqualTo(new HttpProxy("HTTPS_PROXY", host, port, credentials));
    assertThat(String.valueOf(proxy)).doesNotContain("secret", "user");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "socks5://user:secret@proxy:1080",
        "socks5h://proxy:1080",
        "socks4://proxy",
        "https://user:secret@proxy:443",
        "ftp://proxy",
        "http://",
        "http://user:secret@",
        "http://user:secret@proxy:0",
        "http://user:secret@proxy:65536",
        "http://user:secret@proxy:port",
        "http://user:secret#1@proxy:3128",
        "http://user:secret/1@proxy:3128",
        "http://a b:1",
        "http://proxy:1\r\nX: y"
      })
  void whatIsNoProxyIsRefusedByNameWithoutItsPassword(String value) {
    HubException failure =
        catchThrowableOfType(
            HubException.class, () -> proxy("https://hub.example", "HTTPS_PROXY", value));
    assertThat(failure.reason()).isEqualTo(Reason.SETTINGS);
    assertThat(failure)
        .hasMessageContaining("HTTPS_PROXY")
        .hasMessageContaining("expected http://host:port")
        .hasMessageNotContainingAny("secret", "user:s", "\n");
    if (value.startsWith("socks")) {
      assertThat(failure).hasMessageContaining("SOCKS");
    }
    // Not asked for, so nobody's business.
    assertThat(proxy("https://h", "HTTPS_PROXY", value, "NO_PROXY", "h")).isNull();
    assertThat(ProxySettings.of(Map.of("HTTPS_PROXY", value)).toString()).doesNotContain("secret");
  }

  @ParameterizedTest(name = "NO_PROXY={0}: {1}")
  @CsvSource({
    "example.com, https://example.com, true",
    "example.com, https://cdn.example.com, true",
    "example.com, https://wwwexample.com, false",
    "EXAMPLE.com, https://CDN.example.COM, true",
    ".example.com, https://cdn.example.com, true",
    ".example.com, https://example.com, false",
    "*.example.com, https://cdn.example.com, true",
    "*.example.com, https://example.com, false",
    "*example.com, https://example.com, true",
    "'other, example.com ,', https://example.com, true",
    "'other example.com', https://example.com, false",
    "'a,*', https://example.com, true",
    "'', https://example.com, false",
    "',', https://example.com, false",
    "example.com:8443, https://example.com:8443, true",
    "example.com:8443, https://example.com, false",
    "example.com:443, https://example.com, true",
    "localhost, http://localhost:8080, true",
    "localhost, http://a.localhost:8080, false",
    "127.0.0.1, http://127.0.0.1:99, true",
    "127.0.0.1:99, http://127.0.0.1:99, true",
    "127.0.0.1:98, http://127.0.0.1:99, false",
    "127.0.0.1, http://127.0.0.2, false",
    "0.0.1, http://127.0.0.1, true",
    "10.0.0.0/8, http://10.1.2.3, true",
    "10.0.0.0/8, http://11.1.2.3, false",
    "192.168.4.0/22, http://192.168.7.255, true",
    "192.168.4.0/22, http://192.168.8.0, false",
    "10.0.0.0/8, http://ten.example, false",
    "::1, http://[::1]:8080, true",
    "[::1], http://[::1]:8080, true",
    "[::1]:8080, http://[::1]:8080, true",
    "[::1]:8081, http://[::1]:8080, false",
    "fe80::/10, http://[fe80::5], true",
    "fe80::/10, http://[2001::5], false",
    "http://example.com, http://example.com, true",
    "http://example.com, https://example.com, false",
    "https://example.com, https://cdn.example.com, false",
    "all://*.example.com, https://cdn.example.com, true",
    "https://, https://example.com, true"
  })
  void hostsWithoutAProxy(String none, String address, boolean direct) {
    @Nullable HttpProxy proxy = proxy(address, "ALL_PROXY", "http://proxy:3128", "no_proxy", none);
    assertThat(proxy == null).isEqualTo(direct);
  }
}
