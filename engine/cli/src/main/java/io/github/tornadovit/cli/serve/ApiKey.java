package io.github.tornadovit.cli.serve;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The secret that callers have to send, as {@code Authorization: Bearer KEY}. */
public final class ApiKey {
  private static final int LEAST = 16;
  private static final int MOST = 4096;
  private static final Pattern PRINTABLE = Pattern.compile("[!-~]+");
  private static final String SCHEME = "Bearer ";

  private final byte[] expected;

  private ApiKey(String key) {
    expected = key.getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * The key itself.
   *
   * @param from where it is from, for messages, which never show the key
   * @throws IllegalArgumentException if it has fewer than 16 characters, or others than visible
   *     ones of ASCII
   */
  public static ApiKey of(String key, String from) {
    String trimmed = key.strip();
    if (trimmed.isEmpty()) {
      throw new IllegalArgumentException(
          "there is no API key in %s, expected %d or more visible characters of ASCII"
              .formatted(from, LEAST));
    }
    if (trimmed.length() < LEAST || !PRINTABLE.matcher(trimmed).matches()) {
      throw new IllegalArgumentException(
          "the API key in %s has %d characters, expected %d or more, visible ones of ASCII"
              .formatted(from, trimmed.length(), LEAST));
    }
    return new ApiKey(trimmed);
  }

  /**
   * The key in an environment variable.
   *
   * @throws IllegalArgumentException if the variable is not set, or holds no usable key
   */
  public static ApiKey ofVariable(String name) {
    String key = System.getenv(name);
    if (key == null) {
      throw new IllegalArgumentException(
          "the environment variable %s, which should hold the API key, is not set".formatted(name));
    }
    return of(key, name);
  }

  /**
   * The key in a file, in one line.
   *
   * @throws IllegalArgumentException if it is a folder, or holds no usable key
   */
  public static ApiKey ofFile(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw new IllegalArgumentException(file + " is a folder, expected a file with the API key");
    }
    if (Files.size(file) > MOST) {
      throw new IllegalArgumentException(
          "%s has more than %d bytes, expected an API key".formatted(file, MOST));
    }
    return of(Files.readString(file, StandardCharsets.ISO_8859_1), file.toString());
  }

  /** Whether a header {@code Authorization} has the key; as slow for a key that is nearly right. */
  boolean isIn(@Nullable String authorization) {
    return authorization != null
        && authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
        && MessageDigest.isEqual(
            expected,
            authorization.substring(SCHEME.length()).strip().getBytes(StandardCharsets.UTF_8));
  }
}
