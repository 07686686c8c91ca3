package io.github.tornadovit.base.file;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The text of an error, which may quote a file: what a file says may be of any length, and move the
 * cursor of a terminal.
 */
public final class ErrorText {
  private static final int MAX_LENGTH = 4000;

  /** Control characters, ends of lines, and what turns the direction of text around. */
  private static final Pattern UNSEEN =
      Pattern.compile("[\\p{Cc}\\u2028\\u2029\\u202A-\\u202E\\u2066-\\u2069]");

  private ErrorText() {}

  /**
   * The message of an error: {@code where: problem}, in one line, the problem up to its first 4,000
   * characters.
   */
  public static String message(String where, @Nullable String problem) {
    String text = String.valueOf(problem);
    String limited = text.length() <= MAX_LENGTH ? text : text.substring(0, MAX_LENGTH) + "…";
    return visible(where + ": " + limited);
  }

  /** The text in one line: characters that cannot be seen as {@code \n} or {@code \u001b}. */
  public static String visible(String text) {
    return UNSEEN.matcher(text).replaceAll(found -> "\\\\" + escape(found.group().charAt(0)));
  }

  private static String escape(char unseen) {
    return switch (unseen) {
      case '\n' -> "n";
      case '\r' -> "r";
      case '\t' -> "t";
      default -> "u%04x".formatted((int) unseen);
    };
  }
}
