package io.github.tornadovit.hub;

import java.net.URI;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The proxies of {@code HTTP_PROXY}, {@code HTTPS_PROXY}, {@code ALL_PROXY} and {@code NO_PROXY},
 * by the rules of huggingface_hub (its client is httpx).
 *
 * <p>A proxy is {@code http://host:port} or {@code http://user:password@host:port}, user and
 * password percent-encoded; without a port it is 80. {@code NO_PROXY} has names ({@code
 * example.com} with all below it, {@code .example.com} only what is below), addresses, networks
 * ({@code 10.0.0.0/8}), each with a port ({@code example.com:8443}) or scheme ({@code
 * http://example.com}) or without, separated by commas; {@code *} is everything.
 *
 * <p>Java's own proxy comes first: where {@code -Dhttps.proxyHost} (for http {@code
 * -Dhttp.proxyHost}) is set, or the application's {@link java.net.ProxySelector} names a proxy,
 * that is taken.
 *
 * <p>A malformed proxy is an error when it is needed, not before.
 *
 * @param http for http addresses; null for none
 * @param https for https addresses; null for none
 * @param all for both, where the other is null
 * @param none hosts that are asked without a proxy
 */
public record ProxySettings(
    @Nullable String http, @Nullable String https, @Nullable String all, String none) {
  /** No proxy but Java's. */
  public static final ProxySettings JAVA = new ProxySettings(null, null, null, "");

  /** The settings of an environment, as Python's {@code getproxies_environment} reads it. */
  static ProxySettings of(Map<String, String> environment) {
    Map<String, String> found = new HashMap<>();
    environment.forEach((name, value) -> put(found, name.toLowerCase(Locale.ROOT), value, false));
    if (environment.containsKey("REQUEST_METHOD")) {
      // In a CGI program HTTP_PROXY is a header of a request, set by whoever asks.
      found.remove("http_proxy");
    }
    // Lower case comes first, and takes a proxy away if it is empty.
    environment.forEach((name, value) -> put(found, name, value, true));
    return new ProxySettings(
        found.get("http_proxy"),
        found.get("https_proxy"),
        found.get("all_proxy"),
        found.getOrDefault("no_proxy", ""));
  }

  private static void put(
      Map<String, String> found, String name, String value, boolean removesIfEmpty) {
    if (!value.isEmpty()) {
      found.put(name, value);
    } else if (removesIfEmpty) {
      found.remove(name);
    }
  }

  /**
   * The proxy of an address; null for none.
   *
   * @throws HubException if it is none that can be used
   */
  @Nullable HttpProxy of(URI address) {
    boolean secure = "https".equalsIgnoreCase(address.getScheme());
    String own = secure ? https : http;
    String value = own == null ? all : own;
    if (value == null || value.isBlank() || NoProxy.of(none).matches(address)) {
      return null;
    }
    return HttpProxy.of(own == null ? "ALL_PROXY" : secure ? "HTTPS_PROXY" : "HTTP_PROXY", value);
  }

  /** Without passwords. */
  @Override
  public String toString() {
    return "ProxySettings[http=%s, https=%s, all=%s, none=%s]"
        .formatted(shown(http), shown(https), shown(all), none);
  }

  private static String shown(@Nullable String proxy) {
    return proxy == null ? "none" : HttpProxy.masked(proxy);
  }
}
