package io.github.tornadovit.hub;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Settings of the hub: where it and its cache are, and how to talk to it. Immutable; {@link
 * #fromEnvironment} reads what huggingface_hub reads, so that both share one cache.
 *
 * {@snippet :
 * HubSettings settings = HubSettings.fromEnvironment().withCache(Path.of("/models"));
 * try (VisionModel model = VisionModel.load(new Hub(settings).fetch(HubModel.of("org/name")))) {
 *   // ...
 * }
 * }
 *
 * @param endpoint the hub, {@code https://huggingface.co} or a mirror, without a slash at its end
 * @param cache the folder that holds {@code models--organisation--name}
 * @param token sent to the endpoint, and to no other host; null for none
 * @param offline whether the network is left alone
 * @param symlinks false to fill snapshots with files where links would work
 * @param answerTimeout most time to connect, and until a request is answered
 * @param downloadTimeout most time without a byte of a download
 * @param downloads files that come in side by side, at most
 * @param proxies of the environment; Java's come first
 */
public record HubSettings(
    URI endpoint,
    Path cache,
    @Nullable String token,
    boolean offline,
    boolean symlinks,
    Duration answerTimeout,
    Duration downloadTimeout,
    int downloads,
    ProxySettings proxies) {
  /** As many as in huggingface_hub. */
  public static final int DEFAULT_DOWNLOADS = 8;

  /**
   * @throws HubException if the endpoint is no http or https address, or the token none that can be
   *     sent
   * @throws IllegalArgumentException if downloads is not positive
   */
  public HubSettings {
    if (!Addresses.isWeb(endpoint)
        || endpoint.getRawQuery() != null
        || endpoint.getRawFragment() != null
        || endpoint.toString().endsWith("/")) {
      throw new HubException(
          HubException.Reason.SETTINGS,
          "the hub's endpoint is '%s', expected an address such as https://huggingface.co; look at HF_ENDPOINT"
              .formatted(endpoint));
    }
    // Said without the token: HttpClient's own message would show it.
    if (token != null && (token.isEmpty() || !token.chars().allMatch(c -> c > ' ' && c < 127))) {
      throw new HubException(
          HubException.Reason.SETTINGS,
          "the token holds characters that no token has; look at HF_TOKEN or the token file");
    }
    if (downloads < 1) {
      throw new IllegalArgumentException(
          "%d files side by side, expected 1 or more".formatted(downloads));
    }
  }

  /**
   * The settings of the environment, in the variables of huggingface_hub: {@code HF_ENDPOINT},
   * {@code HF_HUB_CACHE}, {@code HF_HOME}, {@code XDG_CACHE_HOME}, {@code HF_TOKEN}, {@code
   * HF_TOKEN_PATH}, {@code HF_HUB_DISABLE_IMPLICIT_TOKEN}, {@code HF_HUB_OFFLINE}, {@code
   * HF_HUB_DISABLE_SYMLINKS}, {@code HF_HUB_ETAG_TIMEOUT}, {@code HF_HUB_DOWNLOAD_TIMEOUT}, and
   * their older names; {@code HTTPS_PROXY} and its like as {@link ProxySettings} says.
   *
   * @throws HubException if one is malformed, or the token file cannot be read
   */
  public static HubSettings fromEnvironment() {
    return new HubEnvironment(System.getenv(), System.getProperty("user.home")).settings();
  }

  /** These settings with another endpoint. */
  public HubSettings withEndpoint(URI endpoint) {
    return new HubSettings(
        endpoint,
        cache,
        token,
        offline,
        symlinks,
        answerTimeout,
        downloadTimeout,
        downloads,
        proxies);
  }

  /** These settings with another cache. */
  public HubSettings withCache(Path cache) {
    return new HubSettings(
        endpoint,
        cache,
        token,
        offline,
        symlinks,
        answerTimeout,
        downloadTimeout,
        downloads,
        proxies);
  }

  /** These settings with another token, null for none. */
  public HubSettings withToken(@Nullable String token) {
    return new HubSettings(
        endpoint,
        cache,
        token,
        offline,
        symlinks,
        answerTimeout,
        downloadTimeout,
        downloads,
        proxies);
  }

  /** These settings with the network left alone or not. */
  public HubSettings withOffline(boolean offline) {
    return new HubSettings(
        endpoint,
        cache,
        token,
        offline,
        symlinks,
        answerTimeout,
        downloadTimeout,
        downloads,
        proxies);
  }

  /** These settings with links in snapshots, or files. */
  public HubSettings withSymlinks(boolean symlinks) {
    return new HubSettings(
        endpoint,
        cache,
        token,
        offline,
        symlinks,
        answerTimeout,
        downloadTimeout,
        downloads,
        proxies);
  }

  /** These settings with other limits on silence. */
  public HubSettings withTimeouts(Duration answerTimeout, Duration downloadTimeout) {
    return new HubSettings(
        endpoint,
        cache,
        token,
        offline,
        symlinks,
        answerTimeout,
        downloadTimeout,
        downloads,
        proxies);
  }

  /** These settings with another number of files that come in side by side. */
  public HubSettings withDownloads(int downloads) {
    return new HubSettings(
        endpoint,
        cache,
        token,
        offline,
        symlinks,
        answerTimeout,
        downloadTimeout,
        downloads,
        proxies);
  }

  /** These settings with other proxies. */
  public HubSettings withProxies(ProxySettings proxies) {
    return new HubSettings(
        endpoint,
        cache,
        token,
        offline,
        symlinks,
        answerTimeout,
        downloadTimeout,
        downloads,
        proxies);
  }

  /** Everything but the token and passwords. */
  @Override
  public String toString() {
    return "HubSettings[endpoint=%s, cache=%s, token=%s, offline=%s, symlinks=%s, downloads=%d, proxies=%s]"
        .formatted(
            endpoint, cache, token == null ? "none" : "set", offline, symlinks, downloads, proxies);
  }
}
