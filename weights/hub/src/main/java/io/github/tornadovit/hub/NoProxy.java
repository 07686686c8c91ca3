package io.github.tornadovit.hub;

import java.net.InetAddress;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The hosts of {@code NO_PROXY}, by the rules of httpx. Beyond them, where httpx takes an entry and
 * never matches it: networks, {@code *.example.com}, and a port that is the scheme's default.
 */
final class NoProxy {
  private static final Pattern IPV4 = Pattern.compile("[0-9]{1,3}(?:\\.[0-9]{1,3}){3}");

  private final boolean everything;
  private final List<Entry> entries;

  private NoProxy(boolean everything, List<Entry> entries) {
    this.everything = everything;
    this.entries = entries;
  }

  /** The hosts of a list with commas. */
  static NoProxy of(String list) {
    List<String> names =
        Arrays.stream(list.toLowerCase(Locale.ROOT).split(","))
            .map(String::strip)
            .filter(name -> !name.isEmpty())
            .toList();
    return new NoProxy(names.contains("*"), names.stream().map(Entry::of).toList());
  }

  /** Whether an address is asked without a proxy. */
  boolean matches(URI address) {
    return everything || entries.stream().anyMatch(entry -> entry.matches(address));
  }

  /**
   * One of them.
   *
   * @param scheme null for any
   * @param host a name, with a point or star in front or without, or an address
   * @param network bits of the address that count; -1 for all
   * @param port -1 for any
   * @param exact whether names below the name do not count
   */
  private record Entry(@Nullable String scheme, String host, int network, int port, boolean exact) {
    static Entry of(String text) {
      int colon = text.indexOf("://");
      String scheme = colon < 0 || text.startsWith("all://") ? null : text.substring(0, colon);
      String rest = colon < 0 ? text : text.substring(colon + 3);
      int slash = rest.indexOf('/');
      int network = slash < 0 ? -1 : number(rest.substring(slash + 1));
      String authority = slash < 0 ? rest : rest.substring(0, slash);
      int end = portColon(authority);
      String host = end < 0 ? authority : authority.substring(0, end);
      return new Entry(
          scheme,
          host.replaceAll("[\\[\\]]", ""),
          network,
          end < 0 ? -1 : number(authority.substring(end + 1)),
          colon >= 0 || host.equals("localhost"));
    }

    /** Where a port begins; a bare IPv6 address has none. */
    private static int portColon(String authority) {
      int colon = authority.lastIndexOf(':');
      boolean address = !authority.startsWith("[") && authority.indexOf(':') < colon;
      return address || colon < authority.lastIndexOf(']') ? -1 : colon;
    }

    /** -1 for what is none. */
    private static int number(String digits) {
      return digits.matches("[0-9]{1,5}") ? Integer.parseInt(digits) : -1;
    }

    boolean matches(URI address) {
      String asked = address.getHost().toLowerCase(Locale.ROOT).replaceAll("[\\[\\]]", "");
      return (scheme == null || scheme.equalsIgnoreCase(address.getScheme()))
          && (port < 0 || port == Addresses.port(address))
          && (isIn(asked) || isNamed(asked));
    }

    private boolean isNamed(String asked) {
      String below = host.replaceFirst("^\\*?\\.", "");
      if (!below.equals(host)) {
        return asked.endsWith("." + below);
      }
      String name = host.replaceFirst("^\\*", "");
      return asked.equals(name)
          || name.isEmpty()
          || ((!exact || !name.equals(host)) && asked.endsWith("." + name));
    }

    private boolean isIn(String asked) {
      byte[] own = literal(host);
      byte[] other = literal(asked);
      if (own == null || other == null || own.length != other.length) {
        return false;
      }
      int bits = network < 0 ? own.length * Byte.SIZE : Math.min(network, own.length * Byte.SIZE);
      for (int bit = 0; bit < bits; bit++) {
        int mask = 0x80 >> (bit % Byte.SIZE);
        if (((own[bit / Byte.SIZE] ^ other[bit / Byte.SIZE]) & mask) != 0) {
          return false;
        }
      }
      return true;
    }

    /** The bytes of an address; null for a name, which is not looked up. */
    private static byte @Nullable [] literal(String host) {
      try {
        return host.indexOf(':') >= 0 || IPV4.matcher(host).matches()
            ? InetAddress.ofLiteral(host).getAddress()
            : null;
      } catch (IllegalArgumentException noAddress) {
        return null;
      }
    }
  }
}
