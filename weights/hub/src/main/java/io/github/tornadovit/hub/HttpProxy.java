package io.github.tornadovit.hub;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A proxy that an environment variable names.
 *
 * @param variable for messages
 * @param host a name or an address, without brackets
 * @param credentials {@code user:password}; null if it asks for none
 */
record HttpProxy(String variable, String host, int port, @Nullable String credentials) {
  private static final int DEFAULT_PORT = 80;
  private static final int MAX_PORT = 65535;
  private static final Pattern AUTHORITY =
      Pattern.compile("([\\w.-]+|\\[[0-9A-Fa-f:.]+])(?::([0-9]{1,5}))?");
  private static final Pattern ESCAPE = Pattern.compile("%(?![0-9A-Fa-f]{2})");

  /**
   * Reads the value of a variable. By hand, since {@link java.net.URI} refuses what people have as
   * passwords, and shows it in doing so.
   *
   * @throws HubException if it is no http proxy
   */
  static HttpProxy of(String variable, String value) {
    String stripped = value.strip();
    int colon = stripped.indexOf("://");
    String scheme = colon < 0 ? "http" : stripped.substring(0, colon).toLowerCase(Locale.ROOT);
    String rest = colon < 0 ? stripped : stripped.substring(colon + 3);
    if (scheme.startsWith("socks")) {
      throw refused(variable, value, "SOCKS proxies are not supported");
    }
    if (scheme.equals("https")) {
      throw refused(
          variable,
          value,
          "TLS to the proxy itself is not supported; most proxies are http:// for https addresses too");
    }
    String authority = rest.replaceFirst("[/?#].*", "");
    int at = authority.lastIndexOf('@');
    Matcher matcher = AUTHORITY.matcher(authority.substring(at + 1));
    int port =
        matcher.matches() && matcher.group(2) != null
            ? Integer.parseInt(matcher.group(2))
            : DEFAULT_PORT;
    if (!scheme.equals("http") || !matcher.matches() || port < 1 || port > MAX_PORT) {
      throw refused(variable, value, "this is no address of a proxy");
    }
    String host = matcher.group(1).replaceAll("[\\[\\]]", "");
    return new HttpProxy(variable, host, port, at < 0 ? null : user(authority.substring(0, at)));
  }

  private static @Nullable String user(String info) {
    int colon = info.indexOf(':');
    String user = decoded(colon < 0 ? info : info.substring(0, colon));
    String password = colon < 0 ? "" : decoded(info.substring(colon + 1));
    return user.isEmpty() && password.isEmpty() ? null : user + ":" + password;
  }

  /** A plus is a plus, and a percent sign without two digits behind it stays. */
  private static String decoded(String text) {
    return URLDecoder.decode(
        ESCAPE.matcher(text).replaceAll("%25").replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private static HubException refused(String variable, String value, String problem) {
    return new HubException(
        HubException.Reason.SETTINGS,
        "%s is '%s': %s; expected http://host:port or http://user:password@host:port, with %%40 for a @ of the password and the like"
            .formatted(variable, Text.shown(masked(value)), problem));
  }

  /** A value of a variable without user and password, wherever they may be in it. */
  static String masked(String value) {
    int at = value.lastIndexOf('@');
    if (at < 0) {
      return value;
    }
    int colon = value.indexOf("://");
    String scheme = colon < 0 || colon > at ? "" : value.substring(0, colon + 3);
    return scheme + "***@" + value.substring(at + 1);
  }

  /** The header for a proxy that asks for a password; null without one. */
  @Nullable String authorization() {
    return credentials == null
        ? null
        : "Basic "
            + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
  }

  /** Without user and password. */
  @Override
  public String toString() {
    return "http://%s:%d (%s)"
        .formatted(host.indexOf(':') < 0 ? host : "[" + host + "]", port, variable);
  }
}
