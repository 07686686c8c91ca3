package io.github.tornadovit.weights.file;

import org.jspecify.annotations.Nullable;

/** The text of an error, which may quote a file: what a file says may be of any length. */
public final class ErrorText {
  private static final int MAX_LENGTH = 4000;

  private ErrorText() {}

  /** The text, up to its first 4,000 characters. */
  public static @Nullable String limited(@Nullable String text) {
    return text == null || text.length() <= MAX_LENGTH ? text : text.substring(0, MAX_LENGTH) + "…";
  }
}
