package io.github.tornadovit.cli.serve;

import java.net.InetAddress;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Keeps pages of other sites, which a browser on this machine shows, from asking the server: by the
 * {@code Origin} that browsers send, and, of a server on loopback, by the {@code Host}, which is
 * another name where one was made to point here (DNS rebinding).
 */
final class Origins {
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");
  private static final Pattern PORT = Pattern.compile(":[0-9]*$");

  private final boolean loopback;

  Origins(InetAddress address) {
    loopback = address.isLoopbackAddress();
  }

  /**
   * Lets a request pass.
   *
   * @throws Refusal if it is another site's
   */
  void check(@Nullable String host, @Nullable String origin) throws Refusal {
    String asked = host == null ? "" : host.strip().toLowerCase(Locale.ROOT);
    if (loopback && host != null && !isLoopback(PORT.matcher(asked).replaceFirst(""))) {
      throw new Refusal(
          421,
          "this server listens on loopback and is asked as '%s'; ask it as localhost, have the proxy"
                  .formatted(asked)
              + " in front of it send Host: localhost, or start it with another --host");
    }
    if (origin != null
        && !origin.strip().toLowerCase(Locale.ROOT).replaceFirst("^https?://", "").equals(asked)) {
      throw new Refusal(403, "pages of '%s' may not ask this server".formatted(origin));
    }
  }

  private static boolean isLoopback(String name) {
    return LOOPBACK.contains(name) || name.matches("127\\.[0-9]+\\.[0-9]+\\.[0-9]+");
  }
}
