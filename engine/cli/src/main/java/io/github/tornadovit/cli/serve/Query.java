package io.github.tornadovit.cli.serve;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The options of a request, behind the question mark: each known and given once. */
final class Query {
  private final Map<String, String> values;

  private Query(Map<String, String> values) {
    this.values = values;
  }

  /**
   * Reads {@code a=1&b=2}.
   *
   * @param raw as it is in the address; null for none
   * @throws Refusal if an option is unknown, given twice or without a value
   */
  static Query of(@Nullable String raw, Set<String> known) throws Refusal {
    Map<String, String> values = new LinkedHashMap<>();
    for (String part : raw == null || raw.isEmpty() ? List.<String>of() : List.of(raw.split("&"))) {
      int equals = part.indexOf('=');
      String name = decoded(equals < 0 ? part : part.substring(0, equals));
      if (!known.contains(name)) {
        throw Refusal.bad(
            "option '%s' is not known here, expected %s"
                .formatted(
                    name,
                    known.isEmpty()
                        ? "none"
                        : "one of " + String.join(", ", new TreeSet<>(known))));
      }
      if (equals < 0 || values.put(name, decoded(part.substring(equals + 1))) != null) {
        throw Refusal.bad("option '%s' has to be given once, as %s=…".formatted(name, name));
      }
    }
    return new Query(values);
  }

  private static String decoded(String text) throws Refusal {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException malformed) {
      throw Refusal.bad("the query is not URL-encoded: '%s'".formatted(text));
    }
  }

  boolean isEmpty() {
    return values.isEmpty();
  }

  @Nullable String text(String name) {
    return values.get(name);
  }

  boolean flag(String name) throws Refusal {
    return switch (values.getOrDefault(name, "false")) {
      case "true" -> true;
      case "false" -> false;
      default -> throw wrong(name, "true or false");
    };
  }

  /** The whole number of that name, or another one if there is none. */
  int number(String name, int absent, int least, int most) throws Refusal {
    String text = values.get(name);
    if (text == null) {
      return absent;
    }
    try {
      int number = Integer.parseInt(text);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException _) {
      // As wrong as one that is out of range.
    }
    throw wrong(name, "%d to %d".formatted(least, most));
  }

  /** The value of that name as its label says, or another one if there is none. */
  <T> T choice(String name, T absent, List<T> choices, Function<T, String> label) throws Refusal {
    String text = values.get(name);
    if (text == null) {
      return absent;
    }
    for (T choice : choices) {
      if (label.apply(choice).equals(text.toLowerCase(Locale.ROOT))) {
        return choice;
      }
    }
    throw wrong(name, choices.stream().map(label).collect(Collectors.joining(", ")));
  }

  /** As {@link #choice(String, Object, List, Function)}, of texts. */
  String choice(String name, String absent, String... choices) throws Refusal {
    return choice(name, absent, Stream.of(choices).toList(), Function.identity());
  }

  private Refusal wrong(String name, String expected) {
    return Refusal.bad("%s is '%s', expected %s".formatted(name, values.get(name), expected));
  }
}
