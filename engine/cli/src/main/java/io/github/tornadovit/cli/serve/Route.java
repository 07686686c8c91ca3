package io.github.tornadovit.cli.serve;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A method of a path.
 *
 * @param method GET, which answers HEAD too, or POST
 * @param path as OpenAPI writes it: {@code /v2/models/{name}/infer}
 * @param access who may ask, and whether it is work for the model
 * @param options that it takes behind the question mark
 * @param handler gives the answer
 */
record Route(String method, String path, Access access, Set<String> options, Handler handler) {
  /** What a route needs before its handler is asked. */
  enum Access {
    /** Answers anybody. */
    OPEN,
    /** Needs the key, if there is one. */
    KEY,
    /** Needs the key and the model, and counts as a request in work. */
    WORK
  }

  /** Gives the answer to a request, on a virtual thread of its own, which may block. */
  @FunctionalInterface
  interface Handler {
    Reply answer(Call call) throws Refusal, InterruptedException;
  }

  /** Whether a method is this route's. */
  boolean takes(String asked) {
    return asked.equals(method) || (asked.equals("HEAD") && method.equals("GET"));
  }

  /** The open places of the path, decoded; null if it is the path of another route. */
  @Nullable Map<String, String> match(List<String> segments) {
    List<String> own = segments(path);
    if (own.size() != segments.size()) {
      return null;
    }
    Map<String, String> places = new HashMap<>();
    for (int i = 0; i < own.size(); i++) {
      String part = own.get(i);
      String given = decoded(segments.get(i));
      if (part.startsWith("{")) {
        places.put(part.substring(1, part.length() - 1), given);
      } else if (!part.equals(given)) {
        return null;
      }
    }
    return places;
  }

  /** The parts of a path between its slashes; one at its end makes no difference. */
  static List<String> segments(String path) {
    int start = path.startsWith("/") ? 1 : 0;
    int end = path.endsWith("/") ? path.length() - 1 : path.length();
    return start >= end ? List.of() : List.of(path.substring(start, end).split("/", -1));
  }

  private static String decoded(String segment) {
    try {
      return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException _) { // Then it is no name that we have.
      return segment;
    }
  }
}
