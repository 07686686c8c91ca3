package io.github.tornadovit.hub;

import java.net.URI;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rules of addresses: which are asked, which redirects are followed, and which may see the
 * token.
 */
final class Addresses {
  /** The hub itself: a mirror may redirect questions about files to it. */
  private static final Set<String> HUB_HOSTS = Set.of("huggingface.co", "hf.co");

  private Addresses() {}

  /** An http or https address of a host, without a user's name in it. */
  static boolean isWeb(URI address) {
    String scheme = address.getScheme();
    return ("http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme))
        && address.getHost() != null
        && address.getRawUserInfo() == null;
  }

  /**
   * Where a redirect leads.
   *
   * @throws HubException if that is no address of the web, or one where https ends
   */
  static URI redirect(URI from, @Nullable String location) {
    URI target;
    try {
      target = from.resolve(location == null ? "" : location);
    } catch (IllegalArgumentException malformed) {
      throw unsafe(from, "a malformed address", malformed);
    }
    if (location == null || location.isBlank() || !isWeb(target)) {
      throw unsafe(from, "something that is no http or https address", null);
    }
    if ("https".equalsIgnoreCase(from.getScheme())
        && !"https".equalsIgnoreCase(target.getScheme())) {
      throw unsafe(from, shown(target) + ", which gives up https", null);
    }
    return target;
  }

  private static HubException unsafe(URI from, String target, @Nullable Throwable cause) {
    return new HubException(
        HubException.Reason.PROTOCOL,
        "%s redirects to %s; this is not followed: look at HF_ENDPOINT and the proxy"
            .formatted(shown(from), target),
        cause);
  }

  /** The address without its query, which may be a signature that opens a file. */
  static String shown(URI address) {
    return "%s://%s%s"
        .formatted(address.getScheme(), address.getRawAuthority(), address.getRawPath());
  }

  /** Whether a host answers questions about files: the one that was asked, or the hub's. */
  static boolean isHub(URI asked, URI target) {
    String host = target.getHost().toLowerCase(Locale.ROOT);
    return host.equals(asked.getHost().toLowerCase(Locale.ROOT)) || HUB_HOSTS.contains(host);
  }

  /** Same scheme, host and port: what the token is for. */
  static boolean isSameOrigin(URI one, URI other) {
    return one.getScheme().equalsIgnoreCase(other.getScheme())
        && one.getHost().equalsIgnoreCase(other.getHost())
        && port(one) == port(other);
  }

  /** The port that is asked, named or not. */
  static int port(URI address) {
    return address.getPort() >= 0
        ? address.getPort()
        : "https".equalsIgnoreCase(address.getScheme()) ? 443 : 80;
  }
}
