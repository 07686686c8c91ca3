package io.github.tornadovit.cli.serve;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The page at {@code /}, and the description of the server for programs. */
final class Resources {
  private static final Pattern INLINE =
      Pattern.compile("<(script|style)>(.*?)</\\1>", Pattern.DOTALL);

  private Resources() {}

  /** OpenAPI 3.1, as it is. */
  static Reply openApi() {
    return Reply.text("application/json", read("openapi.json"));
  }

  /**
   * The page: all of it in one file. Its own script and style are let run, by their hashes, and no
   * other: whatever a label or a file's name says, it is text.
   */
  static Reply page() {
    String html = read("index.html");
    StringBuilder policy =
        new StringBuilder(
            "default-src 'none'; connect-src 'self'; img-src 'self' blob: data:; base-uri 'none';"
                + " form-action 'none'; frame-ancestors 'none'");
    Matcher inline = INLINE.matcher(html);
    while (inline.find()) {
      policy.append("; %s-src 'sha256-%s'".formatted(inline.group(1), sha256(inline.group(2))));
    }
    return Reply.text("text/html; charset=utf-8", html)
        .with("Content-Security-Policy", policy.toString())
        .with("Permissions-Policy", "camera=(self), geolocation=(), microphone=()");
  }

  private static String sha256(String text) {
    try {
      return Base64.getEncoder()
          .encodeToString(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException("every JDK has SHA-256", missing);
    }
  }

  private static String read(String name) {
    try (InputStream resource = Resources.class.getResourceAsStream(name)) {
      if (resource == null) {
        throw new IllegalStateException("the jar lacks " + name);
      }
      return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
