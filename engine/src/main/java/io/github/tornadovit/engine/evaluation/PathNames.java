package io.github.tornadovit.engine.evaluation;

import io.github.tornadovit.base.file.NameEncoding;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * Names of files as UTF-8 text whatever the JVM takes them for. A JVM that was started in a locale
 * of another encoding, as containers and services often are, cannot say {@code Maske üß} with
 * {@link Path#of}, and reads such a name as question marks; but a path made from a URI, or found in
 * a folder, holds the right bytes.
 */
final class PathNames {
  private PathNames() {}

  /** The last element of a path; empty for a root. */
  static String last(Path path) {
    Path name = path.getFileName();
    if (name == null) {
      return "";
    }
    if (NameEncoding.isUtf8()) {
      return name.toString();
    }
    String uri = path.toUri().getRawPath();
    String whole = uri.endsWith("/") ? uri.substring(0, uri.length() - 1) : uri;
    return decoded(whole.substring(whole.lastIndexOf('/') + 1));
  }

  private static String decoded(String raw) {
    // In a path, unlike in a form, a plus is a plus.
    return URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  /**
   * A path named by text, from the folder of a file.
   *
   * @throws java.nio.file.InvalidPathException if it is none
   */
  static Path sibling(Path file, String text) {
    if (NameEncoding.isUtf8() || text.chars().allMatch(c -> c > 0 && c < 0x80)) {
      return file.resolveSibling(text);
    }
    if (text.indexOf(0) >= 0) {
      throw new InvalidPathException(text, "a name holds no NUL");
    }
    Path folder = file.toAbsolutePath().resolveSibling("");
    String from = text.startsWith("/") ? "file://" : folder.toUri().toString();
    return Path.of(URI.create(from + encoded(text)));
  }

  /** Every byte but letters, digits and slashes as %XX. */
  private static String encoded(String text) {
    StringBuilder uri = new StringBuilder();
    for (byte value : text.getBytes(StandardCharsets.UTF_8)) {
      boolean plain = value == '/' || (value > 0 && Character.isLetterOrDigit(value));
      uri.append(plain ? String.valueOf((char) value) : "%%%02X".formatted(value & 0xff));
    }
    return uri.toString();
  }
}
