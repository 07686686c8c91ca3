package io.github.tornadovit.hub;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The variables of huggingface_hub, with its defaults, older names and order. */
final class HubEnvironment {
  private static final Set<String> TRUE = Set.of("1", "ON", "YES", "TRUE");
  private static final Pattern VARIABLE = Pattern.compile("\\$(?:(\\w+)|\\{([^}]+)})");
  private static final int MAX_TOKEN_FILE = 1 << 16;
  private static final int DEFAULT_TIMEOUT_SECONDS = 10;

  private final Map<String, String> variables;
  private final String userHome;

  HubEnvironment(Map<String, String> variables, String userHome) {
    this.variables = variables;
    this.userHome = userHome;
  }

  HubSettings settings() {
    Path home =
        path(
            first("HF_HOME"),
            path(first("XDG_CACHE_HOME"), inHome(".cache")).resolve("huggingface"));
    return new HubSettings(
        endpoint(),
        path(first("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE"), home.resolve("hub")),
        token(home),
        isTrue(first("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE")),
        !isTrue(first("HF_HUB_DISABLE_SYMLINKS")),
        seconds("HF_HUB_ETAG_TIMEOUT"),
        seconds("HF_HUB_DOWNLOAD_TIMEOUT"),
        HubSettings.DEFAULT_DOWNLOADS,
        ProxySettings.of(variables));
  }

  /** The first that is set to something. */
  private @Nullable String first(String... names) {
    for (String name : names) {
      String value = variables.get(name);
      if (value != null && !value.isEmpty()) {
        return value;
      }
    }
    return null;
  }

  private static boolean isTrue(@Nullable String value) {
    return value != null && TRUE.contains(value.toUpperCase(Locale.ROOT));
  }

  private URI endpoint() {
    String value = first("HF_ENDPOINT");
    String address = value == null ? "https://huggingface.co" : value.replaceAll("/+$", "");
    try {
      return new URI(address);
    } catch (URISyntaxException malformed) {
      throw wrong("HF_ENDPOINT", address, "an address such as https://huggingface.co", malformed);
    }
  }

  private Duration seconds(String name) {
    String value = first(name);
    if (value == null) {
      return Duration.ofSeconds(DEFAULT_TIMEOUT_SECONDS);
    }
    try {
      int seconds = Integer.parseInt(value.strip());
      if (seconds > 0) {
        return Duration.ofSeconds(seconds);
      }
    } catch (NumberFormatException noNumber) {
      // Said below.
    }
    throw wrong(name, value, "a number of seconds, 1 or more", null);
  }

  private Path inHome(String name) {
    String home = first("HOME");
    return Path.of(home == null ? userHome : home, name);
  }

  /** A path with {@code ~} and {@code $VARIABLE} as a shell takes them. */
  private Path path(@Nullable String value, Path otherwise) {
    if (value == null) {
      return otherwise;
    }
    String expanded = value;
    if (value.equals("~") || value.startsWith("~/")) {
      expanded = inHome(value.substring(Math.min(2, value.length()))).toString();
    }
    expanded =
        VARIABLE
            .matcher(expanded)
            .replaceAll(
                found -> {
                  String name = found.group(1) == null ? found.group(2) : found.group(1);
                  return Matcher.quoteReplacement(variables.getOrDefault(name, found.group()));
                });
    try {
      return Path.of(expanded);
    } catch (InvalidPathException malformed) {
      throw wrong("HF_HOME or HF_HUB_CACHE", value, "a folder", malformed);
    }
  }

  private @Nullable String token(Path home) {
    if (isTrue(first("HF_HUB_DISABLE_IMPLICIT_TOKEN"))) {
      return null;
    }
    String named = first("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN");
    return clean(
        named != null ? named : tokenFile(path(first("HF_TOKEN_PATH"), home.resolve("token"))));
  }

  private static @Nullable String clean(@Nullable String token) {
    String stripped = token == null ? "" : token.strip();
    return stripped.isEmpty() ? null : stripped;
  }

  private static @Nullable String tokenFile(Path file) {
    if (!Files.isRegularFile(file)) {
      return null;
    }
    try (var input = Files.newInputStream(file)) {
      return new String(input.readNBytes(MAX_TOKEN_FILE), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new HubException(
          HubException.Reason.SETTINGS,
          "%s: the token file cannot be read: %s; set HF_TOKEN, or HF_HUB_DISABLE_IMPLICIT_TOKEN=1 to do without"
              .formatted(file, unreadable),
          unreadable);
    }
  }

  private static HubException wrong(
      String name, String value, String expected, @Nullable Throwable cause) {
    return new HubException(
        HubException.Reason.SETTINGS,
        "%s is '%s', expected %s".formatted(name, value, expected),
        cause);
  }
}
